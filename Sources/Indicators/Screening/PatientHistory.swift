package import Claims
package import Columns
import Engine

/// What a patient had of an item on a day, in a claim of the store.
package struct EarlierUse: Hashable, Sendable {
    package var patientID: String
    package var institutionID: String?
    package var itemCode: String
    package var day: CivilDate
    /// Ten-thousandths of a unit.
    package var quantity: Int64
    /// The claim it is billed in.
    package var claimID: String?

    package init(
        patientID: String, institutionID: String?, itemCode: String, day: CivilDate, quantity: Int64, claimID: String? = nil
    ) {
        self.patientID = patientID
        self.institutionID = institutionID
        self.itemCode = itemCode
        self.day = day
        self.quantity = quantity
        self.claimID = claimID
    }
}

/// What the patients of several claims had in the store.
package struct EarlierUses: Sendable {
    fileprivate struct Key: Hashable {
        var patientID: String
        var itemCode: String
    }

    fileprivate var uses: [Key: [EarlierUse]] = [:]

    /// What a claim's patients had of its items in other claims: one that is in the store already does not come before itself.
    package func before(_ claim: IncomingClaim) -> [EarlierUse] {
        let own = Set(claim.lines.compactMap(\.claimID))
        let keys = Set(claim.lines.compactMap { line in line.patientID.map { Key(patientID: $0, itemCode: line.itemCode) } })
        return keys.flatMap { uses[$0] ?? [] }.filter { use in use.claimID.map { !own.contains($0) } ?? true }
    }
}

/// The live claims of the store, asked for what limits of quantities and days must know of claims' patients.
package struct PatientHistory {
    private let runner: any QueryRunner

    package init(runner: any QueryRunner) { self.runner = runner }

    /// What the claims' patients had of those of their items that have such a limit, within the longest of their windows: one question
    /// for all claims, because each is a pass over the store's.
    ///
    /// - Parameter points: Of the claims' items.
    /// - Throws: The runner's errors.
    package func uses(before claims: [IncomingClaim], points: [String: [KnowledgePoint]]) throws -> EarlierUses {
        let limited = points.filter { $0.value.contains { PatientHistory.window($0) != nil } }
        let lines = claims.flatMap(\.lines).filter { limited[$0.itemCode] != nil && $0.patientID != nil }
        let days = lines.compactMap(\.serviceDate)
        let longest = limited.values.joined().compactMap(PatientHistory.window).max() ?? 1
        guard let first = days.min(), let last = days.max() else { return EarlierUses() }
        // No window reaches back further than days can be told.
        let begin = CivilDate(daysSinceEpoch: max(first.daysSinceEpoch - Int(min(longest, 36_500)) + 1, PatientHistory.earliestDay))
        let end = CivilDate(daysSinceEpoch: last.daysSinceEpoch + 1)
        let columns = ["patient_id", "institution_id", "item_code", "day", "quantity", "claim_id"]
        let reader = try AnswerReader(
            try runner.run(
                sql: """
                    select c.patient_id, nullif(c.institution_id, '') as institution_id, c.item_code,
                           cast(c.service_time as date) as day, sum(c.quantity * 10000) as quantity, c.claim_id
                    from live_claims as c
                    join asked_by_check as a on a.patient_id = c.patient_id and a.item_code = c.item_code
                    where c.service_time >= timestamp '\(ReportingPeriod.text(begin)) 00:00:00'
                      and c.service_time < timestamp '\(ReportingPeriod.text(end)) 00:00:00' and c.quantity > 0
                    group by c.patient_id, nullif(c.institution_id, ''), c.item_code, cast(c.service_time as date), c.claim_id
                    """, reading: [("asked_by_check", PatientHistory.asked(lines))]), columns: columns, of: "history")
        var found = EarlierUses()
        for row in reader.rows.indices {
            guard let patientID = try reader.text(row, 0), let code = try reader.text(row, 2), case .date(let day) = reader.value(row, 3)
            else { continue }
            found.uses[EarlierUses.Key(patientID: patientID, itemCode: code), default: []].append(
                EarlierUse(
                    patientID: patientID, institutionID: try reader.text(row, 1), itemCode: code,
                    day: CivilDate(daysSinceEpoch: Int(day)), quantity: try reader.count(row, 4), claimID: try reader.text(row, 5)))
        }
        return found
    }

    /// Each patient with each of its items, once.
    private static func asked(_ lines: [IncomingLine]) -> QueryResult {
        var rows = ResultRows(fields: ["patient_id", "item_code"].map { Field(name: $0, type: .text) })
        var seen: Set<EarlierUses.Key> = []
        for line in lines {
            guard let patientID = line.patientID, seen.insert(EarlierUses.Key(patientID: patientID, itemCode: line.itemCode)).inserted
            else { continue }
            rows.append([.text(patientID), .text(line.itemCode)])
        }
        return rows.result()
    }

    /// 0001-01-01.
    private static let earliestDay = -719_162

    /// Days up to a line's that a point of a limit asks about; nil for any other point.
    private static func window(_ point: KnowledgePoint) -> Int64? {
        switch KnowledgeAttribute(rawValue: point.attribute) {
        case .maxPerDay: 1
        case .maxPerPeriod, .maxCourseDays: point.windowDays.flatMap { $0 > 0 ? $0 : nil }
        default: nil
        }
    }
}
