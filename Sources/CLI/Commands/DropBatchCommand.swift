import ArgumentParser
import Claims
import Diagnostics
import Storage

struct DropBatchCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop-batch",
        abstract: "Take the rows of one loaded file out of the store again.",
        discussion: """
            Examples:
              fundwatch batches
              fundwatch drop-batch 12

            The history says so, and the file can be loaded anew.
            """)

    static let ignoredOptions = Set<CommonOption>.ofSummaries.union(Set<CommonOption>.ofQueries)

    @OptionGroup var common: CommonOptions<DropBatchCommand>

    @Argument(help: "The batch's number, as `fundwatch batches` lists it.")
    var batch: Int

    func run() throws {
        let transaction = try StoreTransaction.begin(common.path, createIfMissing: false)
        let table = transaction.base.batches.first { $0.id == batch }?.table
        let dropped = try transaction.dropBatch(batch, layout: TableLayout(canonical: table))
        let committed = try transaction.commit(batch: nil, note: dropped.note)
        let sink = try common.sink()
        let source = TerminalText.sanitized(dropped.batch.sourceName)
        try sink.write(
            "\(source): batch \(batch) dropped, \(CountText.text(dropped.batch.rowsLoaded)) rows taken out of \(dropped.batch.table)\n")
        try sink.finish()
        common.note("  head         \(committed.headHash) (commit \(committed.commitNumber))")
    }
}

extension TableLayout {
    /// The layout of a canonical table, for stores whose manifests do not tell it.
    init(canonical name: String?) {
        let table = name.flatMap { CanonicalTable.named($0) }
        self.init(groupKey: table?.groupKey, timeColumn: table?.timeColumn, measures: table?.measures ?? [])
    }
}
