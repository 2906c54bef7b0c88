/// What one indicator says of one department, doctor or patient.
package struct GrainFigure: Hashable, Sendable {
    /// The values of the grain's key columns.
    package var key: [String]
    /// Claims with a line at issue.
    package var claimCount: Int64
    /// Lines at issue.
    package var lineCount: Int64
    /// Patients of these lines.
    package var patientCount: Int64
    /// Institutions of these lines.
    package var institutionCount: Int64
    /// Money at issue in cents.
    package var amountCents: Int128
}

/// What a department, doctor or patient settled in the period.
package struct GrainMember: Hashable, Sendable {
    /// The values of the grain's key columns.
    package var key: [String]
    /// The institution with most of its claims; of several the first by id.
    package var institutionID: String
    /// Its department there; nil where its lines name none.
    package var department: String?
    /// Institutions with lines of it.
    package var institutionCount: Int64
    package var claimCount: Int64
    package var fundCents: Int128
}

/// An indicator's figures brought together for a region.
package struct RegionFigure: Hashable, Sendable {
    /// nil where the register of institutions names no region.
    package var region: String?
    /// nil: all indicators, whose events do not add up; then the money counts each line once.
    package var indicatorID: String?
    /// Institutions with exposure; for all indicators those with lines.
    package var institutionCount: Int64
    package var events: Int64
    package var exposure: Int64
    package var amountCents: Int128
}

/// What the indicators of one theme say of one institution.
package struct ThemeFigure: Hashable, Sendable {
    /// Place of the theme in the report.
    package var theme: Int
    package var institutionID: String
    /// Indicators of the theme with events there.
    package var indicatorCount: Int64
    package var events: Int64
    /// As an institution's score, over the indicators of the theme alone; in tenths.
    package var scoreTenths: Int
    /// Each line at issue once.
    package var amountCents: Int128
}
