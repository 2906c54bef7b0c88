package import Columns
import Diagnostics
import Encodings

/// Turns typed rows into the bytes of a segment. A pure function: same rows, same bytes, from any thread.
package enum SegmentEncoder {
    /// Most rows of one segment.
    package static let maximumRowCount = 1 << 20

    /// - Parameters:
    ///   - schema: The table's columns, in the table's order; `columns` has one for each.
    ///   - groupKeyColumn: The column whose neighbouring equal values make a run (the claim); nil for no runs. Which
    ///     other columns are the same within every run is found out from the data.
    ///   - timeColumn: A timestamp column whose range the manifest shall name.
    ///   - measureColumns: Numeric columns whose signs, and sums where lines are dear to read, are kept for each run.
    ///   - plan: How a segment of rows like these was encoded. It saves time where it serves; the rows read back the same
    ///     with any plan and with none.
    package static func encode(
        schema: Schema, columns: [EncodableColumn], rowCount: Int, groupKeyColumn: Int?, timeColumn: Int? = nil,
        measureColumns: [Int] = [], plan: SegmentPlan? = nil
    ) throws(StorageError) -> EncodedSegment {
        try check(schema: schema, columns: columns, rowCount: rowCount)
        var layout = SegmentLayout(
            schema: schema, columns: columns, rowCount: rowCount, groupKeyColumn: groupKeyColumn, plan: plan)
        let bytes = layout.encode(measuring: measureColumns)
        var timeRange: ClosedRange<Int64>?
        if let timeColumn,
            case .values(.timestamp(let low), .timestamp(let high)?) = layout.directory.columns[timeColumn].bounds
        {
            timeRange = low...high
        }
        return EncodedSegment(
            rowCount: rowCount, bytes: bytes, sha256: Checksum.sha256(bytes), timeRange: timeRange,
            layout: TableLayout(
                groupKey: groupKeyColumn.map { schema.fields[$0].name }, timeColumn: timeColumn.map { schema.fields[$0].name },
                measures: measureColumns.map { schema.fields[$0].name }),
            plan: layout.newPlan)
    }

    private static func check(schema: Schema, columns: [EncodableColumn], rowCount: Int) throws(StorageError) {
        precondition(columns.count == schema.fields.count, "One column for each field.")
        guard rowCount <= maximumRowCount else {
            throw StorageError(.internalError, "a segment of \(rowCount) rows; at most \(maximumRowCount) fit")
        }
        guard schema.fields.count <= SegmentFormat.maximumColumnCount else {
            throw StorageError(
                .badData, "a table of \(schema.fields.count) columns; at most \(SegmentFormat.maximumColumnCount) fit",
                mend: "leave out columns")
        }
        for (field, column) in zip(schema.fields, columns) {
            let count = column.runs?.runCount ?? rowCount
            precondition(column.values.count == count, "All columns have the segment's rows.")
            precondition(column.runs == nil || column.runs!.rowCount == rowCount, "Runs cover the segment's rows.")
            if case .mask(let mask) = column.validity { precondition(mask.count == count) }
            guard column.values.storage.fits(field.type) else {
                throw StorageError(
                    .internalError, "values of kind \(column.values.storage) do not fit type \(field.type.name)",
                    column: field.name)
            }
        }
    }
}

extension EncodableColumn.Values {
    var storage: LaneStorage {
        switch self {
        case .boolean: .boolean
        case .int32: .int32
        case .int64: .int64
        case .int128: .int128
        case .double: .double
        case .codes32: .codes32
        case .codes64: .codes64
        case .strings: .strings
        }
    }
}
