package import Columns

/// One row of the knowledge base: what is said of an item, from when to when, on whose authority.
package struct KnowledgePoint: Hashable, Sendable {
    package var ruleID: String
    package var itemCode: String
    package var attribute: String
    package var value: String
    /// The item that this one does not go with.
    package var pairedItemCode: String?
    package var windowDays: Int64?
    package var result: Indicator.ResultType
    package var basis: String?
    /// First and last day on which it holds; nil without an end.
    package var validFrom: CivilDate?
    package var validTo: CivilDate?

    package init(
        ruleID: String, itemCode: String, attribute: String, value: String, pairedItemCode: String? = nil,
        windowDays: Int64? = nil, result: Indicator.ResultType = .violation, basis: String? = nil, validFrom: CivilDate? = nil,
        validTo: CivilDate? = nil
    ) {
        self.ruleID = ruleID
        self.itemCode = itemCode
        self.attribute = attribute
        self.value = value
        self.pairedItemCode = pairedItemCode
        self.windowDays = windowDays
        self.result = result
        self.basis = basis
        self.validFrom = validFrom
        self.validTo = validTo
    }

    /// A line without a service date is judged by what holds now and always: by points without an end.
    func isValid(on day: CivilDate?) -> Bool {
        guard let day else { return validTo == nil }
        return (validFrom.map { $0 <= day } ?? true) && (validTo.map { day <= $0 } ?? true)
    }

    /// The words of a value that lists several: `secondary,tertiary`. Blanks do not count, as in the indicators.
    var words: [String] {
        value.split { ",|;，、；/".contains($0) }.map { word in word.filter { $0 != " " && $0 != "\u{3000}" } }.filter { !$0.isEmpty }
    }
}
