import Columns
import Execution
import Planning
import SQL

/// `explain [analyze]`, as text or JSON.
extension Database {
    func explainRows(_ explain: Explain, _ parsed: ParsedStatement, text: String) throws -> QueryResult {
        let query: Query
        switch explain.statement {
        case .select(let own): query = own
        case .createTableAs(let table) where !explain.analyze: query = table.query
        case .createView(let view) where !explain.analyze: query = view.query
        case .copyTo(let copy) where !explain.analyze && copy.columns.isEmpty: query = Database.query(of: copy.source)
        default: throw Database.unsupported("explain of this statement", parsed, text)
        }
        let catalog = try catalog()
        let start = ContinuousClock.now
        let isShown = if case .select = explain.statement { true } else { false }
        let planned = try plan(query, text: text, catalog: catalog, isShown: isShown)
        var report = ExplainReport(
            lines: PlanPrinter.lines(of: planned.plan, estimatingBy: catalog), appliedRules: planned.appliedRules,
            disabledRules: options.disabledRules.sorted(), planning: ContinuousClock.now - start)
        if explain.analyze {
            let profile = QueryProfile(countsBlocks: true)
            let start = ContinuousClock.now
            // Every operator of the plan is to show what it does.
            let result = try execute(planned, text: text, profile: profile, remembers: false)
            report.setRun(profile, duration: ContinuousClock.now - start, rowCount: result.rowCount)
        }
        var rows = ResultRows(fields: [Field(name: "plan", type: .text)])
        if explain.formatJSON {
            rows.append([.text(report.json)])
        } else {
            for line in report.text { rows.append([.text(line)]) }
        }
        return rows.result()
    }
}
