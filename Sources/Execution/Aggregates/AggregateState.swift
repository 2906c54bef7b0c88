import Columns

/// The running values of one aggregate for all groups one worker has met, in arrays indexed by group.
///
/// Unchecked because a state belongs to one worker until all are done, then to the one task that merges it.
class AggregateState: @unchecked Sendable {
    /// Bytes it holds, roughly.
    var byteCount: Int { 0 }

    /// Whether the sum of neighbouring rows of a group says as much as these rows do.
    var canTakeSums: Bool { false }

    /// Makes room for groups up to `groupCount`.
    func grow(to groupCount: Int) {}

    /// Takes in one batch.
    ///
    /// - Parameters:
    ///   - inputs: The arguments (then order keys) of the call, one vector each.
    ///   - position: Morsel of the batch.
    func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        preconditionFailure("an aggregate without update")
    }

    /// Takes in what another worker gathered; group `g` there is group `map[g]` here.
    func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        preconditionFailure("an aggregate without absorb")
    }

    /// The result for each group.
    func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        preconditionFailure("an aggregate without finish")
    }
}

extension Array {
    /// Appends `item` until there are `count` items; grows by doubling.
    mutating func pad(to newCount: Int, with item: Element) {
        guard newCount > count else { return }
        if newCount > capacity { reserveCapacity(Swift.max(newCount, capacity * 2)) }
        append(contentsOf: repeatElement(item, count: newCount - count))
    }
}
