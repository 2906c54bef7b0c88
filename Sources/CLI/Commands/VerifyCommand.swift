import ArgumentParser
import Diagnostics
import Engine
import Indicators
import Storage

struct VerifyCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every checksum, decode every block, and follow the chain of commits to its start.",
        discussion: """
            Examples:
              fundwatch verify
              fundwatch verify --subset 2/7
              fundwatch verify --expect-head 3f9a…
            """)

    static let ignoredOptions = Set<CommonOption>.ofSummaries.union(Set<CommonOption>.ofQueries)

    @OptionGroup var common: CommonOptions<VerifyCommand>

    @Option(
        help: ArgumentHelp(
            "Check one share of the files only, such as 2/7 on every Tuesday: each file is in the same one of the seven for ever. The chain of commits is always checked.",
            valueName: "k/n"))
    var subset: String?

    @Option(help: ArgumentHelp("Fail unless the newest commit has this hash, as a report printed it.", valueName: "hash"))
    var expectHead: String?

    func run() throws {
        Interruption.endAtOnce()
        let share = try subset.map { text in
            guard let share = VerificationSubset(text) else {
                throw Diagnostic(.usage, "--subset \"\(text)\" is not a share", mend: "write 2/7 for the second of seven")
            }
            return share
        }
        let expected = try expectHead.map { try VerifyCommand.hash($0) }
        let report = try Store.open(common.path).verify(deep: true, subset: share)
        for problem in report.problems {
            StandardError.write(DiagnosticRenderer.oneLine(MessageLanguage.said(problem.diagnostic, in: common.lang)) + "\n")
        }
        guard report.isSound else {
            throw Diagnostic(
                .badData, "\(report.problems.count) problem(s) found", at: SourceLocation(file: common.path),
                mend: "restore the named files from a copy, or load the data into a new store")
        }
        if let expected { try check(report, expected: expected) }
        let sink = try common.sink()
        let part = share.map { BilingualText(" (share \($0.number)/\($0.count))", "（第 \($0.number)/\($0.count) 份）") } ?? BilingualText("", "")
        let size = ByteSize.text(report.checkedSize)
        let sound = BilingualText(
            "sound: \(CountedWord.text(report.manifestCount, "commit")), \(CountedWord.text(report.segmentCount, "segment")), "
                + "\(CountedWord.text(report.dictionaryCount, "dictionary", "dictionaries")), \(CountedWord.text(report.blockCount, "block")), "
                + "\(size) checked\(part.english)",
            "完好：\(CountText.text(report.manifestCount)) 个提交，\(CountText.text(report.segmentCount)) 个数据段，"
                + "\(CountText.text(report.dictionaryCount)) 个字典，\(CountText.text(report.blockCount)) 个数据块，已检查 \(size)\(part.chinese)")
        let head = BilingualText(
            "head: \(report.headHash) (commit \(report.commitNumber))", "最新：\(report.headHash)（提交 \(report.commitNumber)）")
        try sink.write(sound[common.lang] + "\n" + head[common.lang] + "\n")
        try sink.finish()
    }

    private static func hash(_ text: String) throws -> String {
        let hash = text.lowercased()
        guard hash.utf8.count == 64, hash.allSatisfy({ $0.isHexDigit }) else {
            throw Diagnostic(
                .usage, "--expect-head \"\(text)\" is not a hash", mend: "write the 64 hexadecimal digits of the report's run.json")
        }
        return hash
    }

    private func check(_ report: VerificationReport, expected: String) throws {
        guard expected != report.headHash else { return }
        if let commit = report.commitOfHash[expected] {
            throw Diagnostic(
                .query,
                "the newest commit is \(report.headHash) (commit \(report.commitNumber)); the one expected is commit \(commit) "
                    + "of the same chain, \(report.commitNumber - commit) before it",
                at: SourceLocation(file: common.path), mend: "find out what was loaded since: `fundwatch batches`")
        }
        throw Diagnostic(
            .query, "the newest commit is \(report.headHash), expected \(expected), which no commit of this store has",
            at: SourceLocation(file: common.path), mend: "find out who changed the store since that report")
    }
}
