import Columns
import Planning

/// One conjunct of a folding scan's filters.
struct RunFilter: Sendable {
    /// Fields it reads, as indexes into the scan's fields.
    let fields: [Int]
    let predicate: PredicateProgram
    /// What it asks of the sign of one field's values, if that is all it asks.
    let sign: SignTest?

    /// A comparison of a number with 0.
    struct SignTest: Sendable {
        /// Index into the scan's fields.
        let field: Int
        let keepsPositive: Bool
        let keepsNegative: Bool
    }

    init(_ filter: BoundExpression, layout: [ColumnID: Int]) throws(ExecutionError) {
        predicate = try PredicateProgram(predicates: [filter], columns: layout)
        fields = predicate.columns
        sign = RunFilter.sign(filter, layout)
    }

    private static func sign(_ filter: BoundExpression, _ layout: [ColumnID: Int]) -> SignTest? {
        guard case .comparison(let given, let left, let right) = filter else { return nil }
        let (comparison, column, constant) =
            if case .column = left { (given, left, right) } else { (given.swapped, right, left) }
        guard case .column(let id, let type) = column, type.scale != nil, let field = layout[id], isZero(constant) else {
            return nil
        }
        switch comparison {
        case .greater, .greaterOrEqual: return SignTest(field: field, keepsPositive: true, keepsNegative: false)
        case .less, .lessOrEqual: return SignTest(field: field, keepsPositive: false, keepsNegative: true)
        case .notEqual: return SignTest(field: field, keepsPositive: true, keepsNegative: true)
        case .equal: return SignTest(field: field, keepsPositive: false, keepsNegative: false)
        }
    }

    private static func isZero(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .constant(.integer(0), _): true
        case .constant(.numeric(let unscaled, _), _): unscaled == 0
        default: false
        }
    }
}
