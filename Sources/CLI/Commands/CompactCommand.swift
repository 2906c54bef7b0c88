import ArgumentParser
import Diagnostics
import Engine
import Indicators
import Storage

struct CompactCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge the small segments that many small files left into full ones, laid out by time.",
        discussion: """
            Examples:
              fundwatch compact
              fundwatch compact claims

            Every answer stays the same.

            One commit, all or nothing; readers are not disturbed, and batches can still be dropped. The segments that went out of use
            stay until `fundwatch gc` removes them.
            """)

    /// Each worker holds a few segments, however large the table is; --memory bounds queries.
    static let ignoredOptions = Set<CommonOption>.ofSummaries.union([.memory, .temporaryDirectory])

    @OptionGroup var common: CommonOptions<CompactCommand>

    @Argument(help: "A table; all if none is named.", completion: WordCompletion.tables)
    var table: String?

    func run() throws {
        let database = try common.database()
        let (reports, snapshot) = try database.compact(
            tables: table.map { [$0] }, layout: { TableLayout(canonical: $0) })
        let sink = try common.sink()
        for report in reports {
            let name = TerminalText.sanitized(report.table)
            let before = CountText.text(report.segmentCountBefore)
            let said = BilingualText("\(CountedWord.text(report.segmentCountBefore, "segment"))", "\(before) 个数据段")
            guard report.hasChanged else {
                let line = BilingualText("\(name): nothing to compact (\(said.english))", "\(name)：无需整理（\(said.chinese)）")
                try sink.write(line[common.lang] + "\n")
                continue
            }
            let (after, sizes) = (CountText.text(report.segmentCountAfter), (ByteSize.text(report.sizeBefore), ByteSize.text(report.sizeAfter)))
            let line = BilingualText(
                "\(name): \(said.english) into \(after), \(sizes.0) into \(sizes.1)",
                "\(name)：\(said.chinese)合并为 \(after) 个，\(sizes.0) 变为 \(sizes.1)")
            try sink.write(line[common.lang] + "\n")
        }
        try sink.finish()
        if let snapshot { common.noteHead(snapshot) }
    }
}
