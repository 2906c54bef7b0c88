import Columns
import Engine
import Indicators

/// The national rules as a result.
enum NationalRuleRows {
    static func result(_ language: DisplayLanguage) throws -> QueryResult {
        var rows = ResultRows(fields: [
            Field(name: "number", type: .bigint), Field(name: "code", type: .text), Field(name: "name", type: .text),
            Field(name: "template", type: .text), Field(name: "covered_by", type: .text), Field(name: "missing", type: .text),
        ])
        for rule in try NationalRule.all() {
            rows.append([
                .integer(Int64(rule.number)), rule.code.isEmpty ? .null : .text(rule.code), .text(rule.name[language]),
                .text(rule.template), rule.indicators.isEmpty ? .null : .text(rule.indicators.joined(separator: ", ")),
                rule.missing.map { .text($0[language]) } ?? .null,
            ])
        }
        return rows.result()
    }
}
