import Columns

/// A change of the plan that keeps its rows; it can be switched off by name.
protocol RewriteRule {
    static var name: String { get }
    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan
}

/// What rules may ask while they work on one plan of a statement.
final class RuleContext {
    let numbering: ColumnNumbering
    let cardinality: Cardinality
    let disabledRules: Set<String>

    init(numbering: ColumnNumbering, cardinality: Cardinality, disabledRules: Set<String>) {
        self.numbering = numbering
        self.cardinality = cardinality
        self.disabledRules = disabledRules
    }

    /// Rules that worked as a part of another one.
    private(set) var notes: [String] = []

    func note(_ name: String) {
        if !notes.contains(name) { notes.append(name) }
    }

    func isEnabled(_ name: String) -> Bool { !disabledRules.contains(name) }
}
