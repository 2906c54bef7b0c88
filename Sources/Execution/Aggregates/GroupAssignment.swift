import Columns

/// Which group each row of a batch belongs to.
enum GroupAssignment: Sendable {
    /// All rows belong to group 0.
    case single(rowCount: Int)
    case rows([UInt32])
    /// One group a run; no run is empty.
    case runs([UInt32], RunMap)

    var rowCount: Int {
        switch self {
        case .single(let rowCount): rowCount
        case .rows(let groups): groups.count
        case .runs(_, let map): map.rowCount
        }
    }

    /// The group of each row; nil where all rows belong to group 0.
    var groupOfRow: [UInt32]? {
        switch self {
        case .single: return nil
        case .rows(let groups): return groups
        case .runs(let groups, let map): return spread(groups, map.starts)
        }
    }

    /// The same for some of the rows.
    func selecting(_ selection: [Int32]) -> GroupAssignment {
        guard let groups = groupOfRow else { return .single(rowCount: selection.count) }
        return .rows(gather(groups, selection))
    }
}

/// A flat vector lined up with groups, in the form that needs the least work.
struct AlignedInput {
    enum Shape {
        /// Row `i` belongs to `groups[i]`.
        case rows([UInt32])
        /// Rows `starts[r]..<starts[r + 1]` belong to `groups[r]`.
        case folded(groups: [UInt32], starts: [Int32])
        /// Item `r` stands for `starts[r + 1] - starts[r]` equal rows of `groups[r]`.
        case weighted(groups: [UInt32], starts: [Int32])
    }

    let vector: Vector
    let shape: Shape

    init(_ vector: Vector, _ groups: GroupAssignment) {
        switch (groups, vector.values) {
        case (.single, .runs(let child, let map)):
            self.vector = child.flattened()
            shape = .weighted(groups: [UInt32](repeating: 0, count: map.runCount), starts: map.starts)
        case (.single(let rowCount), .constant(let value)):
            self.vector = .flatConstant(value, type: vector.type, count: 1)
            shape = .weighted(groups: [0], starts: [0, Int32(truncatingIfNeeded: rowCount)])
        case (.single(let rowCount), _):
            self.vector = vector
            shape = .folded(groups: [0], starts: [0, Int32(truncatingIfNeeded: rowCount)])
        case (.rows(let groups), _):
            self.vector = vector.flattened()
            shape = .rows(groups)
        case (.runs(let groups, let map), .runs(let child, let other)) where map === other:
            self.vector = child.flattened()
            shape = .weighted(groups: groups, starts: map.starts)
        case (.runs(let groups, let map), .constant(let value)):
            self.vector = .flatConstant(value, type: vector.type, count: map.runCount)
            shape = .weighted(groups: groups, starts: map.starts)
        case (.runs(let groups, let map), _):
            self.vector = vector.flattened()
            shape = .folded(groups: groups, starts: map.starts)
        }
    }

    /// The group of each row of `vector`, whatever the weight.
    var groupOfItem: [UInt32] {
        switch shape {
        case .rows(let groups), .weighted(let groups, _): groups
        case .folded(let groups, let starts): spread(groups, starts)
        }
    }

    /// Items that are present, and their groups.
    func presentItems() -> (vector: Vector, groups: [UInt32]) {
        guard case .mask(let mask) = vector.validity else { return (vector, groupOfItem) }
        var kept: [Int32] = []
        kept.reserveCapacity(mask.count)
        for row in 0..<mask.count where mask[row] != 0 { kept.append(Int32(truncatingIfNeeded: row)) }
        return (vector.gathered(kept), gather(groupOfItem, kept))
    }
}
