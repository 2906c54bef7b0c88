/// What reviews said of an indicator's leads.
package struct IndicatorFeedback: Hashable, Sendable {
    package var indicatorID: String
    package var confirmedCount: Int64
    package var rejectedCount: Int64
    /// Money that reviews confirmed, in cents.
    package var confirmedCents: Int128
    /// Institutions with a review that says one or the other.
    package var institutionIDs: Set<String>

    package init(
        indicatorID: String, confirmedCount: Int64 = 0, rejectedCount: Int64 = 0, confirmedCents: Int128 = 0,
        institutionIDs: Set<String> = []
    ) {
        self.indicatorID = indicatorID
        self.confirmedCount = confirmedCount
        self.rejectedCount = rejectedCount
        self.confirmedCents = confirmedCents
        self.institutionIDs = institutionIDs
    }

    package var reviewedCount: Int64 { confirmedCount + rejectedCount }

    /// Share of the reviewed leads that were confirmed; nil without one.
    package var precision: Double? { reviewedCount == 0 ? nil : Double(confirmedCount) / Double(reviewedCount) }

    /// The table's name, which must exist.
    package static let table = "feedback"

    /// The last review of each lead: of an institution, an indicator, and a lead's own number if it has one. Of two of one day the
    /// confirmed one counts, then the larger amount.
    package static let lastReviews = """
        select institution_id, indicator, result, confirmed_amount
        from (
            select institution_id, indicator, result, coalesce(confirmed_amount, 0) as confirmed_amount,
                   row_number() over (
                       partition by institution_id, indicator, coalesce(lead_id, '')
                       order by coalesce(reviewed_on, date '0001-01-01') desc, result, coalesce(confirmed_amount, 0) desc
                   ) as place
            from feedback
        ) as reviews
        where place = 1 and result in ('confirmed', 'rejected')
        """

    /// Reads the reviews.
    ///
    /// - Returns: One for each indicator that was reviewed, ordered by id.
    package static func read(_ runner: any QueryRunner) throws -> [IndicatorFeedback] {
        let reader = try AnswerReader(
            try runner.run(sql: lastReviews), columns: ["institution_id", "indicator", "result", "confirmed_amount"], of: table)
        var found: [String: IndicatorFeedback] = [:]
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0), let id = try reader.text(row, 1) else { continue }
            var feedback = found[id] ?? IndicatorFeedback(indicatorID: id)
            if try reader.text(row, 2) == "confirmed" {
                feedback.confirmedCount += 1
                feedback.confirmedCents += try reader.cents(row, 3)
            } else {
                feedback.rejectedCount += 1
            }
            feedback.institutionIDs.insert(institutionID)
            found[id] = feedback
        }
        return found.values.sorted { $0.indicatorID.utf8.lexicographicallyPrecedes($1.indicatorID.utf8) }
    }
}
