/// Identifiers that a spreadsheet has turned into numbers.
enum ScientificNotation {
    /// `^[+-]?\d+\.\d+[eE][+-]?\d+$` or `^[+-]?[1-9][eE][+-]\d+$`: what has neither a point nor a sign behind the E may be a hexadecimal
    /// identifier, such as `00045291012721E6`.
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
        let first = position
        guard digits() else { return false }
        let hasPoint = position < end && bytes[position] == 0x2E
        if hasPoint {
            position += 1
            guard digits() else { return false }
        } else if position - first != 1 || bytes[first] == 0x30 {
            return false
        }
        guard position < end, bytes[position] | 0x20 == 0x65 else { return false }
        position += 1
        let hasSign = sign()
        return (hasPoint || hasSign) && digits() && position == end
    }
}
