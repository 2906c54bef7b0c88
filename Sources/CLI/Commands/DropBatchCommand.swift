import ArgumentParser
import Claims
import Diagnostics
import Indicators
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

    @Argument(help: "The batch's number, as `fundwatch batches` lists it.", completion: WordCompletion.batches)
    var batch: Int

    func run() throws {
        let transaction = try StoreTransaction.begin(common.path, createIfMissing: false)
        let table = transaction.base.batches.first { $0.id == batch }?.table
        let dropped = try transaction.dropBatch(batch, layout: TableLayout(canonical: table))
        let committed = try transaction.commit(batch: nil, note: dropped.note)
        let sink = try common.sink()
        let source = TerminalText.sanitized(dropped.batch.sourceName)
        let (rows, name) = (dropped.batch.rowsLoaded, dropped.batch.table)
        let line = BilingualText(
            "\(source): batch \(batch) dropped, \(CountedWord.text(rows, "row")) taken out of \(name)",
            "\(source)：批次 \(batch) 已删除，从 \(name) 去掉 \(CountText.text(rows)) 行")
        try sink.write(line[common.lang] + "\n")
        try sink.finish()
        common.noteHead(committed)
    }
}

extension TableLayout {
    /// The layout of a canonical table, for stores whose manifests do not tell it.
    init(canonical name: String?) {
        let table = name.flatMap { CanonicalTable.named($0) }
        self.init(groupKey: table?.groupKey, timeColumn: table?.timeColumn, measures: table?.measures ?? [])
    }
}
