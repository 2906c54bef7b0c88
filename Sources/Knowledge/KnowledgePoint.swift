/// One row of the table `knowledge`: what is said of an item, on whose authority.
package struct KnowledgePoint: Hashable, Sendable {
    package var ruleID: String
    package var itemCode: String
    package var itemName: String?
    package var attribute: Attribute
    package var value: String
    package var pairedItemCode: String?
    package var windowDays: Int?
    package var result: Result
    package var basis: String?
    /// `2025-01-31`; nil for an open end.
    package var validFrom: String?
    package var validTo: String?
    package var batch: String
    /// File, sheet and row it was read from.
    package var source: String

    package enum Attribute: String, Sendable, CaseIterable {
        case sex
        /// A patient of so many years or more is an event.
        case maxAgeYears = "max_age_years"
        /// A patient of fewer years is an event.
        case minAgeYears = "min_age_years"
        /// A patient older than so many days is an event.
        case maxAgeDays = "max_age_days"
        /// More than that quantity on one day.
        case maxPerDay = "max_per_day"
        /// More than that quantity within any `window_days` days.
        case maxPerPeriod = "max_per_period"
        /// More days than that in one stay, or within `window_days` days.
        case maxCourseDays = "max_course_days"
        /// Institutions below this level.
        case minLevel = "min_level"
        /// Visit types other than those named for the item, one a row.
        case onlyVisitType = "only_visit_type"
        /// Insurance other than the one named: `work_injury` or `maternity`.
        case onlyInsurance = "only_insurance"
        /// Never paid by the fund.
        case notPayable = "not_payable"
        /// Charged together with `paired_item_code`, which it contains, within the window that is the value: `day`, `visit`, `6h`.
        case notWith = "not_with"
    }

    package enum Result: String, Sendable {
        case violation, suspicious
    }
}

/// A row of a sheet that made no point.
package struct RejectedPoint: Hashable, Sendable {
    /// File, sheet and row.
    package var source: String
    /// A cause that can be counted, such as `no code`.
    package var cause: String
    /// What was found and what was expected.
    package var message: String
    /// The cells of the row.
    package var cells: [String]
}
