package import Columns
package import Planning

/// A bound expression made ready for batches of one layout. Immutable; any number of workers may use it at once.
///
/// The result keeps the cheapest shape that is right: a constant stays one, an expression over columns with one run map
/// is computed once a run, and one over a single dictionary column once an entry.
package final class ExpressionProgram: Sendable {
    let root: ExpressionNode

    package var type: LogicalType { root.type }

    /// Indexes of the batch columns the expression reads, ascending.
    package var columns: [Int] { root.columns }

    /// Whether evaluation of a row can fail (overflow, division by zero, bad text …).
    package var canRaise: Bool { root.canRaise }

    /// - Parameter columns: Index in `Batch.columns` of each column the expression names.
    /// - Throws: `.unsupported` for an expression that has no evaluation (an unknown function, a subquery).
    package init(_ expression: BoundExpression, columns: [ColumnID: Int]) throws(ExecutionError) {
        root = try ExpressionCompiler(columns: columns).compile(expression)
    }

    /// The value of the expression for each row of the batch.
    package func evaluate(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        try root.evaluate(batch, &state)
    }
}
