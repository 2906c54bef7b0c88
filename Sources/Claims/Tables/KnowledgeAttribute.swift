/// What a knowledge point may say of an item: the attributes that indicators, templates and the screening of claims judge by.
package enum KnowledgeAttribute: String, Sendable, CaseIterable {
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

    /// The hours of a pair's window, `1h` to `999h`; nil for any other text.
    package static func hours(_ value: String) -> Int64? {
        let bytes = Array(value.utf8)
        guard (2...4).contains(bytes.count), bytes.last == 0x68, bytes.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
            let hours = Int64(value.dropLast()), hours > 0
        else { return nil }
        return hours
    }
}
