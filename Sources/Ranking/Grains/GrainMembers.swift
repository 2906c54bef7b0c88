import Columns
import Engine
package import Indicators

/// Who there is at a grain below institutions, and what they settled.
package enum GrainMembers {
    /// - Parameter keys: Only these members; nil: all.
    /// - Returns: In the order of the bytes of their keys.
    /// - Throws: The runner's errors.
    package static func measure(
        _ grain: Grain, among keys: [[String]]? = nil, period: ReportingPeriod, runner: any QueryRunner
    ) throws -> [GrainMember] {
        if keys?.isEmpty == true { return [] }
        let columns = grain.keyColumns
        let others = columns.contains("institution_id") ? columns : columns + ["institution_id"]
        let list = others.joined(separator: ", ")
        let department = columns.contains("department") ? "department" : "min(nullif(department, ''))"
        var condition = (columns + ["claim_id"]).map { "\($0) <> ''" }.joined(separator: " and ")
        var answers: [(name: String, rows: QueryResult)] = []
        if let keys {
            condition += " and \(columns[0]) in (select \(columns[0]) from wanted)"
            answers = [("wanted", table(of: Set(keys.map { $0[0] }).sorted(), column: columns[0]))]
        }
        let sql = """
            select \(list), count(*) as claims, coalesce(sum(fund), 0) as fund, min(of_claim) as of_member
            from (
                select claim_id, \(list), \(columns.contains("department") ? "min(department)" : department) as of_claim, sum(fund_amount) as fund
                from (\(period.linesQuery)) as lines
                where \(condition)
                group by claim_id, \(list)
            ) as own
            group by \(list)
            """
        let answer = answers.isEmpty ? try runner.run(sql: sql) : try runner.run(sql: sql, reading: answers)
        let reader = try AnswerReader(answer, columns: others + ["claims", "fund", "of_member"], of: "members of a grain")
        let institution = others.firstIndex(of: "institution_id") ?? 0
        var members: [[String]: GrainMember] = [:]
        var mostClaims: [[String]: Int64] = [:]
        for row in reader.rows.indices {
            var key: [String] = []
            for column in columns.indices { key.append(try reader.text(row, column) ?? "") }
            let id = try reader.text(row, institution) ?? ""
            let claims = try reader.count(row, others.count)
            let fund = try reader.cents(row, others.count + 1)
            let department = try reader.text(row, others.count + 2)
            guard var member = members[key] else {
                members[key] = GrainMember(
                    key: key, institutionID: id, department: department, institutionCount: 1, claimCount: claims, fundCents: fund)
                mostClaims[key] = claims
                continue
            }
            let most = mostClaims[key] ?? 0
            if claims > most || (claims == most && id.utf8.lexicographicallyPrecedes(member.institutionID.utf8)) {
                mostClaims[key] = claims
                member.institutionID = id
                member.department = department
            }
            member.institutionCount += 1
            member.claimCount += claims
            member.fundCents += fund
            members[key] = member
        }
        if let keys {
            let wanted = Set(keys)
            members = members.filter { wanted.contains($0.key) }
        }
        return members.values.sorted { precedes($0.key, $1.key) }
    }

    /// Whether a key stands before another by the bytes of its parts.
    package static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (a, b) in zip(left, right) where a != b { return a.utf8.lexicographicallyPrecedes(b.utf8) }
        return left.count < right.count
    }

    static func table(of texts: [String], column: String) -> QueryResult {
        var rows = ResultRows(fields: [Field(name: column, type: .text)])
        for text in texts { rows.append([.text(text)]) }
        return rows.result()
    }
}
