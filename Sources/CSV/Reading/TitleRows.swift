/// Lines above the header that are no part of the table, such as the title of a report.
struct TitleRows: Hashable {
    /// Lines up to the header.
    var lineCount: Int
    /// Fields of the first record that are not blank, and of the rows.
    var fieldCount: Int
    var usualFieldCount: Int

    private static let sampledRecordCount = 100
    /// Records that may stand above a header.
    private static let titleLimit = 20

    /// Judges from the front of a file; nil if the first record is the header as far as one can see.
    ///
    /// A title has fewer fields than the rows, or as many of which all but one are blank, as spreadsheets write it.
    static func find(in beginning: [UInt8], dialect: CSVDialect) -> TitleRows? {
        let sample = Array(beginning.prefix(256 << 10))
        let records = FirstRecords.read(sample, dialect: dialect, limit: sampledRecordCount, skipsMalformed: true).records
        guard let first = records.first, records.count > 2, let usual = FieldCounts(records.dropFirst()).usual, usual > 1
        else { return nil }
        let filled = first.fields.count { !$0.isEmpty }
        let isShort = first.fields.count < usual
        let isPadded = first.fields.count == usual && usual > 2 && filled == 1
        guard isShort || isPadded else { return nil }
        let isHeader = { (record: FirstRecords.Record) in
            record.fields.count == usual && (isShort || !record.fields.contains { $0.isEmpty })
        }
        guard let header = records.prefix(titleLimit + 1).firstIndex(where: isHeader) else { return nil }
        return TitleRows(lineCount: records[header].line - 1, fieldCount: filled, usualFieldCount: usual)
    }
}

/// How many fields some records have.
struct FieldCounts {
    /// The number that at least half of them have, the first record's if several do; nil if there is none.
    private(set) var usual: Int?

    init(_ records: some Collection<FirstRecords.Record>) {
        var times: [Int: Int] = [:]
        for record in records { times[record.fields.count, default: 0] += 1 }
        guard let most = times.values.max(), most * 2 >= records.count else { return }
        let first = records.first?.fields.count ?? 0
        usual = times[first] == most ? first : times.filter { $0.value == most }.keys.max()
    }
}
