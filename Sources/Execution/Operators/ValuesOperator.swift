import Columns
import Planning

/// The rows of VALUES, or the one row without columns of a SELECT without FROM.
enum ValuesOperator {
    static func relation(columns: [PlanColumn], rows: [[BoundExpression]], running: ExecutionOptions? = nil) throws(ExecutionError) -> Relation {
        guard !rows.isEmpty else { return Relation(columns: columns, batches: []) }
        var state = ExpressionState(running: running)
        let one = Batch(columns: [], rowCount: 1)
        var vectors: [Vector] = []
        for (index, column) in columns.enumerated() {
            var parts: [Vector] = []
            for row in rows {
                let value = try ExpressionProgram(row[index], columns: [:]).evaluate(one, &state).flattened()
                parts.append(Vector(type: column.type, count: 1, values: value.values, validity: value.validity))
            }
            vectors.append(Vector.concatenated(ValuesOperator.sameKind(parts), type: column.type))
        }
        return Relation.cut(vectors, rowCount: rows.count, columns: columns)
    }

    /// NULLs take the kind of the column's other rows: an untyped NULL may have come in another shape.
    private static func sameKind(_ parts: [Vector]) -> [Vector] {
        parts.map { part in
            part.validity.isPresent(0) ? part : .flatConstant(.null, type: part.type, count: 1)
        }
    }
}
