import Testing

/// Compares the tool's figures with the reference's.
enum IndicatorComparison {
    static let header = ["institution_id", "events", "exposure", "rate", "amount"]

    /// Runs one indicator and expects every figure of the reference, in order, and no other.
    static func expectFigures(
        of id: String, _ store: StoreUnderTest, _ reference: ReferenceData, from: String? = nil, to: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var arguments = ["indicators", "run", id, "--format", "csv"]
        if let from { arguments += ["--from", from] }
        if let to { arguments += ["--to", to] }
        let outcome = try store.run(arguments)
        try #require(
            outcome.ending == .exited(code: 0), "\(arguments): \(outcome.ending) \(outcome.errors)",
            sourceLocation: sourceLocation)
        let sheet = try CSVSheet(outcome.outputBytes)
        #expect(sheet.header == header, sourceLocation: sourceLocation)
        let expected = ReferenceIndicators.figures(ReferenceIndicators.units(id, reference, from: from, to: to))
        let ids = expected.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(sheet.rows.map { $0[0] } == ids, "institutions of \(id)", sourceLocation: sourceLocation)
        for row in sheet.rows {
            guard let institution = row[0], let figure = expected[institution] else { continue }
            let exact = [
                institution, String(figure.events), String(figure.exposure), ExactNumber.money(figure.amountCents),
            ]
            #expect([row[0], row[1], row[2], row[4]] == exact, "\(id)", sourceLocation: sourceLocation)
            let rate = Double(figure.events) / Double(figure.exposure)
            #expect(row[3].flatMap { Double($0) } == rate, "\(id) of \(institution)", sourceLocation: sourceLocation)
        }
    }
}
