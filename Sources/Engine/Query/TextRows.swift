package import Columns
import Diagnostics
import Execution

/// The rows of a result as text, many at a time and on several threads; the text does not depend on either.
package struct TextRows: Sendable {
    /// Rows that a thread takes at a time.
    private static let shareRowCount = 2048

    private let workerCount: Int

    /// - Parameter workerCount: Threads that write; nil for one a core.
    package init(workerCount: Int?) { self.workerCount = workerCount ?? EngineOptions.processorCount }

    /// Hands over the text of all rows, in order and in pieces.
    ///
    /// - Parameters:
    ///   - appendRow: Appends a row, given its flat columns, its place in them, and how many rows come before it in the result.
    ///   - write: Takes the next piece.
    package func write(
        _ result: QueryResult, _ appendRow: @escaping @Sendable ([Vector], _ row: Int, _ number: Int, inout CellText) -> Void,
        to write: ([UInt8]) throws -> Void
    ) throws {
        var before = 0
        try result.forEachBatch { batch in
            let columns = batch.columns.map { $0.flattened() }
            let (first, rowCount) = (before, batch.rowCount)
            let count = (rowCount + TextRows.shareRowCount - 1) / TextRows.shareRowCount
            let pieces = WorkerThreads.map(count: count, workerCount: workerCount) { share in
                var text = CellText()
                let start = share * TextRows.shareRowCount
                for row in start..<min(rowCount, start + TextRows.shareRowCount) { appendRow(columns, row, first + row, &text) }
                return text.bytes
            }
            for piece in pieces { try write(piece) }
            before += rowCount
        }
    }
}

/// Text that cells are appended to.
package struct CellText {
    fileprivate(set) var bytes: [UInt8] = []
    private var cell: [UInt8] = []

    package mutating func append(_ text: StaticString) {
        // A static string is UTF-8 for as long as the program runs.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    /// Exact numbers as numbers, doubles that JSON cannot say as strings, NULL as null, all else as strings.
    package mutating func appendJSON(_ column: Vector, row: Int) {
        guard take(column, row: row) else { return append("null") }
        switch column.type {
        case .boolean, .integer, .bigint, .numeric: bytes.append(contentsOf: cell)
        case .double where !cell.contains(where: { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A && $0 != 0x65 }): bytes.append(contentsOf: cell)
        case .double, .date, .timestamp:
            bytes.append(0x22)
            bytes.append(contentsOf: cell)
            bytes.append(0x22)
        default:
            if isPlain(except: 0x22, 0x5C) {
                bytes.append(0x22)
                bytes.append(contentsOf: cell)
                bytes.append(0x22)
            } else {
                bytes.append(contentsOf: JSONString.quoted(String(decoding: cell, as: UTF8.self)).utf8)
            }
        }
    }

    /// A cell of a table of an HTML page.
    package mutating func appendMarkup(_ column: Vector, row: Int) {
        guard take(column, row: row) else { return append("<td class=\"null\"></td>") }
        append(column.type.isNumber ? "<td class=\"number\">" : "<td>")
        if ResultText.needsNoQuotes(column.type) || isPlain(except: 0x26, 0x3C, 0x3E, 0x22, 0x27) {
            bytes.append(contentsOf: cell)
        } else {
            bytes.append(contentsOf: CellText.markup(String(decoding: cell, as: UTF8.self)).utf8)
        }
        append("</td>")
    }

    /// A cell of a Markdown table.
    package mutating func appendMarkdown(_ column: Vector, row: Int) {
        guard take(column, row: row) else { return }
        if ResultText.needsNoQuotes(column.type) || isPlain(except: 0x7C, 0x3C) {
            bytes.append(contentsOf: cell)
        } else {
            bytes.append(contentsOf: CellText.markdown(String(decoding: cell, as: UTF8.self)).utf8)
        }
    }

    package static func markdown(_ text: String) -> String {
        TerminalText.sanitized(text).replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }

    /// Markup in data is text; control characters but line breaks and tabs are shown.
    package static func markup(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += TerminalText.sanitized(String(scalar))
            }
        }
        return result
    }

    /// A value as people read it, in which nothing moves a cursor.
    package mutating func appendVisible(_ column: Vector, row: Int) {
        guard take(column, row: row) else { return append("NULL") }
        if ResultText.needsNoQuotes(column.type) || isPlain(except: 0) {
            bytes.append(contentsOf: cell)
        } else {
            bytes.append(contentsOf: TerminalText.sanitized(String(decoding: cell, as: UTF8.self)).utf8)
        }
    }

    /// Makes the text of a value the cell; false for NULL.
    private mutating func take(_ column: Vector, row: Int) -> Bool {
        guard column.validity.isPresent(row) else { return false }
        cell.removeAll(keepingCapacity: true)
        ResultText.append(column, row: row, to: &cell)
        return true
    }

    /// Whether the cell holds none of some ASCII characters, and nothing that `TerminalText` might show otherwise: no control
    /// character, and no character that begins as the invisible ones do.
    private func isPlain(except special: UInt8...) -> Bool {
        for byte in cell {
            if byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF || special.contains(byte) { return false }
        }
        return true
    }
}
