/// Identifiers that a spreadsheet has turned into numbers.
enum ScientificNotation {
    /// `^[+-]?\d+(\.\d+)?[eE][+-]?\d+$`
    static func matches(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        var position = start
        func digits() -> Bool {
            let first = position
            while position < end, isDigit(bytes[position]) { position += 1 }
            return position > first
        }
        func sign() { if position < end, bytes[position] == 0x2B || bytes[position] == 0x2D { position += 1 } }
        sign()
        guard digits() else { return false }
        if position < end, bytes[position] == 0x2E {
            position += 1
            guard digits() else { return false }
        }
        guard position < end, bytes[position] | 0x20 == 0x65 else { return false }
        position += 1
        sign()
        return digits() && position == end
    }
}
