/// A qualified name cut into its parts, as `parse_ident` does.
enum IdentifierParts {
    /// The parts, those without quotes in lower case.
    ///
    /// - Parameter isStrict: Whether nothing may stand behind them.
    static func read(_ text: String, isStrict: Bool) throws(RowFailure) -> [String?] {
        let bytes = Array(text.utf8)
        var place = 0
        var parts: [String?] = []
        func failure() -> RowFailure { RowFailure("string is not a valid identifier: \"\(text)\"") }
        func skipBlanks() {
            while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) { place += 1 }
        }
        skipBlanks()
        while true {
            guard place < bytes.count else { throw failure() }
            if bytes[place] == 0x22 {
                guard let part = quoted(bytes, &place) else { throw failure() }
                if part.isEmpty { throw failure() }
                parts.append(part)
            } else {
                let end = bytes[place...].firstIndex { !isLetter($0) && !isDigit($0) && $0 != 0x24 } ?? bytes.count
                guard end > place, isLetter(bytes[place]) else { throw failure() }
                // ASCII letters only, as in the C collation.
                let lowered = bytes[place..<end].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                parts.append(String(decoding: lowered, as: UTF8.self))
                place = end
            }
            skipBlanks()
            if place == bytes.count { return parts }
            guard bytes[place] == 0x2E else {
                if isStrict { throw failure() }
                return parts
            }
            place += 1
            skipBlanks()
        }
    }

    /// A part in double quotes, where two of them mean one; nil if there is no end.
    private static func quoted(_ bytes: [UInt8], _ place: inout Int) -> String? {
        var part: [UInt8] = []
        place += 1
        while place < bytes.count {
            if bytes[place] == 0x22 {
                guard place + 1 < bytes.count, bytes[place + 1] == 0x22 else {
                    place += 1
                    return String(decoding: part, as: UTF8.self)
                }
                place += 1
            }
            part.append(bytes[place])
            place += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte < 0x80 || byte == 0x5F || byte >= 0x80
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// Characters by their numbers, as `unistr` reads them: `\0441`, `\+01F600`, `\u0441`, `\U0001F600`, and `\\` for a backslash.
enum EscapedScalars {
    static func read(_ text: String) throws(RowFailure) -> String {
        var result = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        var pair: UInt32?
        while let next = rest.popFirst() {
            guard next == "\\" else {
                if pair != nil { throw RowFailure("invalid Unicode surrogate pair") }
                result.append(next)
                continue
            }
            if rest.first == "\\" {
                if pair != nil { throw RowFailure("invalid Unicode surrogate pair") }
                result.append("\\")
                rest = rest.dropFirst()
                continue
            }
            let marks: [Unicode.Scalar: Int] = ["u": 4, "U": 8, "+": 6]
            let count = rest.first.flatMap { marks[$0] }
            if count != nil { rest = rest.dropFirst() }
            let digits = rest.prefix(count ?? 4)
            guard digits.count == count ?? 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
                let number = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
            else { throw RowFailure("invalid Unicode escape") }
            rest = rest.dropFirst(digits.count)
            if let high = pair {
                guard (0xDC00...0xDFFF).contains(number),
                    let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (number - 0xDC00))
                else { throw RowFailure("invalid Unicode surrogate pair") }
                result.append(scalar)
                pair = nil
            } else if (0xD800...0xDBFF).contains(number) {
                pair = number
            } else {
                guard number != 0, let scalar = Unicode.Scalar(number) else {
                    throw RowFailure("invalid Unicode code point: \(String(number, radix: 16, uppercase: true))")
                }
                result.append(scalar)
            }
        }
        if pair != nil { throw RowFailure("invalid Unicode surrogate pair") }
        return String(result)
    }
}
