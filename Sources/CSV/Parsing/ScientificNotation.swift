/// Identifiers that a spreadsheet has turned into numbers.
enum ScientificNotation {
    /// `^[+-]?[1-9](\.\d+)?[eE][+-]\d+$`, as spreadsheets and data frames write it: one digit before the point, a sign behind the E.
    ///
    /// Anything looser takes hexadecimal identifiers such as `00045291012721E6` for numbers.
    static func matches(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        var position = start
        func digits() -> Bool {
            let first = position
            while position < end, isDigit(bytes[position]) { position += 1 }
            return position > first
        }
        func sign() -> Bool {
            guard position < end, bytes[position] == 0x2B || bytes[position] == 0x2D else { return false }
            position += 1
            return true
        }
        _ = sign()
        guard position < end, isDigit(bytes[position]), bytes[position] != 0x30 else { return false }
        position += 1
        if position < end, bytes[position] == 0x2E {
            position += 1
            guard digits() else { return false }
        }
        guard position < end, bytes[position] | 0x20 == 0x65 else { return false }
        position += 1
        return sign() && digits() && position == end
    }
}
