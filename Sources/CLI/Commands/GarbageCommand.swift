import ArgumentParser
import Diagnostics
import Engine
import Indicators
import Storage

struct GarbageCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove the files that the newest commit does not need any more: what was compacted, dropped or replaced.",
        discussion: """
            Examples:
              fundwatch gc --dry-run
              fundwatch gc --older-than 7d

            A query that was started before a file went out of use still reads it, hence --older-than. History, hashes and
            rejected rows stay; the rows of older commits can then only be restored from a copy.
            """)

    static let ignoredOptions = Set<CommonOption>.ofSummaries.union(Set<CommonOption>.ofQueries)

    @OptionGroup var common: CommonOptions<GarbageCommand>

    @Option(help: ArgumentHelp("How long a file must have been out of use: 90s, 30m, 12h, 7d.", valueName: "age"))
    var olderThan = "1d"

    @Flag(help: "List the files and remove none.")
    var dryRun = false

    func run() throws {
        let age = try AgeText.parse(olderThan, option: "--older-than")
        let transaction = try StoreTransaction.begin(common.path, createIfMissing: false)
        defer { transaction.abort() }
        let sink = try common.sink()
        let listed = try transaction.collectGarbage(olderThan: age, isRehearsal: true)
        for file in listed.removable {
            let since = ResultText.timestamp(file.unusedSince)
            try sink.write("\(file.path)\t\(file.size)\t\(BilingualText("unused since \(since)", "\(since) 起不再使用")[common.lang])\n")
        }
        for pack in listed.packs {
            let said = BilingualText("\(CountedWord.text(pack.numbers.count, "manifest")) into one file", "\(pack.numbers.count) 份清单合为一个文件")
            try sink.write("\(pack.path)\t\(pack.size)\t\(said[common.lang])\n")
        }
        let report = dryRun ? listed : try transaction.collectGarbage(olderThan: age, isRehearsal: false)
        try sink.finish()
        let (count, size) = (report.removable.count, ByteSize.text(report.removableSize))
        let younger = CountText.text(report.tooYoung.count)
        let rest =
            report.tooYoung.isEmpty
            ? BilingualText("", "")
            : BilingualText("; \(younger) more are unused for less than \(olderThan)", "；另有 \(younger) 个停用不足 \(olderThan)")
        common.note(
            "\(dryRun ? "would remove" : "removed") \(CountedWord.text(count, "file")), \(size)\(rest.english)",
            "\(dryRun ? "将删除" : "已删除") \(CountText.text(count)) 个文件，\(size)\(rest.chinese)")
        notePacks(report.packs)
    }

    private func notePacks(_ packs: [GarbageReport.Pack]) {
        if packs.isEmpty { return }
        let count = packs.reduce(0) { $0 + $1.numbers.count }
        let (size, packedSize) = (ByteSize.text(packs.reduce(0) { $0 + $1.size }), ByteSize.text(packs.reduce(0) { $0 + $1.packedSize }))
        common.note(
            dryRun ? "would pack \(CountedWord.text(count, "manifest")), \(size)" : "packed \(CountedWord.text(count, "manifest")), \(size) into \(packedSize)",
            dryRun ? "将压缩 \(CountText.text(count)) 份清单，\(size)" : "已压缩 \(CountText.text(count)) 份清单，\(size) 变为 \(packedSize)")
    }
}

/// Spans of time such as `7d`.
enum AgeText {
    private static let microsecondsOfUnit: [Character: Int64] = [
        "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000,
    ]

    /// Microseconds.
    static func parse(_ text: String, option: String) throws -> Int64 {
        if let unit = text.last.flatMap({ microsecondsOfUnit[$0] }), let number = Int64(text.dropLast()), number >= 0,
            number <= 1_000_000
        {
            return number * unit
        }
        throw Diagnostic(.usage, "\(option) \"\(text)\" is not a span of time", mend: "write 90s, 30m, 12h, 7d or 2w")
    }
}
