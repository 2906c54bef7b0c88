import Columns
import Diagnostics
import Planning
import SQL

/// Plans the one query of a text over the contract's tables.
func plan(
    _ text: String, catalog: any Catalog = ClaimsCatalog(), without rules: Set<String> = [], asOf: Int64? = nil
) throws -> PlannedQuery {
    guard case .select(let query) = try PostgresParser.parseOne(text) else {
        throw PlanningError("the test's text is no query", at: 0)
    }
    return try Planner.plan(query, catalog: catalog, options: PlannerOptions(disabledRules: rules, asOf: asOf))
}

/// The plan's text without the last line end.
func planText(_ text: String, without rules: Set<String> = []) throws -> String {
    let printed = PlanPrinter.text(of: try plan(text, without: rules).plan)
    return String(printed.dropLast())
}

/// The error of a query that must not plan, and the text from its position on.
func planningError(_ text: String, catalog: any Catalog = ClaimsCatalog()) -> (error: PlanningError, rest: String)? {
    do {
        _ = try plan(text, catalog: catalog)
        return nil
    } catch let error as PlanningError {
        let bytes = Array(text.utf8)
        let start = min(max(error.position, 0), bytes.count)
        return (error, error.position < 0 ? "?" : String(decoding: bytes[start...], as: UTF8.self))
    } catch {
        return (PlanningError("\(error)", at: -1), "?")
    }
}
