import Columns
import Planning

/// `greatest` and `least`: NULLs are ignored.
enum Extremes {
    /// - Parameter comparison: How a later argument must compare with the best so far to replace it.
    static func vector(_ call: FunctionCall, _ comparison: ComparisonOperator, _ state: inout ExpressionState) -> Vector
    {
        var best = call.inputs[0]
        for candidate in call.inputs.dropFirst() where !candidate.isConstantNull {
            if best.isConstantNull {
                best = candidate
                continue
            }
            let present = candidate.flatValidity.expanded(rowCount: call.count)
            let bestPresent = best.flatValidity.expanded(rowCount: call.count)
            let better = VectorComparison.mask(comparison, candidate, best, count: call.count, &state)
            let taken = Mask.and(present, Mask.or(better, Mask.not(bestPresent)))
            let pieces = [Blend.Piece(best, .mask(Mask.not(taken))), Blend.Piece(candidate, .mask(taken))]
            best = Blend.vector(pieces, type: call.type, count: call.count)
        }
        return best
    }
}
