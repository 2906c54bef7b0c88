import CKernels
package import CSV
import Columns
import Diagnostics
import Execution
package import Parquet

/// A Parquet file as the lines that a CSV file of the same rows would have: so it is loaded by the same rules, with the same
/// translations, checks and rejects.
package final class ParquetText: ByteSource {
    /// NULL in a file of one column, where an empty line would be none. A text of these bytes is quoted, and so is not NULL.
    private static let nullMark: [UInt8] = [0x01]
    /// Bytes that lines may be written over behind their end.
    private static let slack = 16

    private let file: ParquetFile
    private let size: Int
    private let readsAll: Bool
    /// Lines that found no room where they were asked for.
    private var text: [UInt8] = []
    private var position = 0
    private var rowGroup = -1
    private var rowCount = 0
    private var row = 0
    private var fields: [FieldTexts] = []
    /// The rows whose fields are written: `pieceStart..<pieceStart + pieceCount`.
    private var pieceStart = 0
    private var pieceCount = 0

    /// - Parameters:
    ///   - size: Bytes of the file.
    ///   - readsAll: Whether columns that are not read are an error, instead of NULL.
    package init(_ file: ParquetFile, size: Int, readsAll: Bool = true) {
        self.file = file
        self.size = size
        self.readsAll = readsAll
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
    package var diskByteCount: Int { file.rowGroupCount == 0 ? size : size * max(0, rowGroup) / file.rowGroupCount }

    package func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        var filled = 0
        while filled < destination.count {
            if position < text.count {
                let count = min(destination.count - filled, text.count - position)
                // position + count <= text.count, and count bytes fit the rest of the destination.
                unsafe text.withUnsafeBytes {
                    unsafe (destination.baseAddress! + filled).copyMemory(from: $0.baseAddress! + position, byteCount: count)
                }
                position += count
                filled += count
                continue
            }
            guard try preparePiece() else { break }
            filled += unsafe writeLines(UnsafeMutableRawBufferPointer(rebasing: destination[filled...]))
        }
        return filled
    }

    /// Makes the fields of the next rows, unless some are left; false at the end of the file.
    private func preparePiece() throws(CSVError) -> Bool {
        if row < pieceStart + pieceCount { return true }
        while row == rowCount {
            guard rowGroup + 1 < file.rowGroupCount else { return false }
            rowGroup += 1
            try readRowGroup()
        }
        pieceStart = row
        pieceCount = min(FieldTexts.pieceRowCount, rowCount - row)
        for field in fields { field.write(pieceStart..<pieceStart + pieceCount) }
        return true
    }

    /// Writes the lines of the piece that are left; into `text` if they do not fit.
    ///
    /// - Returns: Bytes of the destination that are filled.
    private func writeLines(_ destination: UnsafeMutableRawBufferPointer) -> Int {
        let columns = unsafe fields.map { unsafe $0.field }
        let rows = row - pieceStart..<pieceCount
        row = pieceStart + pieceCount
        // The fields are those of the piece's rows. The length is asked for first, and lines are written only where there is
        // room for them and for what may be written over behind.
        return unsafe columns.withUnsafeBufferPointer { columns in
            let length = unsafe ck_rows_length(columns.baseAddress!, columns.count, rows.lowerBound, rows.upperBound)
            if length + ParquetText.slack <= destination.count {
                unsafe ck_join_rows(
                    columns.baseAddress!, columns.count, rows.lowerBound, rows.upperBound, 0x2C,
                    destination.baseAddress!.assumingMemoryBound(to: UInt8.self))
                return length
            }
            position = 0
            unsafe text = [UInt8](unsafeUninitializedCapacity: length + ParquetText.slack) { lines, count in
                unsafe ck_join_rows(
                    columns.baseAddress!, columns.count, rows.lowerBound, rows.upperBound, 0x2C, lines.baseAddress!)
                count = length
            }
            return 0
        }
    }

    private func readRowGroup() throws(CSVError) {
        fields = []
        row = 0
        rowCount = 0
        pieceStart = 0
        pieceCount = 0
        // A NULL in a file of one column would be an empty line, which is none.
        let nullText = file.columns.count == 1 ? ParquetText.nullMark : []
        do throws(ParquetError) {
            for column in file.columns.indices {
                let vector = file.columns[column].refusal == nil || readsAll
                    ? try file.read(rowGroup: rowGroup, column: column)
                    : .constant(.null, type: .text, count: file.rowCount(rowGroup: rowGroup))
                rowCount = vector.count
                fields.append(FieldTexts(vector, nullText: nullText))
            }
        } catch {
            throw .source(error.diagnostic)
        }
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
    /// Why it is not loaded at all; nil if it is.
    var loadingRefusal: Diagnostic? {
        if columns.isEmpty {
            return Diagnostic(
                .badData, "the file has no columns", at: SourceLocation(file: path), mend: "write it with the columns of the table")
        }
        guard let column = unreadColumn, let refusal = column.refusal else { return nil }
        return Diagnostic(
            .badData, "column \"\(column.name)\" is \(refusal), which is not read", at: SourceLocation(file: path),
            mend: "leave it out: copy (select … from '\(path)') to 'other.parquet'")
    }

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
