package import Engine

/// A case of an indicator's file with what the indicator finds in it: computed, not what the case expects.
package struct WorkedExample: Hashable, Sendable {
    package let example: IndicatorCase
    /// In the order of the institutions' ids.
    package let figures: [IndicatorFigure]
    /// For each table of the case the money at issue on the rows of each written line, in cents.
    ///
    /// Nil for a line without any, empty for tables other than claims; nil as a whole if the indicator tells no lines.
    package let moneyOfLines: [[Int128?]]?

    /// - Throws: `IndicatorError.badFile` if the store refuses the rows, or a setting names no parameter; the engine's errors.
    package init(_ example: IndicatorCase, of indicator: Indicator, engine: EngineOptions) throws {
        let store: CaseStore
        do {
            store = try CaseStore(example, engine: engine)
        } catch let error as CaseStore.LoadingError {
            throw IndicatorError.badFile(
                file: indicator.file ?? indicator.id + ".sql", line: example.line,
                message: "the rows of \(error.table) cannot be loaded: \(error.message)", mend: "mend the rows of the test")
        }
        let bound = try BoundIndicator(indicator, overrides: example.settings, period: .all).fitted(to: store.database)
        self.example = example
        figures = try IndicatorRun.figures(of: bound, runner: store.database)
        moneyOfLines = try store.moneyOfLines(bound).map { money in
            zip(example.tables, CaseRows.claimLines(of: example)).map { table, keys in
                guard !keys.isEmpty else { return [] }
                var next = 0
                return table.repeats.map { count in
                    defer { next += count }
                    let found = keys[next..<(next + count)].compactMap { money[$0] }
                    return found.isEmpty ? nil : found.reduce(0, +)
                }
            }
        }
    }
}
