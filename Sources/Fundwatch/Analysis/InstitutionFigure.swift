import Indicators

/// One institution's figure for one indicator: how many events out of how much exposure, and the money at issue.
public struct InstitutionFigure: Hashable, Sendable {
    /// The institution.
    public let institutionID: String
    /// How often what the indicator asks for occurred.
    public let events: Int64
    /// How often it could have occurred; at least 1.
    public let exposure: Int64
    /// Fund money at issue in yuan, with two digits after the point.
    public let amount: ExactDecimal

    /// Events divided by exposure, 0 to 1.
    public var rate: Double { Double(events) / Double(exposure) }

    init(_ figure: IndicatorFigure) {
        institutionID = figure.institutionID
        events = figure.events
        exposure = figure.exposure
        amount = ExactDecimal(unscaled: figure.amountCents, scale: 2)
    }
}
