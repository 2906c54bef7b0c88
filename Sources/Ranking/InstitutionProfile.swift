/// What is known of an institution and how much it settled in the period.
package struct InstitutionProfile: Hashable, Sendable {
    package var institutionID: String
    package var name: String?
    package var region: String?
    /// `none` where the institution is not listed or listed without a level.
    package var level: String
    /// `none` where the institution is not listed or listed without a kind.
    package var kind: String
    /// Whether `institutions` lists it.
    package var isListed: Bool
    package var claimCount: Int64
    package var fundCents: Int128

    package init(
        institutionID: String, name: String? = nil, region: String? = nil, level: String? = nil, kind: String? = nil,
        isListed: Bool = true, claimCount: Int64 = 0, fundCents: Int128 = 0
    ) {
        self.institutionID = institutionID
        self.name = name
        self.region = region
        self.level = InstitutionProfile.orNone(level)
        self.kind = InstitutionProfile.orNone(kind)
        self.isListed = isListed
        self.claimCount = claimCount
        self.fundCents = fundCents
    }

    private static func orNone(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "none" }
        return text
    }
}
