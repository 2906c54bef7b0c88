import Columns

/// The cheapest tree of joins, found by trying every way to cut every set of tables in two.
struct JoinSearch {
    /// More tables are joined one after the other: the search takes 3^n steps.
    static let relationLimit = 9

    private struct Entry {
        var rows: Double
        var cost = Double.infinity
        /// The tables of the side that streams; 0 for a single table.
        var left = 0
    }

    private let graph: JoinGraph
    private var entries: [Entry] = []
    /// Relations that are read from a table, so that how many rows they have is known about: a bit each.
    private let stored: Int

    /// The cost of pairing all rows of sides whose sizes are a guess: more than any join by a key.
    private static let costOfGuessedPairs = 1e15

    init(_ graph: JoinGraph) {
        self.graph = graph
        stored = graph.relations.indices.reduce(0) { JoinSearch.isStored(graph.relations[$1]) ? $0 | (1 << $1) : $0 }
    }

    private static func isStored(_ plan: LogicalPlan) -> Bool {
        switch plan {
        case .scan, .values: true
        case .project(let input, _), .filter(let input, _): isStored(input)
        default: false
        }
    }

    mutating func plan() -> LogicalPlan {
        let count = graph.relations.count
        let all = (1 << count) - 1
        entries = [Entry](repeating: Entry(rows: 1), count: all + 1)
        for set in 1...all {
            // By the last table, so that the figure does not depend on how the set is cut.
            let last = Int.bitWidth - 1 - set.leadingZeroBitCount
            let others = set & ~(1 << last)
            if others == 0 {
                entries[set] = Entry(rows: graph.sizes[last], cost: 0)
                continue
            }
            entries[set].rows = graph.rows(adding: last, to: others, of: entries[others].rows)
            var left = (set - 1) & set
            while left != 0 {
                consider(left, set)
                left = (left - 1) & set
            }
        }
        let plan = tree(all)
        guard let condition = BoundExpression.conjunction(graph.single) else { return plan }
        return .filter(plan, condition)
    }

    private mutating func consider(_ left: Int, _ set: Int) {
        let right = set & ~left
        var cost = entries[left].cost + entries[right].cost
        if cost >= entries[set].cost { return }
        let (probed, built) = (entries[left].rows, entries[right].rows)
        if graph.isConnected(left, right) {
            cost += JoinSearch.cost(probing: probed, built: built)
        } else {
            cost += set & ~stored == 0 ? built + probed * built : JoinSearch.costOfGuessedPairs
        }
        cost += entries[set].rows
        // Ties keep what was found first, so that plans do not depend on chance.
        if cost < entries[set].cost {
            entries[set].cost = cost
            entries[set].left = left
        }
    }

    /// Rows of the right side go into a table, by one worker; the larger it is, the farther from the processor it lies.
    private static func cost(probing probed: Double, built: Double) -> Double {
        switch built {
        case ..<20_000: 4 * built + 0.5 * probed
        case ..<300_000: 6 * built + probed
        default: 10 * built + 2.5 * probed
        }
    }

    private func tree(_ set: Int) -> LogicalPlan {
        let left = entries[set].left
        if left == 0 { return graph.relations[set.trailingZeroBitCount] }
        let right = set & ~left
        let joined = JoinCondition.join(
            .cross, tree(left), tree(right), on: graph.conditions(joining: left, right))
        guard case .join(var node) = joined else { return joined }
        node.hasChosenSides = true
        return .join(node)
    }
}
