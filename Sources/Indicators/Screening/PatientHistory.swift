package import Claims
package import Columns

/// What a patient had of an item on a day, in claims of the store.
package struct EarlierUse: Hashable, Sendable {
    package var patientID: String
    package var institutionID: String?
    package var itemCode: String
    package var day: CivilDate
    /// Ten-thousandths of a unit.
    package var quantity: Int64

    package init(patientID: String, institutionID: String?, itemCode: String, day: CivilDate, quantity: Int64) {
        self.patientID = patientID
        self.institutionID = institutionID
        self.itemCode = itemCode
        self.day = day
        self.quantity = quantity
    }
}

/// The live claims of the store, asked for what limits of quantities and days must know of a claim's patients.
package struct PatientHistory {
    private let runner: any QueryRunner

    package init(runner: any QueryRunner) { self.runner = runner }

    /// What the claim's patients had, in other claims, of its items that have such a limit, within the longest of their windows.
    ///
    /// - Parameter points: Of the claim's items.
    /// - Throws: The runner's errors.
    package func uses(before claim: IncomingClaim, points: [String: [KnowledgePoint]]) throws -> [EarlierUse] {
        let limited = points.filter { $0.value.contains { PatientHistory.window($0) != nil } }
        let lines = claim.lines.filter { limited[$0.itemCode] != nil && $0.patientID != nil }
        let days = lines.compactMap(\.serviceDate)
        let longest = limited.values.joined().compactMap(PatientHistory.window).max() ?? 1
        guard let first = days.min(), let last = days.max() else { return [] }
        // No window reaches back further than days can be told.
        let begin = CivilDate(daysSinceEpoch: max(first.daysSinceEpoch - Int(min(longest, 36_500)) + 1, PatientHistory.earliestDay))
        let end = CivilDate(daysSinceEpoch: last.daysSinceEpoch + 1)
        let others = Set(claim.lines.compactMap(\.claimID))
        var condition = "patient_id in (\(list(Set(lines.compactMap(\.patientID))))) and item_code in (\(list(Set(lines.map(\.itemCode)))))"
        condition += " and service_time >= timestamp '\(ReportingPeriod.text(begin)) 00:00:00'"
        condition += " and service_time < timestamp '\(ReportingPeriod.text(end)) 00:00:00' and quantity > 0"
        // A claim that is in the store already does not come before itself.
        if !others.isEmpty { condition += " and claim_id not in (\(list(others)))" }
        let columns = ["patient_id", "institution_id", "item_code", "day", "quantity"]
        let reader = try AnswerReader(
            try runner.run(
                sql: """
                    select patient_id, nullif(institution_id, '') as institution_id, item_code, cast(service_time as date) as day,
                           sum(quantity * 10000) as quantity
                    from live_claims
                    where \(condition)
                    group by patient_id, nullif(institution_id, ''), item_code, cast(service_time as date)
                    """), columns: columns, of: "history")
        return try reader.rows.indices.compactMap { row in
            guard let patientID = try reader.text(row, 0), let code = try reader.text(row, 2), case .date(let day) = reader.value(row, 3)
            else { return nil }
            return EarlierUse(
                patientID: patientID, institutionID: try reader.text(row, 1), itemCode: code,
                day: CivilDate(daysSinceEpoch: Int(day)), quantity: try reader.count(row, 4))
        }
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

    private func list(_ values: Set<String>) -> String {
        values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(ParameterValue.quoted).joined(separator: ", ")
    }
}
