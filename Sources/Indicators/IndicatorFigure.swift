/// One institution's figure for one indicator.
package struct IndicatorFigure: Hashable, Sendable {
    package var institutionID: String
    package var events: Int64
    /// At least 1.
    package var exposure: Int64
    /// Money at issue in cents.
    package var amountCents: Int128

    package init(institutionID: String, events: Int64, exposure: Int64, amountCents: Int128) {
        self.institutionID = institutionID
        self.events = events
        self.exposure = exposure
        self.amountCents = amountCents
    }

    /// Events divided by exposure.
    package var rate: Double { Double(events) / Double(exposure) }
}
