import Columns

/// `min` and `max` of 128-bit decimals.
final class WideExtremeState: AggregateState, @unchecked Sendable {
    private let isMaximum: Bool
    private let type: LogicalType
    private var best: [Int128] = []
    private var present: [UInt8] = []

    init(isMaximum: Bool, type: LogicalType) {
        self.isMaximum = isMaximum
        self.type = type
    }

    override var byteCount: Int { best.count * 17 }

    override func grow(to groupCount: Int) {
        best.pad(to: groupCount, with: 0)
        present.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let (vector, groups) = AlignedInput(inputs[0], groups).presentItems()
        switch vector.values {
        case .int128(let rows): takeWideExtremes(rows, groups, isMaximum, &best, &present)
        case .int64(let rows): takeWideExtremes(rows, groups, isMaximum, &best, &present)
        default: break
        }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? WideExtremeState else { return }
        let known = (0..<other.best.count).filter { other.present[$0] != 0 }
        takeWideExtremes(known.map { other.best[$0] }, known.map { map[$0] }, isMaximum, &best, &present)
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        Vector(type: type, count: groupCount, values: .int128(best), validity: Validity(compacting: present))
    }
}

/// A free function over arrays: a loop over a class's properties would check exclusivity each turn.
private func takeWideExtremes<Value: BinaryInteger>(
    _ rows: [Value], _ groups: [UInt32], _ isMaximum: Bool, _ best: inout [Int128], _ present: inout [UInt8]
) {
    for row in 0..<rows.count {
        let group = Int(groups[row])
        let value = Int128(rows[row])
        if present[group] == 0 || (isMaximum ? value > best[group] : value < best[group]) { best[group] = value }
        present[group] = 1
    }
}
