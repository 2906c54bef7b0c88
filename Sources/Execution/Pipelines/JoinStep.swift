import Columns
import Planning

/// Appends the streaming half of a join to the pipeline of its probe side.
struct JoinStep: Sendable {
    let context: ExecutionContext

    /// Keys whose sides are expressions of one representation.
    struct Keys {
        var left: [ExpressionProgram] = []
        var right: [ExpressionProgram] = []
        var isNullSafe: [Bool] = []
    }

    /// A pipeline that streams `left` past build rows in memory.
    func probing(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ rightColumns: [PlanColumn], _ build: Batch,
        buildFirst: Bool, _ counters: OperatorCounters, matched: MatchedRows?
    ) throws(ExecutionError) -> Pipeline {
        let buildLayout = Pipeline(source: left.source, columns: rightColumns).layout
        let keys = try keys(node, left.layout, buildLayout)
        let columns = buildFirst ? rightColumns + left.columns : left.columns + rightColumns
        let probe = JoinProbe(
            kind: kind, build: build, buildColumnsFirst: buildFirst, probePrograms: keys.left,
            buildPrograms: keys.right, isNullSafe: keys.isNullSafe, residual: try residual(node, columns),
            counters: counters, options: context.options, matched: matched)
        var pipeline = left
        pipeline.operators.append(probe)
        switch kind {
        case .semi, .anti, .mark: break
        case .inner, .left, .single: pipeline.columns = columns
        }
        if kind == .semi { pipeline.estimatedShare /= 4 }
        return pipeline
    }

    func keys(_ node: JoinNode, _ left: [ColumnID: Int], _ right: [ColumnID: Int]) throws(ExecutionError) -> Keys {
        var keys = Keys()
        for pair in node.keys {
            keys.left.append(try ExpressionProgram(pair.left, columns: left))
            keys.right.append(try ExpressionProgram(pair.right, columns: right))
            keys.isNullSafe.append(pair.isNullSafe)
        }
        return keys
    }

    private func residual(_ node: JoinNode, _ columns: [PlanColumn]) throws(ExecutionError) -> PredicateProgram? {
        guard let condition = node.residual else { return nil }
        let layout = Pipeline(source: RelationSource(relation: Relation(columns: [], batches: [])), columns: columns).layout
        return try PredicateProgram(predicates: [condition], columns: layout)
    }
}
