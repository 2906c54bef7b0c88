package import Columns

/// Names one column of a plan, unique in the whole statement: rewrite rules move expressions without renumbering.
package struct ColumnID: Hashable, Comparable, Sendable {
    package let number: Int
    package init(_ number: Int) { self.number = number }
    package static func < (left: ColumnID, right: ColumnID) -> Bool { left.number < right.number }
}

/// A column that a plan node puts out.
package struct PlanColumn: Hashable, Sendable {
    package var id: ColumnID
    package var name: String
    package var type: LogicalType
    package var isNullable: Bool

    package init(id: ColumnID, name: String, type: LogicalType, isNullable: Bool = true) {
        self.id = id
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

package enum ComparisonOperator: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

package enum ArithmeticOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
}

/// An expression with every name resolved and every type decided. Three-valued logic throughout.
///
/// The binder has inserted all casts, so that:
/// - both sides of a comparison have the same type, save that numerics may differ in scale and width, and integer and
///   bigint mix (both are `Int64`);
/// - arithmetic operands are both integer/bigint, both numeric (scales may differ; the result type's scale says how to align),
///   both double, or a date/timestamp/interval combination as in PostgreSQL;
/// - a NULL literal has the type its context needs.
package indirect enum BoundExpression: Hashable, Sendable {
    case constant(ScalarValue, LogicalType)
    case column(ColumnID, LogicalType)
    /// A column of an enclosing query; gone after decorrelation.
    case outerColumn(ColumnID, LogicalType)
    case cast(BoundExpression, to: LogicalType, position: Int)
    case comparison(ComparisonOperator, BoundExpression, BoundExpression)
    /// `left is [not] distinct from right`.
    case distinct(BoundExpression, BoundExpression, negated: Bool)
    /// The position is where run-time errors (overflow, division by zero) point in the statement.
    case arithmetic(ArithmeticOperator, BoundExpression, BoundExpression, LogicalType, position: Int)
    case negate(BoundExpression, LogicalType, position: Int)
    case and([BoundExpression])
    case or([BoundExpression])
    case not(BoundExpression)
    case isNull(BoundExpression, negated: Bool)
    /// `expression is [not] true/false`; never NULL.
    case isTruth(BoundExpression, value: Bool, negated: Bool)
    /// `value in (items)`; with a NULL among the items, no match gives NULL.
    case inList(BoundExpression, [BoundExpression], negated: Bool)
    /// escape: the escape character's byte, nil for none.
    case like(BoundExpression, pattern: BoundExpression, escape: UInt8?, caseInsensitive: Bool, negated: Bool)
    case caseWhen([BoundBranch], otherwise: BoundExpression, LogicalType)
    case coalesce([BoundExpression], LogicalType)
    /// A scalar function by its canonical name, see `FunctionSignatures`.
    case call(name: String, arguments: [BoundExpression], LogicalType, position: Int)
    /// A subquery not yet turned into a join; gone after decorrelation.
    case subquery(BoundSubquery)
}

/// One `when condition then result`.
package struct BoundBranch: Hashable, Sendable {
    package var condition: BoundExpression
    package var result: BoundExpression
    package init(condition: BoundExpression, result: BoundExpression) {
        self.condition = condition
        self.result = result
    }
}

/// A subquery inside an expression, before it becomes a join.
package struct BoundSubquery: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case scalar
        case exists(negated: Bool)
        /// `left comparison any/all (plan's only column)`.
        case quantified(left: BoundExpression, ComparisonOperator, isAll: Bool, negated: Bool)
    }
    package var kind: Kind
    package var plan: LogicalPlan
    package var type: LogicalType
    package var position: Int
    package init(kind: Kind, plan: LogicalPlan, type: LogicalType, position: Int) {
        self.kind = kind
        self.plan = plan
        self.type = type
        self.position = position
    }
}

extension BoundExpression {
    /// The type of the expression's value.
    package var type: LogicalType {
        switch self {
        case .constant(_, let type), .column(_, let type), .outerColumn(_, let type), .cast(_, let type, _),
            .arithmetic(_, _, _, let type, _), .negate(_, let type, _), .caseWhen(_, _, let type),
            .coalesce(_, let type), .call(_, _, let type, _):
            type
        case .comparison, .distinct, .and, .or, .not, .isNull, .isTruth, .inList, .like: .boolean
        case .subquery(let subquery): subquery.type
        }
    }
}
