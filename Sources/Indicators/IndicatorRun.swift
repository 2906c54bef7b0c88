import Columns
import Diagnostics
package import Engine

/// Runs indicators through the engine.
package enum IndicatorRun {
    /// The figures of all institutions with exposure, ordered by the bytes of their ids.
    ///
    /// - Throws: The runner's errors, or `IndicatorError.badAnswer` if a user's own query gives the wrong columns.
    package static func figures(of indicator: BoundIndicator, runner: any QueryRunner) throws -> [IndicatorFigure] {
        try figures(in: try answer(to: indicator.figuresQuery, of: indicator, runner: runner), of: indicator)
    }

    /// - Throws: As the runner, a faulty query under the name of its indicator: of many in a run one must say which.
    private static func answer(
        to query: String, of indicator: BoundIndicator, isLarge: Bool = false, runner: any QueryRunner
    ) throws -> QueryResult {
        do {
            return isLarge ? try runner.keep(sql: query) : try runner.run(sql: query)
        } catch var error as Diagnostic where error.kind == .query {
            error.message = "indicator \"\(indicator.indicator.id)\": \(error.message)"
            throw error
        }
    }

    /// The figures, and the events' money on their lines: `institution_id`, `claim_id`, `line_id`, `amount`. No lines if the
    /// indicator is left out of the amount at issue.
    ///
    /// - Throws: As `figures`.
    package static func figuresAndLines(
        of indicator: BoundIndicator, runner: any QueryRunner
    ) throws -> (figures: [IndicatorFigure], lines: QueryResult?) {
        guard let query = indicator.figuresAndLinesQuery else { return (try figures(of: indicator, runner: runner), nil) }
        do {
            return try figures(in: try runner.keep(sql: query), with: lineColumns, of: indicator)
        } catch let error as Diagnostic where error.kind == .query {
            // A library's own queries may not bear being put together; each alone says what is wrong with it, if anything is.
            guard let query = indicator.linesQuery else { throw error }
            return (try figures(of: indicator, runner: runner), try answer(to: linesQuery(query), of: indicator, isLarge: true, runner: runner))
        }
    }

    /// The figures, and what of the events is at issue: claims as a whole where the indicator says so, else as `figuresAndLines`.
    ///
    /// - Throws: As `figures`.
    package static func figuresAndMoney(
        of indicator: BoundIndicator, runner: any QueryRunner
    ) throws -> (figures: [IndicatorFigure], money: MoneyAtIssue?) {
        if let query = indicator.figuresAndClaimsQuery {
            do {
                let (figures, claims) = try figures(
                    in: try runner.keep(sql: query), with: ["institution_id", "claim_id"], of: indicator)
                return (figures, .claims(claims, countedLines: indicator.countedLinesQuery))
            } catch let error as Diagnostic where error.kind == .query {
                // As above: asked apart, they say what is wrong.
            }
        }
        let (figures, lines) = try figuresAndLines(of: indicator, runner: runner)
        return (figures, lines.map { .lines($0) })
    }

    /// The same of several indicators, in one statement, so that what they have in common is computed once.
    ///
    /// - Precondition: each names claims.
    /// - Returns: The answers, in the order of the indicators.
    /// - Throws: As `figures`.
    package static func figuresAndMoney(
        ofEach indicators: [BoundIndicator], runner: any QueryRunner
    ) throws -> [(figures: [IndicatorFigure], money: MoneyAtIssue?)] {
        let parts = indicators.enumerated().compactMap { number, indicator in
            indicator.figuresAndClaimsQuery.map { "select \(number) as indicator_number, one.*\nfrom (\n\($0)\n) as one" }
        }
        precondition(parts.count == indicators.count)
        do {
            let answer = try runner.keep(sql: parts.joined(separator: "\nunion all\n"))
            let columns = Array(1..<answer.schema.fields.count)
            return try indicators.enumerated().map { number, indicator in
                let own = try answer.rows(where: 0, is: .integer(Int64(number)), columns: columns)
                let (figures, claims) = try figures(in: own, with: ["institution_id", "claim_id"], of: indicator)
                return (figures, .claims(claims, countedLines: indicator.countedLinesQuery))
            }
        } catch let error as Diagnostic where error.kind == .query {
            // A library's own queries may not bear being put together.
            return try indicators.map { try figuresAndMoney(of: $0, runner: runner) }
        }
    }

    /// Takes the answer of a query of figures and of something else apart.
    private static func figures(
        in answer: QueryResult, with columns: [String], of indicator: BoundIndicator
    ) throws -> ([IndicatorFigure], QueryResult) {
        let figures = try answer.rows(where: 0, is: .boolean(true), columns: [1, 2, 3, 4]).inMemory()
        var others = try answer.rows(where: 0, is: .boolean(false), columns: Array(5..<(5 + columns.count)))
        others.schema = Schema(zip(columns, others.schema.fields).map { Field(name: $0, type: $1.type) })
        return (try self.figures(in: figures, of: indicator), others)
    }

    /// The query of an indicator's lines with its columns in order.
    static func linesQuery(_ query: String) -> String {
        "select \(lineColumns.joined(separator: ", ")) from (\n\(query)) as lines_of_all"
    }

    private static let lineColumns = ["institution_id", "claim_id", "line_id", "amount"]

    private static func figures(in answer: QueryResult, of indicator: BoundIndicator) throws -> [IndicatorFigure] {
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
        try answer(to: indicator.evidenceQuery(institutionID: institutionID), of: indicator, isLarge: true, runner: runner)
    }

    /// The rows behind the figures of several institutions, each as `evidence` gives them, in one statement, so that what they have in
    /// common is computed once.
    ///
    /// - Returns: The rows of each institution, in the order of the ids.
    /// - Throws: The runner's errors.
    package static func evidence(
        of indicator: BoundIndicator, institutionIDs: [String], runner: any QueryRunner
    ) throws -> [QueryResult] {
        func apart() throws -> [QueryResult] {
            try institutionIDs.map { try evidence(of: indicator, institutionID: $0, runner: runner) }
        }
        if institutionIDs.count < 2 { return try apart() }
        do {
            let answer = try runner.keep(sql: indicator.evidenceQuery(institutionIDs: institutionIDs))
            let columns = Array(1..<max(1, answer.schema.fields.count))
            return try institutionIDs.indices.map { try answer.rows(where: 0, is: .integer(Int64($0)), columns: columns) }
        } catch let error as Diagnostic where error.kind == .query {
            // A library's own query may not bear being put beside itself; alone it says what is wrong with it, if anything is.
            return try apart()
        }
    }
}
