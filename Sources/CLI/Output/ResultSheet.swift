import Columns
import Diagnostics
import Engine
import Spreadsheet

/// A result as a sheet of a workbook: ids as text, numbers and dates as such.
enum ResultSheet {
    /// Rows that the widths of the columns are taken from.
    private static let measuredRowCount = 1000
    private static let widths = 8...60

    static func write(_ result: QueryResult, to workbook: WorkbookWriter) throws {
        let widths = try measuredWidths(result)
        let columns = zip(result.schema.fields, widths).map { field, width in
            SheetColumn(field.name, format(of: field.type), width: width)
        }
        try workbook.beginSheet(SheetPlan(name: "Result", columns: columns))
        try result.forEachBatch { batch in
            let vectors = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount {
                // A sheet's rows take long: a batch of them may take a second.
                if row & 0xFFF == 0xFFF { try result.delivery?.checkRunning() }
                try workbook.append(vectors.map { $0.scalar(at: row) })
            }
        }
    }

    private static func format(of type: LogicalType) -> CellFormat {
        switch type {
        case .integer, .bigint: .whole
        case .numeric(_, let scale): scale == 0 ? .whole : .decimal(scale: scale)
        case .date: .date
        case .timestamp: .timestamp
        case .boolean, .double: .general
        default: .text
        }
    }

    private static func measuredWidths(_ result: QueryResult) throws -> [Int] {
        // Room for the button that filters.
        var widths = result.schema.fields.map { DisplayWidth.of($0.name) + 3 }
        var measured = 0
        try result.forFirstBatches { batch in
            let vectors = batch.columns.map { $0.flattened() }
            for row in 0..<min(batch.rowCount, measuredRowCount - measured) {
                for (place, vector) in vectors.enumerated() {
                    if let text = ResultText.string(vector, row: row) { widths[place] = max(widths[place], DisplayWidth.of(text) + 1) }
                }
                measured += 1
            }
            return measured < measuredRowCount
        }
        return widths.map { min(max($0, ResultSheet.widths.lowerBound), ResultSheet.widths.upperBound) }
    }
}
