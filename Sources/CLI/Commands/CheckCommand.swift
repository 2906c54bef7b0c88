import ArgumentParser
import Claims
import Columns
import Diagnostics
import Engine
import Glibc
import Indicators

struct CheckCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Screen claims that are not settled yet against the knowledge base.",
        discussion: """
            Examples:
              fundwatch check claim.json
              echo '{"item_code": "001100021000000", "sex": "male", "service_time": "2025-03-10"}' | fundwatch check
              fundwatch check tomorrow.csv --format csv -o findings.csv
              feed | fundwatch check - --format jsonl --all
              fundwatch check tomorrow.csv --history

            Screen claims that are not settled yet against the knowledge base in the store: each line that goes against
            a rule, with the rule, its basis, and what was found.

            Claims are JSON (one object a line or a claim with its "lines") or CSV, with any of the column names that claims accepts.
            Exit code 1 if a line goes against a rule whose result is violation (--strict: or suspicious), 65 if a line could not be
            read. Findings are leads for human review.
            """)

    @OptionGroup var common: CommonOptions<CheckCommand>

    @Argument(help: "A file; - or nothing for standard input.", completion: .file())
    var file = "-"

    @Option(help: "json or csv instead of finding out.")
    var input: InputForm?

    @Flag(help: "A row with the result ok for each line without a finding.")
    var all = false

    @Flag(help: "Count in what the patients had in the store's claims: for quantities of a day and a period, and for days of a period.")
    var history = false

    @Flag(help: "Exit code 1 for suspicious lines too.")
    var strict = false

    func run() throws {
        let database = try common.database()
        _ = try database.requiredSnapshot()
        let desk = CheckDesk(
            database, history: history ? PatientHistory(runner: database) : nil,
            output: CheckOutput(writer: try common.writer(), showsAll: all))
        var unreadableCount = 0
        try IncomingStream(path: file, form: input?.form).read(atPause: { try desk.judge() }) { read in
            switch read {
            case .failure(let failure):
                unreadableCount += 1
                StandardError.write("fundwatch: " + DiagnosticRenderer.oneLine(MessageLanguage.said(failure, in: common.lang)) + "\n")
            case .success(let claim): try desk.add(claim)
            }
            if Interruption.isRequested { throw Diagnostic(.interrupted, "interrupted") }
        }
        try desk.judge()
        try desk.output.finish()
        let totals = desk.totals
        common.note(totals.english, totals.chinese)
        if unreadableCount > 0 {
            throw Diagnostic(
                .badData, unreadableCount == 1 ? "a line could not be read and was not judged" : "\(unreadableCount) lines could not be read and were not judged",
                mend: "mend what is named above")
        }
        if totals.violationCount > 0 || strict && totals.suspiciousCount > 0 { throw ExitCode(1) }
    }
}

/// `--input`.
enum InputForm: String, CaseIterable, ExpressibleByArgument {
    case json, csv

    var form: IncomingStream.Form { self == .json ? .json : .csv }
}

/// Claims on their way to being judged: one by one, or several where a question to the store serves them all.
private final class CheckDesk {
    private let knowledge: KnowledgeBase
    private let history: PatientHistory?
    private let gatheredCount: Int
    private var claims: [IncomingClaim] = []
    let output: CheckOutput
    private(set) var totals = CheckTotals()

    init(_ database: Database, history: PatientHistory?, output: CheckOutput) {
        knowledge = KnowledgeBase(runner: database)
        self.history = history
        self.output = output
        // What patients had takes a pass over the store's claims; everything else is looked up.
        gatheredCount = history == nil ? 1 : 1_000
    }

    func add(_ claim: IncomingClaim) throws {
        claims.append(claim)
        if claims.count >= gatheredCount { try judge() }
    }

    /// Judges the claims that are there, and writes what was found.
    func judge() throws {
        if claims.isEmpty { return }
        let points = try knowledge.points(of: Set(claims.flatMap { $0.lines.map(\.itemCode) }))
        let earlier = try history?.uses(before: claims, points: points)
        for claim in claims {
            let screening = ClaimScreening(points: points, history: earlier?.before(claim)) { try self.knowledge.level(of: $0) }
            let result = try screening.screen(claim)
            totals.add(claim, result)
            try output.add(claim, result)
        }
        claims = []
    }
}

