import ArgumentParser
import Columns
import Engine
import Storage

struct BatchesCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "batches",
        abstract: "List every file that was ever loaded, each one batch, and whether its rows are still there.",
        discussion: """
            Examples:
              fundwatch batches
              fundwatch batches --format csv
            """)

    static let ignoredOptions = Set<CommonOption>.ofQueries.union([.timing])

    @OptionGroup var common: CommonOptions<BatchesCommand>

    func run() throws {
        Interruption.endAtOnce()
        let (store, snapshot) = try common.openedStore()
        let rowCounts = try store.rowCountsOfBatches(snapshot)
        var rows = ResultRows(fields: [
            Field(name: "batch", type: .bigint), Field(name: "table", type: .text), Field(name: "source", type: .text),
            Field(name: "rows", type: .bigint), Field(name: "rejected", type: .bigint),
            Field(name: "source_bytes", type: .bigint), Field(name: "state", type: .text),
        ])
        for batch in snapshot.batches {
            rows.append([
                .integer(Int64(batch.id)), .text(batch.table), .text(batch.sourceName), .integer(Int64(batch.rowsLoaded)),
                .integer(Int64(batch.rowsRejected)), .integer(Int64(batch.sourceSize)),
                .text(BatchesCommand.state(of: batch, rowCount: rowCounts[batch.id] ?? 0)),
            ])
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }

    /// `loaded`, `dropped`, or `replaced` where a later batch took the place of the rows.
    private static func state(of batch: BatchSummary, rowCount: Int) -> String {
        if batch.isDropped { return "dropped" }
        return rowCount == 0 && batch.rowsLoaded > 0 ? "replaced" : "loaded"
    }
}
