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
        case .int128(let rows): for row in 0..<rows.count { take(rows[row], Int(groups[row])) }
        case .int64(let rows): for row in 0..<rows.count { take(Int128(rows[row]), Int(groups[row])) }
        default: break
        }
    }

    @inline(__always)
    private func take(_ value: Int128, _ group: Int) {
        if present[group] == 0 || (isMaximum ? value > best[group] : value < best[group]) { best[group] = value }
        present[group] = 1
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? WideExtremeState else { return }
        for group in 0..<other.best.count where other.present[group] != 0 {
            take(other.best[group], Int(map[group]))
        }
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        Vector(type: type, count: groupCount, values: .int128(best), validity: Validity(compacting: present))
    }
}
