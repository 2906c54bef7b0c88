/// Finds out how a file is written from its first records.
enum DialectDetector {
    private static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
    private static let sampledRecordCount = 100

    /// The dialect of a text; what `options` say stands, and a comma with a header is assumed when in doubt.
    static func dialect(of beginning: [UInt8], options: CSVOptions) -> CSVDialect {
        let quote = options.quote ?? 0x22
        let sample = Array(beginning.prefix(256 << 10))
        let delimiter = options.delimiter ?? self.delimiter(of: sample, quote: quote)
        var dialect = CSVDialect(delimiter: delimiter, quote: quote)
        dialect.hasHeader = options.hasHeader ?? hasHeader(sample, dialect: dialect)
        return dialect
    }

    /// The delimiter that splits most records into the same number of fields, and this into most fields; one that does so with
    /// the first record too comes before all that do not. Ties go to the earlier candidate.
    private static func delimiter(of sample: [UInt8], quote: UInt8) -> UInt8 {
        var best: (delimiter: UInt8, splitsFirst: Bool, width: Int) = (0x2C, false, 1)
        for candidate in candidates where candidate != quote {
            let dialect = CSVDialect(delimiter: candidate, quote: quote)
            var records = FirstRecords.read(sample, dialect: dialect, limit: sampledRecordCount, skipsMalformed: true)
                .records[...]
            // The last record of the sample may be cut off.
            if records.count > 2 { records.removeLast() }
            guard let first = records.first, let width = FieldCounts(records).usual, width > 1 else { continue }
            let splitsFirst = first.fields.count == width
            if (splitsFirst && !best.splitsFirst) || (splitsFirst == best.splitsFirst && width > best.width) {
                best = (candidate, splitsFirst, width)
            }
        }
        return best.delimiter
    }

    /// No header if the first record has a number or a date where the following records have one too.
    private static func hasHeader(_ sample: [UInt8], dialect: CSVDialect) -> Bool {
        let records = FirstRecords.read(sample, dialect: dialect, limit: 20, skipsMalformed: true).records
        guard let first = records.first else { return true }
        let others = records.dropFirst().filter { $0.fields.count == first.fields.count }
        for column in first.fields.indices where isValue(first.fields[column]) {
            let values = others.map { $0.fields[column] }.filter { !$0.isEmpty }
            if values.allSatisfy(isValue) { return false }
        }
        return true
    }

    /// Whether a field looks like a number, a date or a time rather than a name.
    private static func isValue(_ field: [UInt8]) -> Bool {
        guard field.contains(where: { (0x30...0x39).contains($0) }) else { return false }
        return field.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x2F, 0x3A, 0x20, 0x54: true
            default: false
            }
        }
    }
}
