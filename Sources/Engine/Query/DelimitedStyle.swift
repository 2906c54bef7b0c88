/// How fields are kept apart in CSV and TSV, in files and on the wire.
package struct DelimitedStyle: Sendable {
    package var separator: UInt8
    /// Quotes as RFC 4180 has them; else backslash escapes, as PostgreSQL's COPY writes.
    package var isQuoted: Bool
    package var hasHeader = true
    package var nullText: String
    /// For spreadsheets: begins with a byte-order mark, a text that they would take for a formula gets a quote before it, and one
    /// that they would make another number of is written as the formula that gives it, `="00123"`.
    package var isForExcel = false

    package static let csv = DelimitedStyle(separator: 0x2C, isQuoted: true, nullText: "")
    package static let excel = DelimitedStyle(separator: 0x2C, isQuoted: true, nullText: "", isForExcel: true)
    package static let tsv = DelimitedStyle(separator: 0x09, isQuoted: false, nullText: "\\N")

    /// Whether numbers, dates and the like can hold nothing that must be marked.
    package var isPlain: Bool {
        (nullText.isEmpty || nullText == "\\N") && (separator == 0x2C || separator == 0x09 || separator == 0x3B || separator == 0x7C)
    }

    /// Appends a field: in CSV quoted where it must be, an empty string and what reads as NULL always.
    package func append(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        isQuoted ? appendQuoted(text, to: &bytes) : appendEscaped(text, to: &bytes)
    }

    /// `=`, `+`, `-`, `@`, their full-width forms, and blanks that spreadsheets skip begin a formula.
    private static func startsFormula(_ text: ArraySlice<UInt8>) -> Bool {
        switch text.first {
        case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A: true
        case 0xEF: ["＝", "＋", "－", "＠"].contains { text.starts(with: $0.utf8) }
        default: false
        }
    }

    /// Whether a text is digits of which a spreadsheet leaves some out: zeros before a number, digits beyond the fifteenth, and those
    /// it reads as an exponent.
    private static func losesDigits(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, (0x30...0x39).contains(first) else { return false }
        let digits = text.prefix { (0x30...0x39).contains($0) }
        if digits.count == text.count { return text.count > 15 || first == 0x30 && text.count > 1 }
        let rest = text.dropFirst(digits.count)
        guard let mark = rest.first, mark | 0x20 == 0x65 else { return false }
        let exponent = rest.dropFirst().first.map { $0 == 0x2B || $0 == 0x2D } == true ? rest.dropFirst(2) : rest.dropFirst()
        return !exponent.isEmpty && exponent.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Appends the text of a column of texts, which spreadsheets are not to read as anything else.
    package func append(text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        guard isForExcel, isQuoted, DelimitedStyle.losesDigits(text) else { return append(text, to: &bytes) }
        DelimitedStyle.appendInQuotes(([0x3D, 0x22] + text + [0x22])[...], to: &bytes)
    }

    private func appendQuoted(_ plain: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        let text = isForExcel && DelimitedStyle.startsFormula(plain) ? [0x27] + plain : plain
        let mustQuote =
            text.isEmpty || text.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            || text.elementsEqual(nullText.utf8)
            // Alone on a line it would end PostgreSQL's COPY.
            || text.elementsEqual([0x5C, 0x2E])
        guard mustQuote else {
            bytes.append(contentsOf: text)
            return
        }
        DelimitedStyle.appendInQuotes(text, to: &bytes)
    }

    /// Appends a text in quotes, each quote in it doubled.
    static func appendInQuotes(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    private func appendEscaped(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var rest = text
        if text.elementsEqual(nullText.utf8), let first = text.first {
            // What reads as NULL begins with the number of its first character instead of the character.
            if first != 0x5C {
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: [0x5C, 0x78, digits[Int(first >> 4)], digits[Int(first & 15)]])
                rest = text.dropFirst()
            }
        }
        for byte in rest {
            switch byte {
            case 0x08: bytes.append(contentsOf: [0x5C, 0x62])
            case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
            case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
            case 0x0B: bytes.append(contentsOf: [0x5C, 0x76])
            case 0x0C: bytes.append(contentsOf: [0x5C, 0x66])
            case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
            case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
            case separator: bytes.append(contentsOf: [0x5C, byte])
            default: bytes.append(byte)
            }
        }
    }
}

extension DelimitedStyle {
    /// The style that `copy` asks for, of the forms that keep fields apart by a delimiter.
    package init(_ target: CopyTarget) {
        self.init(
            separator: target.delimiter, isQuoted: target.form == .csv, hasHeader: target.hasHeader,
            nullText: target.nullText)
    }
}
