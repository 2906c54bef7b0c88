import Columns
import Diagnostics
package import Engine

/// How a case went.
package struct CaseOutcome: Hashable, Sendable {
    package var indicatorID: String
    package var name: String
    /// What differs; nil if nothing does.
    package var difference: String?
}

/// Runs an indicator's cases, each in a store of its own that is gone afterwards.
package enum CaseRun {
    /// - Throws: What keeps a case from being run at all. Queries that fail are differences.
    package static func run(_ indicator: Indicator, engine: EngineOptions) throws -> [CaseOutcome] {
        try indicator.cases.map { example in
            CaseOutcome(
                indicatorID: indicator.id, name: example.name, difference: try difference(example, indicator, engine: engine))
        }
    }

    private static func difference(_ example: IndicatorCase, _ indicator: Indicator, engine: EngineOptions) throws -> String? {
        let store: CaseStore
        do {
            store = try CaseStore(example, engine: engine)
        } catch let error as CaseStore.LoadingError {
            return "the rows of \(error.table) cannot be loaded: \(error.message)"
        }
        let database = store.database
        do {
            let bound = try BoundIndicator(indicator, overrides: example.settings, period: .all).fitted(to: database)
            let figures = try IndicatorRun.figures(of: bound, runner: database)
            if figures != example.expected {
                return "expected \(words(example.expected)); found \(words(figures))"
            }
            // The other queries must run as well, and find as many rows as there are events for.
            for figure in figures {
                let rows = try IndicatorRun.evidence(of: bound, institutionID: figure.institutionID, runner: database).rowCount
                if (rows > 0) != (figure.events > 0) {
                    return "\(figure.events) events of \(figure.institutionID) have \(rows) rows of evidence"
                }
            }
            return try differenceOfEvidence(bound, figures.map(\.institutionID), database)
                ?? differenceTogether(bound, alone: figures, database)
        } catch let error as any DiagnosableError {
            return error.diagnostic.message
        }
    }

    /// What differs when the evidence of several institutions is asked for in one statement, as a report does.
    private static func differenceOfEvidence(
        _ indicator: BoundIndicator, _ institutionIDs: [String], _ database: Database
    ) throws -> String? {
        let together = try IndicatorRun.evidence(of: indicator, institutionIDs: institutionIDs, runner: database)
        for (institutionID, rows) in zip(institutionIDs, together) {
            let alone = try IndicatorRun.evidence(of: indicator, institutionID: institutionID, runner: database)
            if rows.schema.fields.map(\.name) != alone.schema.fields.map(\.name) || rows.rows() != alone.rows() {
                return "with the evidence of others it finds other evidence of \(institutionID) than alone"
            }
        }
        return nil
    }

    /// What differs when figures and lines are asked for in one statement, as a report does.
    private static func differenceTogether(
        _ indicator: BoundIndicator, alone figures: [IndicatorFigure], _ database: Database
    ) throws -> String? {
        guard let query = indicator.linesQuery else { return nil }
        let together = try IndicatorRun.figuresAndLines(of: indicator, runner: database)
        if together.figures != figures { return "with its lines it finds \(words(together.figures)); alone \(words(figures))" }
        let lines = try database.run(sql: IndicatorRun.linesQuery(query))
        func sorted(_ answer: QueryResult) -> [String] { answer.rows().map { "\($0)" }.sorted() }
        if together.lines.map(sorted) != sorted(lines) { return "with its figures it finds other lines than alone" }
        return nil
    }

    private static func words(_ figures: [IndicatorFigure]) -> String {
        if figures.isEmpty { return "nothing" }
        return figures.map {
            "\($0.institutionID) \($0.events) \($0.exposure) \(DecimalText.string(unscaled: $0.amountCents, scale: 2))"
        }.joined(separator: "; ")
    }
}