/// What was checked, counted.
private struct CheckTotals {
    var claimCount = 0
    var lineCount = 0
    var judgedCount = 0
    var violationCount = 0
    var suspiciousCount = 0
    var unknown: [String: Int] = [:]
    var unjudged: [String: Int] = [:]

    mutating func add(_ claim: IncomingClaim, _ result: ScreeningResult) {
        claimCount += 1
        lineCount += claim.lines.count
        judgedCount += result.judgedCount
        for finding in result.findings {
            if finding.point.result == .violation { violationCount += 1 } else { suspiciousCount += 1 }
        }
        unknown.merge(result.unknown) { $0 + $1 }
        unjudged.merge(result.unjudged) { $0 + $1 }
    }

    private func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\(TerminalText.sanitized($0.key)) \(CountText.text($0.value))" }.joined(separator: ", ")
    }

    var english: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(CountText.text(count)) \(noun)\(count == 1 ? "" : "s")" }
        var text = "\(counted(claimCount, "claim")), \(counted(lineCount, "line")): \(counted(violationCount, "violation")), "
            + "\(CountText.text(suspiciousCount)) suspicious; \(counted(judgedCount, "rule")) judged"
        if !unknown.isEmpty { text += "\n  not judged for want of a value: " + list(unknown) }
        if !unjudged.isEmpty { text += "\n  attributes that check does not judge: " + list(unjudged) }
        return text
    }

    var chinese: String {
        var text = "\(CountText.text(claimCount)) 张单据，\(CountText.text(lineCount)) 行：违规 \(CountText.text(violationCount))，"
            + "可疑 \(CountText.text(suspiciousCount))；审核规则 \(CountText.text(judgedCount)) 次"
        if !unknown.isEmpty { text += "\n  缺少数据而未审核：" + list(unknown) }
        if !unjudged.isEmpty { text += "\n  check 不审核的属性：" + list(unjudged) }
        return text
    }
}

/// Rows of findings: written claim by claim where the format allows, else at the end.
private final class CheckOutput {
    private let writer: ResultWriter
    private let showsAll: Bool
    private var rows = CheckOutput.empty
    private var isFirst = true
    private static let names = [
        "claim_id", "line_id", "item_code", "item_name", "result", "rule_id", "attribute", "limit", "found", "basis", "message_en",
        "message_zh",
    ]
    private static var empty: ResultRows { ResultRows(fields: names.map { Field(name: $0, type: .text) }) }

    init(writer: ResultWriter, showsAll: Bool) {
        self.writer = writer
        self.showsAll = showsAll
    }

    private var isStreamed: Bool { writer.format == .csv || writer.format == .jsonl || writer.format == .tsv }

    func add(_ claim: IncomingClaim, _ result: ScreeningResult) throws {
        func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
        var rest = result.findings[...]
        for (number, line) in claim.lines.enumerated() {
            let start: [ScalarValue] = [
                text(line.claimID), .text(line.lineID ?? String(number + 1)), .text(line.itemCode), text(line.itemName),
            ]
            var isClean = true
            while let finding = rest.first, finding.lineIndex == number {
                let point = finding.point
                rows.append(
                    start + [
                        .text(point.result.rawValue), .text(point.ruleID), .text(point.attribute),
                        .text(point.pairedItemCode == nil ? point.value : point.itemCode + " + " + (point.pairedItemCode ?? "")),
                        .text(finding.found), text(point.basis), .text(finding.message.english), .text(finding.message.chinese),
                    ])
                rest.removeFirst()
                isClean = false
            }
            if isClean, showsAll { rows.append(start + [.text("ok")] + Array(repeating: .null, count: 7)) }
        }
        if isStreamed { try flush() }
    }

    func finish() throws {
        if !isStreamed || isFirst { try flush() }
        try writer.sink.finish()
    }

    private func flush() throws {
        let result = rows.result()
        rows = CheckOutput.empty
        if result.rowCount == 0, isStreamed, !isFirst { return }
        var current = writer
        if !isFirst {
            var style = writer.delimited ?? (writer.format == .tsv ? .tsv : .csv)
            style.hasHeader = false
            current.delimited = style
        }
        try current.write(result)
        isFirst = false
        if isStreamed { try writer.sink.flush() }
    }
}
