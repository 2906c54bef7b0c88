import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators
import Ranking
import Storage

struct SampleCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw institutions for inspection, from each grade its share.",
        discussion: """
            Examples:
              fundwatch sample --seed 2026-spring
              fundwatch sample --rate A=1%,B=5%,C=20%,D=100%,E=100% --seed 2026-spring -o inspection.csv

            The same seed and data give the same draw: of each grade those with the smallest SHA-256 of seed and id, so
            that anybody can check it and nobody can steer it.
            """)

    @OptionGroup var common: CommonOptions<SampleCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions

    @Option(help: ArgumentHelp("Share of each grade, rounded up; a grade that is not named keeps its usual share.", valueName: "list"))
    var rate = "A=5%,B=10%,C=20%,D=50%,E=100%"

    @Option(help: ArgumentHelp("Any text, made known before the data are.", valueName: "text"))
    var seed: String

    func run() throws {
        let percents = try SampleRates.parse(rate)
        guard !seed.isEmpty else { throw Diagnostic(.usage, "--seed is empty", mend: "give any text") }
        let database = try common.soundDatabase()
        let indicators = try indicatorOptions.reported(in: database)
        let ranking = try RankingRun.rank(indicators, period: try indicatorOptions.period(), runner: database)
        let choices = InspectionDraw.draw(from: ranking, seed: seed, percents: percents) { Checksum.sha256Bytes($0) }
        var rows = ResultRows(fields: [
            Field(name: "grade", type: .text), Field(name: "institution_id", type: .text), Field(name: "name", type: .text),
            Field(name: "region", type: .text), Field(name: "rank", type: .bigint),
            Field(name: "score", type: .numeric(precision: 18, scale: 1)),
            Field(name: "amount_at_issue", type: .numeric(precision: 38, scale: 2)), Field(name: "key", type: .text),
        ])
        func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
        let places = Dictionary(uniqueKeysWithValues: ranking.institutions.map { ($0.profile.institutionID, $0) })
        for choice in choices {
            guard let place = places[choice.institutionID] else { continue }
            rows.append([
                .text(choice.grade.rawValue), .text(choice.institutionID), text(place.profile.name), text(place.profile.region),
                .integer(Int64(place.rank)), .numeric(unscaled: Int128(place.scoreTenths), scale: 1),
                .numeric(unscaled: place.amountAtIssueCents, scale: 2), .text(choice.key),
            ])
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
        for grade in Grade.allCases {
            let all = ranking.institutions.count { $0.grade == grade }
            if all > 0 { common.note("grade \(grade.rawValue): \(choices.count { $0.grade == grade }) of \(all), \(percents[grade] ?? 0) %") }
        }
        common.note("store head \(try database.requiredSnapshot().headHash)")
    }
}

/// `--rate`.
enum SampleRates {
    static func parse(_ text: String) throws -> [Grade: Int] {
        var percents = InspectionDraw.defaultPercents
        var named: Set<Grade> = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard words.count == 2, let grade = Grade(rawValue: words[0].uppercased()), words[1].hasSuffix("%"),
                let percent = Int(words[1].dropLast()), (0...100).contains(percent)
            else {
                throw Diagnostic(
                    .usage, "--rate \"\(part)\" is no share of a grade", mend: "write A=5%,…,E=100%, in whole percents from 0 to 100")
            }
            guard named.insert(grade).inserted else {
                throw Diagnostic(.usage, "--rate gives grade \(grade.rawValue) two shares", mend: "name each grade once")
            }
            percents[grade] = percent
        }
        return percents
    }
}
