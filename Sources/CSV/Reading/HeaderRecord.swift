import CKernels

/// The first record of a file.
package struct HeaderRecord {
    var names: [String]
    /// Bytes up to the next record, blank lines before it included.
    var byteCount: Int
    var lineCount: Int

    init(path: String, beginning: FileBeginning, dialect: CSVDialect) throws(CSVError) {
        let bytes = beginning.bytes
        let (records, stop) = FirstRecords.read(bytes, dialect: dialect, limit: 1)
        // A record that the window cuts off seems to end one byte after it.
        guard let record = records.first, record.end <= bytes.count else {
            throw HeaderRecord.failure(path: path, beginning: beginning, stop: stop)
        }
        if record.fields.contains(where: { $0.contains(0) }) { throw .nulBytesInHeader(path: path, wideText: nil) }
        names = record.fields.map { field in
            let content = dialect.hasSwappedLineEnds ? field.map(LineEnds.swapped) : field
            return String(decoding: trimmed(content), as: UTF8.self)
        }
        byteCount = record.end
        // record.end <= bytes.count; the kernel reads no further than it is told.
        lineCount = unsafe ck_count_byte(bytes, record.end, 0x0A)
    }

    /// The name of a column that has none in the file: `column0`, `column1`…, with as many digits as the last one needs.
    package static func placeName(_ index: Int, columnCount: Int) -> String {
        let digits = String(index)
        let width = String(max(0, columnCount - 1)).utf8.count
        return "column" + String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    private static func failure(path: String, beginning: FileBeginning, stop: FirstRecords.Stop?) -> CSVError {
        switch stop {
        case .tooManyFields:
            .malformedHeader(path: path, detail: "it has more than \(FirstRecords.fieldLimit) fields")
        case .malformed where beginning.isWhole || beginning.bytes.contains(0x0A):
            .malformedHeader(path: path, detail: "a quote is not closed, or text follows a closing quote")
        case .none where beginning.isWhole: .empty(path: path)
        default: .headerTooLong(path: path, limitBytes: beginning.bytes.count)
        }
    }
}

private func trimmed(_ field: [UInt8]) -> ArraySlice<UInt8> {
    var slice = field[...]
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
}
