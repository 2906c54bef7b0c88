extension LogicalPlan {
    /// Whether the plan reads the rows that the step before gave, of the recursive query with this id.
    ///
    /// Definitions of `.shared` count, each looked at once.
    package func reads(working id: Int) -> Bool {
        var seen: Set<Int> = []
        return reads(working: id, &seen)
    }

    /// - Parameter seen: Plans computed once that are known not to.
    private func reads(working id: Int, _ seen: inout Set<Int>) -> Bool {
        switch self {
        case .working(let own, _): return own == id
        case .shared(let share, let definition, _):
            if seen.contains(share) { return false }
            let found = definition.reads(working: id, &seen)
            if !found { seen.insert(share) }
            return found
        case .recursive(let node):
            return node.base.reads(working: id, &seen) || node.step.reads(working: id, &seen)
        default:
            for input in inputs where input.reads(working: id, &seen) { return true }
            return false
        }
    }
}
