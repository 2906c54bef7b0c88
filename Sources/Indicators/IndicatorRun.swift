package import Engine

/// Runs indicators through the engine.
package enum IndicatorRun {
    /// The figures of all institutions with exposure, ordered by the bytes of their ids.
    ///
    /// - Throws: The runner's errors, or `IndicatorError.badAnswer` if a user's own query gives the wrong columns.
    package static func figures(of indicator: BoundIndicator, runner: any QueryRunner) throws -> [IndicatorFigure] {
        let answer = try runner.run(sql: indicator.figuresQuery)
        let reader = try AnswerReader(answer, columns: ["institution_id", "events", "exposure", "amount"], of: indicator.indicator.id)
        var figures: [IndicatorFigure] = []
        for row in 0..<reader.rows.count {
            guard let institutionID = try reader.text(row, 0) else { continue }
            let events = try reader.count(row, 1)
            let exposure = try reader.count(row, 2)
            guard events >= 0, events <= exposure else {
                throw reader.failure("\(events) events of \(exposure) exposed")
            }
            if exposure == 0 { continue }
            figures.append(
                IndicatorFigure(
                    institutionID: institutionID, events: events, exposure: exposure,
                    amountCents: try reader.cents(row, 3)))
        }
        figures.sort { $0.institutionID.utf8.lexicographicallyPrecedes($1.institutionID.utf8) }
        for (previous, next) in zip(figures, figures.dropFirst()) where previous.institutionID == next.institutionID {
            throw reader.failure("two rows for institution \"\(next.institutionID)\"")
        }
        return figures
    }

    /// The rows behind one institution's figure.
    package static func evidence(
        of indicator: BoundIndicator, institutionID: String, runner: any QueryRunner
    ) throws -> QueryResult {
        try runner.run(sql: indicator.evidenceQuery(institutionID: institutionID))
    }
}
