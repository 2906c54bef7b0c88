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
        var condition = (columns + ["claim_id", "institution_id"]).map { "\($0) <> ''" }.joined(separator: " and ")
        var answers: [(name: String, rows: QueryResult)] = []
        if let keys {
            condition += " and \(columns[0]) in (select \(columns[0]) from wanted)"
            answers = [("wanted", table(of: Set(keys.map { $0[0] }).sorted(), column: columns[0]))]
        }
        let names = columns.indices.map { "key_\($0)" }
        let list = names.joined(separator: ", ")
        // A claim counts once for the member, once at each of its institutions, and once in each department there.
        let sql = """
            with own as (
                select claim_id, \(zip(columns, names).map { "\($0) as \($1)" }.joined(separator: ", ")), institution_id as at_institution,
                       nullif(department, '') as in_department, sum(fund_amount) as fund
                from (\(period.linesQuery)) as lines
                where \(condition)
                group by claim_id, \(columns.joined(separator: ", ")), institution_id, nullif(department, '')
            )
            select 0 as part, \(list), cast(null as text) as at_institution, cast(null as text) as in_department, count(*) as claims, cast(null as numeric(38, 2)) as fund
            from (select claim_id, \(list) from own group by claim_id, \(list)) as of_member
            group by \(list)
            union all
            select 1, \(list), at_institution, null, count(*), null
            from (select claim_id, \(list), at_institution from own group by claim_id, \(list), at_institution) as of_institution
            group by \(list), at_institution
            union all
            select 2, \(list), at_institution, in_department, count(*), coalesce(sum(fund), 0)
            from own
            group by \(list), at_institution, in_department
            """
        let answer = answers.isEmpty ? try runner.run(sql: sql) : try runner.run(sql: sql, reading: answers)
        let reader = try AnswerReader(
            answer, columns: ["part"] + names + ["at_institution", "in_department", "claims", "fund"], of: "members of a grain")
        var members: [[String]: GrainMember] = [:]
        // The most claims so far at an institution, and in a department of the institution that is the member's.
        var mostAt: [[String]: Int64] = [:]
        var mostIn: [[String]: Int64] = [:]
        let rows = try reader.rows.indices.map { row in (row: row, part: try reader.count(row, 0)) }.sorted { ($0.part, $0.row) < ($1.part, $1.row) }
        for (row, part) in rows {
            var key: [String] = []
            for column in columns.indices { key.append(try reader.text(row, 1 + column) ?? "") }
            let institution = try reader.text(row, 1 + columns.count) ?? ""
            let claims = try reader.count(row, 3 + columns.count)
            if part == 0 {
                members[key] = GrainMember(
                    key: key, institutionID: institution, department: nil, institutionCount: 0, claimCount: claims, fundCents: 0)
                continue
            }
            guard var member = members[key] else { continue }
            if part == 1 {
                member.institutionCount += 1
                let most = mostAt[key] ?? 0
                if claims > most || (claims == most && institution.utf8.lexicographicallyPrecedes(member.institutionID.utf8)) {
                    mostAt[key] = claims
                    member.institutionID = institution
                }
            } else {
                member.fundCents += try reader.cents(row, 4 + columns.count)
                if institution == member.institutionID, let department = try reader.text(row, 2 + columns.count) {
                    let most = mostIn[key] ?? 0
                    if claims > most || (claims == most && department.utf8.lexicographicallyPrecedes((member.department ?? "").utf8)) {
                        mostIn[key] = claims
                        member.department = department
                    }
                }
            }
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
