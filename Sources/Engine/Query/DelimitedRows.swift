import CKernels
package import Columns
import Execution
import Synchronization

/// The rows of a result as lines of CSV or TSV, many at a time and on several threads; the lines do not depend on either.
package final class DelimitedRows: Sendable {
    /// Rows that a thread takes at a time.
    private static let shareRowCount = 16 * FieldTexts.pieceRowCount
    /// Bytes that lines may be written over behind their end.
    private static let slack = 16
    /// Entries of a dictionary whose texts are written in the time that a row takes without them.
    private static let entriesPerRow = 4

    private let style: DelimitedStyle
    private let workerCount: Int
    /// By dictionary: columns of all batches of a table have one in common.
    private let dictionaries = Mutex<[ObjectIdentifier: WrittenDictionary]>([:])

    /// nil for a style whose separator or text of NULL may stand in a number.
    package init?(_ style: DelimitedStyle, workerCount: Int) {
        guard style.isPlain else { return nil }
        self.style = style
        self.workerCount = workerCount
    }

    /// Lines in order, in pieces.
    package func lines(of batch: Batch) -> [[UInt8]] {
        // Without a column each row is an empty line.
        if batch.columns.isEmpty { return [[UInt8](repeating: 0x0A, count: batch.rowCount)] }
        let columns = batch.columns.map { $0.flattened() }
        let entries = columns.map { texts(of: $0) }
        let count = (batch.rowCount + DelimitedRows.shareRowCount - 1) / DelimitedRows.shareRowCount
        return WorkerThreads.map(count: count, workerCount: workerCount) { [self] share in
            let start = share * DelimitedRows.shareRowCount
            return lines(columns, entries, start..<min(batch.rowCount, start + DelimitedRows.shareRowCount))
        }
    }

    /// Of a column with a dictionary all its entries' texts; nil while that would be more work than to write row by row.
    private func texts(of column: Vector) -> EntryTexts? {
        guard case .dictionary(_, let dictionary) = column.values else { return nil }
        return dictionaries.withLock { dictionaries in
            var known = dictionaries[ObjectIdentifier(dictionary)] ?? WrittenDictionary(dictionary: dictionary)
            known.rowCount += column.count
            if known.texts == nil, known.rowCount >= dictionary.entries.count / DelimitedRows.entriesPerRow {
                known.texts = EntryTexts(dictionary, style)
            }
            dictionaries[ObjectIdentifier(dictionary)] = known
            return known.texts
        }
    }

    private func lines(_ columns: [Vector], _ entries: [EntryTexts?], _ rows: Range<Int>) -> [UInt8] {
        let fields = zip(columns, entries).map { FieldTexts($0, style: style, entries: $1) }
        var lines: [UInt8] = []
        var start = rows.lowerBound
        while start < rows.upperBound {
            let piece = start..<min(rows.upperBound, start + FieldTexts.pieceRowCount)
            start = piece.upperBound
            for field in fields { field.write(piece) }
            let own = unsafe fields.map { unsafe $0.field }
            // The fields are those of the piece's rows, and there is room for as many bytes as is asked for first.
            unsafe own.withUnsafeBufferPointer { own in
                let length = unsafe ck_rows_length(own.baseAddress!, own.count, 0, piece.count)
                lines.append(addingCapacity: length + DelimitedRows.slack) { output in
                    unsafe output.withUnsafeMutableBufferPointer { target, count in
                        unsafe ck_join_rows(
                            own.baseAddress!, own.count, 0, piece.count, style.separator, target.baseAddress! + count)
                        count += length
                    }
                }
            }
        }
        return lines
    }
}

/// A dictionary of columns that were written.
private struct WrittenDictionary {
    /// Kept, so that no other one is taken for it.
    let dictionary: TextDictionary
    /// Rows of all columns that had it.
    var rowCount = 0
    var texts: EntryTexts?
}

/// The texts of a dictionary's entries as fields, written once for all rows that have them.
@safe
final class EntryTexts: @unchecked Sendable {
    /// Bytes behind the texts that are readable.
    private static let padding = 32

    /// First the text of NULL, then those of the entries. Unchecked because it is only written before anyone has it.
    let text: UnsafePointer<UInt8>
    /// By code: where the text begins, and its bytes << 32.
    let places: [UInt64]

    init(_ dictionary: TextDictionary, _ style: DelimitedStyle) {
        var bytes = Array(style.nullText.utf8)
        var places: [UInt64] = []
        places.reserveCapacity(dictionary.entries.count)
        for code in 0..<dictionary.entries.count {
            let start = bytes.count
            style.append(text: dictionary.entries[bytesAt: code], to: &bytes)
            places.append(UInt64(start) | UInt64(bytes.count - start) << 32)
        }
        precondition(bytes.count <= Int(UInt32.max) - EntryTexts.padding, "The texts of a dictionary take less than 4 GiB.")
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + EntryTexts.padding)
        unsafe text.initialize(repeating: 0, count: bytes.count + EntryTexts.padding)
        // There is room for all of the bytes.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { unsafe text.update(from: start, count: bytes.count) }
        }
        unsafe self.text = UnsafePointer(text)
        self.places = places
    }

    deinit { unsafe text.deallocate() }
}
