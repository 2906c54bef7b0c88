import Columns

/// The knowledge points of a store, read as they are needed.
package final class KnowledgeBase {
    private let runner: any QueryRunner
    private var pointsOfItem: [String: [KnowledgePoint]] = [:]
    private var levelOfInstitution: [String: String?] = [:]
    private var isComplete = false
    /// From so many new codes on, reading the whole table takes less time than looking them up.
    private static let lookupLimit = 300

    package init(runner: any QueryRunner) { self.runner = runner }

    /// The points of items, those with an item first, in the order of the table.
    package func points(of codes: Set<String>) throws -> [String: [KnowledgePoint]] {
        let missing = isComplete ? [] : codes.filter { pointsOfItem[$0] == nil }
        if missing.count > KnowledgeBase.lookupLimit {
            pointsOfItem = [:]
            try read(where: "")
            isComplete = true
        } else if !missing.isEmpty {
            for code in missing { pointsOfItem[code] = [] }
            let list = missing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(ParameterValue.quoted)
            try read(where: "where item_code in (\(list.joined(separator: ", ")))")
        }
        return pointsOfItem.filter { codes.contains($0.key) }
    }

    /// The level of an institution, `pharmacy` if it is one, `none` without a level; nil if the register does not have it.
    package func level(of institutionID: String) throws -> String? {
        if let known = levelOfInstitution[institutionID] { return known }
        let reader = try AnswerReader(
            try runner.run(
                sql: """
                    select case when kind = 'pharmacy' then kind else coalesce(nullif(level, ''), 'none') end as level
                    from institutions where institution_id = \(ParameterValue.quoted(institutionID))
                    """),
            columns: ["level"], of: "institutions")
        let level = reader.rows.isEmpty ? nil : try reader.text(0, 0)
        levelOfInstitution[institutionID] = level
        return level
    }

    private func read(where condition: String) throws {
        let columns = [
            "rule_id", "item_code", "attribute", "value", "paired_item_code", "window_days", "result", "basis", "valid_from",
            "valid_to",
        ]
        let answer = try runner.run(sql: "select \(columns.joined(separator: ", ")) from knowledge \(condition)")
        let reader = try AnswerReader(answer, columns: columns, of: "knowledge")
        for row in 0..<reader.rows.count {
            guard let ruleID = try reader.text(row, 0), let code = try reader.text(row, 1), !code.isEmpty,
                let attribute = try reader.text(row, 2), let value = try reader.text(row, 3)
            else { continue }
            let paired = try reader.text(row, 4)
            pointsOfItem[code, default: []].append(
                KnowledgePoint(
                    ruleID: ruleID, itemCode: code, attribute: attribute, value: value,
                    pairedItemCode: paired?.isEmpty == false ? paired : nil,
                    windowDays: reader.value(row, 5).isNull ? nil : try reader.count(row, 5),
                    // Who does not say that it is a violation has not said so.
                    result: try reader.text(row, 6) == "violation" ? .violation : .suspicious, basis: try reader.text(row, 7),
                    validFrom: KnowledgeBase.day(reader.value(row, 8)), validTo: KnowledgeBase.day(reader.value(row, 9))))
        }
    }

    private static func day(_ value: ScalarValue) -> CivilDate? {
        if case .date(let days) = value { CivilDate(daysSinceEpoch: Int(days)) } else { nil }
    }
}
