import Columns
import Planning

/// The frame of each row of a window, as places in the window's order.
struct WindowFrames {
    private let order: WindowOrder
    private let frame: WindowFrame
    private let partitionStart: [Int32]
    private let partitionEnd: [Int32]
    /// Frame borders by place, before exclusion.
    private var starts: [Int32]
    private var ends: [Int32]

    init(
        _ item: WindowColumn, _ rows: Batch, _ order: WindowOrder, layout: [ColumnID: Int]
    ) throws(ExecutionError) {
        self.order = order
        frame = item.frame
        let count = rows.rowCount
        var partitionStart = [Int32](repeating: 0, count: count)
        var partitionEnd = partitionStart
        for partition in 0..<(order.partitions.count - 1) {
            for place in order.partitions[partition]..<order.partitions[partition + 1] {
                partitionStart[place] = Int32(truncatingIfNeeded: order.partitions[partition])
                partitionEnd[place] = Int32(truncatingIfNeeded: order.partitions[partition + 1])
            }
        }
        self.partitionStart = partitionStart
        self.partitionEnd = partitionEnd
        let borders = FrameBorders(
            item: item, rows: rows, order: order, layout: layout, partitionStart: partitionStart,
            partitionEnd: partitionEnd)
        starts = try borders.places(item.frame.start, isEnd: false)
        ends = try borders.places(item.frame.end, isEnd: true)
        for place in 0..<count where ends[place] < starts[place] { ends[place] = starts[place] }
    }

    /// Whether every frame is the row's whole partition.
    var areWholePartitions: Bool {
        frame.exclusion == .none && starts == partitionStart && ends == partitionEnd
    }

    /// Whether every frame starts with its partition.
    var startWithPartition: Bool { frame.exclusion == .none && starts == partitionStart }

    func end(_ place: Int) -> Int { Int(ends[place]) }

    /// The places of a row's frame, ascending.
    func ranges(_ place: Int) -> [Range<Int>] {
        let whole = Int(starts[place])..<Int(ends[place])
        let peers = Int(order.peerStart[place])..<Int(order.peerEnd[place])
        switch frame.exclusion {
        case .none: return [whole]
        case .currentRow: return WindowFrames.without(whole, place..<(place + 1))
        case .group: return WindowFrames.without(whole, peers)
        case .ties:
            return WindowFrames.without(whole, peers.lowerBound..<place).flatMap {
                WindowFrames.without($0, (place + 1)..<peers.upperBound)
            }
        }
    }

    private static func without(_ range: Range<Int>, _ hole: Range<Int>) -> [Range<Int>] {
        let hole = hole.clamped(to: range)
        if hole.isEmpty { return [range] }
        return [range.lowerBound..<hole.lowerBound, hole.upperBound..<range.upperBound].filter { !$0.isEmpty }
    }
}

/// Finds the borders of frames.
struct FrameBorders {
    let item: WindowColumn
    let rows: Batch
    let order: WindowOrder
    let layout: [ColumnID: Int]
    let partitionStart: [Int32]
    let partitionEnd: [Int32]

    private var count: Int { rows.rowCount }

    /// For each place, the first place of its frame, or the place after its last.
    func places(_ bound: WindowFrame.Bound, isEnd: Bool) throws(ExecutionError) -> [Int32] {
        switch bound {
        case .unboundedPreceding: return partitionStart
        case .unboundedFollowing: return partitionEnd
        case .currentRow:
            if item.frame.mode == .rows {
                return (0..<count).map { Int32(truncatingIfNeeded: isEnd ? $0 + 1 : $0) }
            }
            return isEnd ? order.peerEnd : order.peerStart
        case .preceding(let distance): return try shifted(distance, sign: -1, isEnd: isEnd)
        case .following(let distance): return try shifted(distance, sign: 1, isEnd: isEnd)
        }
    }

    private func shifted(_ distance: BoundExpression, sign: Int64, isEnd: Bool) throws(ExecutionError) -> [Int32] {
        if item.frame.mode == .range { return try RangeBorders(self, distance, sign: sign).places(isEnd: isEnd) }
        let offset = try offsets(distance)
        var result = [Int32](repeating: 0, count: count)
        var groupOf: [Int] = []
        var groupStarts: [Int32] = []
        if item.frame.mode == .groups {
            for place in 0..<count {
                if Int(order.peerStart[place]) == place { groupStarts.append(Int32(truncatingIfNeeded: place)) }
                groupOf.append(groupStarts.count - 1)
            }
        }
        for place in 0..<count {
            let step = Int64(clamping: Int128(offset[Int(order.order[place])]) * Int128(sign))
            let low = Int64(partitionStart[place])
            let high = Int64(partitionEnd[place])
            if item.frame.mode == .rows {
                let target = Int64(place).addingReportingOverflow(step)
                let own = target.overflow ? (step < 0 ? low - 1 : high) : target.partialValue
                result[place] = Int32(truncatingIfNeeded: min(max(own + (isEnd ? 1 : 0), low), high))
            } else {
                let target = Int64(groupOf[place]).addingReportingOverflow(step)
                let own = target.overflow ? (step < 0 ? -1 : Int64(groupStarts.count)) : target.partialValue
                let border = isEnd ? own + 1 : own
                let start =
                    border < 0 ? 0 : border < Int64(groupStarts.count) ? Int64(groupStarts[Int(border)]) : Int64(count)
                result[place] = Int32(truncatingIfNeeded: min(max(start, low), high))
            }
        }
        return result
    }

    /// Offsets of ROWS and GROUPS by row: integers of at least 0.
    private func offsets(_ distance: BoundExpression) throws(ExecutionError) -> [Int64] {
        var state = ExpressionState()
        let vector = try ExpressionProgram(distance, columns: layout).evaluate(rows, &state).flattened()
        guard case .int64(let values) = vector.values, vector.validity == .allPresent, vector.type.scale == 0 else {
            throw ExecutionError(.invalidArgument("frame offset must not be null and must be an integer"), position: item.call.position)
        }
        if values.contains(where: { $0 < 0 }) {
            throw ExecutionError(.invalidArgument("frame offset must not be negative"), position: item.call.position)
        }
        return values
    }
}
