import CSV
import Columns
import Diagnostics
import Execution
import Parquet

/// A Parquet file as the lines that a CSV file of the same rows would have: so it is loaded by the same rules, with the same
/// translations, checks and rejects.
final class ParquetText: ByteSource {
    /// NULL in a file of one column, where an empty line would be none. A text of these bytes is quoted, and so is not NULL.
    private static let nullMark: [UInt8] = [0x01]
    private static let pieceRowCount = 4096

    private let file: ParquetFile
    private let size: Int
    private var text: [UInt8] = []
    private var position = 0
    private var rowGroup = -1
    private var columns: [Vector] = []
    private var row = 0

    init(_ file: ParquetFile, size: Int) {
        self.file = file
        self.size = size
        for (index, name) in ColumnNames.unique(file.columns.map(\.name)).enumerated() {
            if index > 0 { text.append(0x2C) }
            appendText(Array(name.utf8)[...])
        }
        text.append(0x0A)
    }

    /// How such text is to be read.
    static func options(_ given: CSVOptions, columnCount: Int) -> CSVOptions {
        CSVOptions(
            delimiter: 0x2C, quote: 0x22, hasHeader: true, encoding: .utf8, skippedLineCount: 0,
            nullTokens: given.nullTokens + (columnCount == 1 ? [String(decoding: nullMark, as: UTF8.self)] : []),
            chunkSize: given.chunkSize)
    }

    /// The share of the file that belongs to the row groups that are passed.
    var diskByteCount: Int { file.rowGroupCount == 0 ? size : size * max(0, rowGroup) / file.rowGroupCount }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        while position == text.count {
            text.removeAll(keepingCapacity: true)
            position = 0
            if row == (columns.first?.count ?? 0) {
                guard rowGroup + 1 < file.rowGroupCount else { return 0 }
                rowGroup += 1
                try readRowGroup()
            }
            let end = min(row + ParquetText.pieceRowCount, columns[0].count)
            while row < end {
                appendRow()
                row += 1
            }
        }
        let count = min(destination.count, text.count - position)
        // position + count <= text.count, and count bytes fit the destination.
        unsafe text.withUnsafeBytes {
            unsafe destination.baseAddress!.copyMemory(from: $0.baseAddress! + position, byteCount: count)
        }
        position += count
        return count
    }

    private func readRowGroup() throws(CSVError) {
        columns = []
        row = 0
        do throws(ParquetError) {
            for column in file.columns.indices { columns.append(try file.read(rowGroup: rowGroup, column: column)) }
        } catch {
            throw .source(error.diagnostic)
        }
    }

    private func appendRow() {
        for (index, column) in columns.enumerated() {
            if index > 0 { text.append(0x2C) }
            guard column.validity.isPresent(row) else {
                if columns.count == 1 { text.append(contentsOf: ParquetText.nullMark) }
                continue
            }
            switch column.values {
            case .dictionary(let codes, let dictionary): appendText(dictionary.entries[bytesAt: Int(codes[row])])
            case .string(let strings): appendText(strings[bytesAt: row])
            default: ValueText.append(column, row: row, to: &text)
            }
        }
        text.append(0x0A)
    }

    /// A text, quoted where it must be.
    private func appendText(_ value: ArraySlice<UInt8>) {
        var isPlain = !value.isEmpty && value.first != 0x20 && value.last != 0x20
        for byte in value where byte < 0x20 || byte == 0x22 || byte == 0x2C { isPlain = false }
        if isPlain {
            text.append(contentsOf: value)
            return
        }
        DelimitedStyle.appendInQuotes(value, to: &text)
    }
}

extension ParquetFile {
    /// The columns with the types that a table of them has: a decimal of more digits than a stored column holds has as many
    /// as there are, where the footer says that none is larger; else it is text.
    var storedTypes: [(column: String, type: LogicalType)] {
        columns.indices.map { index in
            let column = columns[index]
            guard case .numeric(let precision, let scale) = column.type, precision > 18 else { return (column.name, column.type) }
            return (column.name, scale <= 18 && holdsNarrow(index) ? .numeric(precision: 18, scale: scale) : .text)
        }
    }

    private func holdsNarrow(_ column: Int) -> Bool {
        let limit = Int128(DecimalText.powers64[18])
        return (0..<rowGroupCount).allSatisfy { group in
            let bounds = bounds(rowGroup: group, column: column)
            if bounds.nullCount == rowCount(rowGroup: group) { return true }
            guard case .numeric(let low, _)? = bounds.minimum, case .numeric(let high, _)? = bounds.maximum else { return false }
            return low > -limit && high < limit
        }
    }
}
