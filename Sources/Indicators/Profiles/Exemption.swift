/// Lines that do not exist for some or all indicators, and why.
///
/// A line is exempt if it meets every condition that is given.
package struct Exemption: Hashable, Sendable {
    package var reason: String
    /// Where it stands in its file.
    package var line: Int?
    /// Empty for all.
    package var indicatorIDs: [String] = []
    package var institutionIDs: [String] = []
    package var patientIDs: [String] = []
    package var itemCodes: [String] = []
    /// Days of settlement; the period's end is the first day that is exempt no more.
    package var period = ReportingPeriod.all

    package init(reason: String) { self.reason = reason }

    package func applies(to indicatorID: String) -> Bool { indicatorIDs.isEmpty || indicatorIDs.contains(indicatorID) }

    /// The condition that exempt lines meet, never empty.
    package var condition: String {
        var parts: [String] = []
        for (column, values) in [("institution_id", institutionIDs), ("patient_id", patientIDs), ("item_code", itemCodes)] where !values.isEmpty {
            parts.append("\(column) in (\(values.map(ParameterValue.quoted).joined(separator: ", ")))")
        }
        if let from = period.from { parts.append("settled_at >= timestamp '\(ReportingPeriod.text(from)) 00:00:00'") }
        if let to = period.to { parts.append("settled_at < timestamp '\(ReportingPeriod.text(to)) 00:00:00'") }
        return parts.joined(separator: " and ")
    }

    /// Whether it names anything at all.
    var isBounded: Bool { !condition.isEmpty }
}
