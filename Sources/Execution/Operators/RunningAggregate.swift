import Columns
import Planning

/// `count`, exact `sum`, `min` and `max` over frames that start with their partition: one pass over the rows.
struct RunningAggregate {
    private enum Kind { case count, sum, extreme(isMaximum: Bool) }

    private let kind: Kind
    private let call: AggregateCall
    private let input: Vector?
    private let kept: [UInt8]?
    private let order: WindowOrder
    private let frames: WindowFrames

    /// Nil if the call or the frames need another way.
    init?(_ call: AggregateCall, _ inputs: [Vector], _ kept: [UInt8]?, _ order: WindowOrder, _ frames: WindowFrames) {
        guard frames.startWithPartition, !call.isDistinct, inputs.count <= 1 else { return nil }
        switch call.name {
        case "count": kind = .count
        case "sum":
            guard let input = inputs.first, case .int64 = input.values, call.type.scale == input.type.scale else {
                return nil
            }
            kind = .sum
        case "min", "max":
            guard let input = inputs.first, OrderedBits.rows(of: input) != nil, !input.type.isWide else { return nil }
            kind = .extreme(isMaximum: call.name == "max")
        default: return nil
        }
        self.call = call
        input = inputs.first
        self.kept = kept
        self.order = order
        self.frames = frames
    }

    func vector() throws(ExecutionError) -> Vector {
        let count = order.order.count
        let keys = input.flatMap { OrderedBits.rows(of: $0) } ?? []
        var totals = [Int128](repeating: 0, count: count)
        var present = [UInt8](repeating: 1, count: count)
        for partition in 0..<(order.partitions.count - 1) {
            var next = order.partitions[partition]
            var total: Int128 = 0
            var seen = 0
            for place in order.partitions[partition]..<order.partitions[partition + 1] {
                // Ends never go back: they follow the order of the rows.
                if frames.end(place) < next {
                    next = order.partitions[partition]
                    total = 0
                    seen = 0
                }
                while next < frames.end(place) {
                    let row = Int(order.order[next])
                    next += 1
                    if let kept, kept[row] == 0 { continue }
                    if let input, !input.validity.isPresent(row) { continue }
                    switch kind {
                    case .count: total += 1
                    case .sum: total += Int128(keys[row])
                    case .extreme(let isMaximum):
                        let key = Int128(keys[row])
                        total = seen == 0 ? key : isMaximum ? max(total, key) : min(total, key)
                    }
                    seen += 1
                }
                let row = Int(order.order[place])
                totals[row] = total
                if case .count = kind { continue }
                if seen == 0 { present[row] = 0 }
            }
        }
        return try result(totals, Validity(compacting: present))
    }

    private func result(_ totals: [Int128], _ validity: Validity) throws(ExecutionError) -> Vector {
        if case .extreme = kind {
            return OrderedBits.vector(
                totals.map { Int64(truncatingIfNeeded: $0) }, type: input?.type ?? call.type, validity: validity)
        }
        if call.type.isWide {
            return Vector(type: call.type, count: totals.count, values: .int128(totals), validity: validity)
        }
        var rows: [Int64] = []
        rows.reserveCapacity(totals.count)
        for total in totals {
            guard let row = Int64(exactly: total) else {
                throw ExecutionError(.outOfRange(call.type.name), position: call.position)
            }
            rows.append(row)
        }
        return Vector(type: call.type, count: rows.count, values: .int64(rows), validity: validity)
    }
}
