/// The figures of several institutions together.
package struct FigureTotal: Hashable, Sendable {
    package var institutionCount = 0
    package var institutionsWithEvents = 0
    package var events: Int64 = 0
    package var exposure: Int64 = 0
    /// Cents.
    package var amountCents: Int128 = 0

    package init(_ figures: [IndicatorFigure]) {
        for figure in figures {
            institutionCount += 1
            if figure.events > 0 { institutionsWithEvents += 1 }
            events += figure.events
            exposure += figure.exposure
            amountCents += figure.amountCents
        }
    }
}
