import Columns

/// Finds the shapes of identifiers in a column's first strings.
enum IdentifierShapes {
    /// Formats taken from the first strings; the rest of the places stay free for shapes that come later.
    static let initialFormatCount = 8
    /// As many where more strings will come for certain, whatever their shapes: the digits of a pack's code begin with one of ten pairs.
    private static let initialFormatCountOfNames = 12
    /// Digits a format can hold; more belong to the prefix.
    static let maximumDigitCount = 18
    private static let maximumPrefixSize = 64

    /// Fewest digits of a format, and most bytes before them, by which few strings are taken for the first of many.
    private static let tellingDigitCount = 8
    private static let tellingPrefixSize = 8

    /// How a new column is coded: identifiers if nearly all strings fit few formats and there are many of them; plain text
    /// if most rows have a string of their own; else a dictionary.
    static func kind(
        of entries: StringColumn, rowCount: Int, use: TextUse
    ) -> (kind: TextKind, formats: [IdentifierDomain.Format]) {
        let count = entries.count
        let areMany = count >= 1024 && count * 8 >= rowCount
        let formatCount = use == .names ? initialFormatCountOfNames : initialFormatCount
        if areMany || use == .names, let formats = formats(of: entries, atMost: formatCount), areMany || formats.allSatisfy(isTelling) {
            return (.identifier, formats)
        }
        // Names come again, other rows of a claim for instance, but for those of which nearly every row has its own.
        let haveOwn = use == .names ? count * 8 > rowCount * 7 : count * 2 > rowCount
        return (count >= 1024 && haveOwn ? .plain : .dictionary, [])
    }

    private static func isTelling(_ format: IdentifierDomain.Format) -> Bool {
        format.digitCount >= tellingDigitCount && format.prefix.count <= tellingPrefixSize
    }

    /// The commonest formats if at least 95 of 100 strings fit them.
    static func formats(of entries: StringColumn, atMost formatCount: Int) -> [IdentifierDomain.Format]? {
        var found: [IdentifierDomain.Format] = []
        var counts: [Int] = []
        var places: [IdentifierDomain.Format: Int] = [:]
        for entry in 0..<entries.count {
            guard let format = format(of: entries[bytesAt: entry]) else { continue }
            if let place = places[format] {
                counts[place] += 1
            } else if found.count < 256 {
                places[format] = found.count
                found.append(format)
                counts.append(1)
            }
        }
        let order = found.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(formatCount)
        let covered = order.reduce(0) { $0 + counts[$1] }
        return covered * 100 >= entries.count * 95 ? order.map { found[$0] } : nil
    }

    /// The format a string has: its last digits, at most 18, behind everything else.
    static func format(of text: ArraySlice<UInt8>) -> IdentifierDomain.Format? {
        var digitCount = 0
        while digitCount < min(maximumDigitCount, text.count), text[text.endIndex - 1 - digitCount] &- 0x30 <= 9 {
            digitCount += 1
        }
        let prefix = Array(text.dropLast(digitCount))
        guard digitCount > 0, prefix.count <= maximumPrefixSize, String(validating: prefix, as: UTF8.self) != nil else {
            return nil
        }
        return IdentifierDomain.Format(prefix: prefix, digitCount: digitCount)
    }
}
