import Columns
import Planning

/// One window function over all partitions.
struct WindowComputation {
    private let item: WindowColumn
    private let rows: Batch
    private let order: WindowOrder
    private let layout: [ColumnID: Int]
    private let options: ExecutionOptions

    init(
        _ item: WindowColumn, _ rows: Batch, _ order: WindowOrder, layout: [ColumnID: Int], _ options: ExecutionOptions
    ) {
        self.item = item
        self.rows = rows
        self.order = order
        self.layout = layout
        self.options = options
    }

    private var count: Int { rows.rowCount }

    /// One value for each input row.
    func vector() throws(ExecutionError) -> Vector {
        let call = item.call
        switch call.name {
        case "row_number", "rank", "dense_rank": return ranks(call.name)
        case "percent_rank", "cume_dist": return distribution(call.name)
        case "ntile": return try tiles()
        case "lag", "lead": return try shifted(isLead: call.name == "lead")
        case "first_value", "last_value", "nth_value": return try picked()
        default: return try aggregated()
        }
    }

    private func refusal(_ what: String) -> ExecutionError {
        ExecutionError(.unsupported(what), position: item.call.position)
    }

    // MARK: Ranks

    private func ranks(_ name: String) -> Vector {
        var result = [Int64](repeating: 0, count: count)
        for partition in 0..<(order.partitions.count - 1) {
            let first = order.partitions[partition]
            var dense: Int64 = 0
            for place in first..<order.partitions[partition + 1] {
                if Int(order.peerStart[place]) == place { dense += 1 }
                let value: Int64 =
                    switch name {
                    case "row_number": Int64(place - first + 1)
                    case "rank": Int64(Int(order.peerStart[place]) - first + 1)
                    default: dense
                    }
                result[Int(order.order[place])] = value
            }
        }
        return Vector(type: item.call.type, count: count, values: .int64(result))
    }

    private func distribution(_ name: String) -> Vector {
        var result = [Double](repeating: 0, count: count)
        for partition in 0..<(order.partitions.count - 1) {
            let first = order.partitions[partition]
            let size = order.partitions[partition + 1] - first
            for place in first..<(first + size) {
                let value =
                    name == "cume_dist"
                    ? Double(Int(order.peerEnd[place]) - first) / Double(size)
                    : size == 1 ? 0 : Double(Int(order.peerStart[place]) - first) / Double(size - 1)
                result[Int(order.order[place])] = value
            }
        }
        return Vector(type: .double, count: count, values: .double(result))
    }

    private func tiles() throws(ExecutionError) -> Vector {
        let wanted = try argument(0)
        var result = [Int64](repeating: 0, count: count)
        var present = [UInt8](repeating: 1, count: count)
        for partition in 0..<(order.partitions.count - 1) {
            let first = order.partitions[partition]
            let size = order.partitions[partition + 1] - first
            guard case .integer(let tileCount) = wanted.scalar(at: Int(order.order[first])) else {
                for place in first..<(first + size) { present[Int(order.order[place])] = 0 }
                continue
            }
            guard tileCount > 0 else {
                throw ExecutionError(
                    .invalidArgument("argument of ntile must be greater than zero"), position: item.call.position)
            }
            // The first `larger` tiles have one row more than the others.
            let (small, larger) = Int64(size).quotientAndRemainder(dividingBy: tileCount)
            for place in 0..<size {
                let row = Int64(place)
                let value =
                    row < larger * (small + 1) ? row / (small + 1) : larger + (row - larger * (small + 1)) / max(small, 1)
                result[Int(order.order[first + place])] = value + 1
            }
        }
        return Vector(
            type: item.call.type, count: count, values: .int64(result), validity: Validity(compacting: present))
    }

    // MARK: Values of other rows

    private func argument(_ index: Int) throws(ExecutionError) -> Vector {
        guard index < item.call.arguments.count else {
            throw refusal("\(item.call.name) with \(item.call.arguments.count) arguments is not supported")
        }
        var state = ExpressionState()
        return try ExpressionProgram(item.call.arguments[index], columns: layout).evaluate(rows, &state).flattened()
    }

    private func shifted(isLead: Bool) throws(ExecutionError) -> Vector {
        let values = try argument(0)
        let offsets = item.call.arguments.count > 1 ? try argument(1) : nil
        let fallback = item.call.arguments.count > 2 ? try argument(2) : nil
        // Row numbers of the values, then of the fallbacks, then -1 for NULL.
        var source = [Int32](repeating: -1, count: count)
        for partition in 0..<(order.partitions.count - 1) {
            let range = order.partitions[partition]..<order.partitions[partition + 1]
            for place in range {
                let row = Int(order.order[place])
                var offset: Int64 = 1
                if let offsets {
                    guard case .integer(let own) = offsets.scalar(at: row) else { continue }
                    offset = own
                }
                let (target, overflow) = isLead
                    ? Int64(place).addingReportingOverflow(offset) : Int64(place).subtractingReportingOverflow(offset)
                if !overflow, target >= Int64(range.lowerBound), target < Int64(range.upperBound) {
                    source[row] = order.order[Int(target)]
                } else if fallback != nil {
                    source[row] = Int32(truncatingIfNeeded: count + row)
                }
            }
        }
        guard let fallback else { return values.gatheredOrNull(source).flattened() }
        return Vector.concatenated([values, fallback], type: values.type).gatheredOrNull(source)
    }

    private func picked() throws(ExecutionError) -> Vector {
        let values = try argument(0)
        let positions = item.call.name == "nth_value" ? try argument(1) : nil
        let frames = try WindowFrames(item, rows, order, layout: layout)
        var source = [Int32](repeating: -1, count: count)
        var places: [Int] = []
        for place in 0..<count {
            let row = Int(order.order[place])
            var wanted = 1
            if let positions {
                guard case .integer(let own) = positions.scalar(at: row) else { continue }
                guard own > 0 else {
                    throw ExecutionError(
                        .invalidArgument("argument of nth_value must be greater than zero"), position: item.call.position)
                }
                wanted = Int(own)
            }
            places.removeAll(keepingCapacity: true)
            let ranges = frames.ranges(place)
            let size = ranges.reduce(0) { $0 + $1.count }
            var index = item.call.name == "last_value" ? size - 1 : wanted - 1
            if index < 0 || index >= size { continue }
            for range in ranges {
                if index < range.count {
                    source[row] = order.order[range.lowerBound + index]
                    break
                }
                index -= range.count
            }
        }
        return values.gatheredOrNull(source).flattened()
    }

    // MARK: Aggregates

    /// Aggregates over frames. Frames that are whole partitions are one aggregation; frames that start with the partition
    /// and only grow give one running aggregation; all others are aggregated one by one.
    private func aggregated() throws(ExecutionError) -> Vector {
        let factory = try AggregateFactory(item.call, hasGroups: true, isRoomy: true)
        var state = ExpressionState()
        var inputs: [Vector] = []
        for input in factory.inputs {
            inputs.append(try ExpressionProgram(input, columns: layout).evaluate(rows, &state).flattened())
        }
        var kept: [UInt8]?
        if let filter = factory.filter {
            kept = try PredicateProgram(predicates: [filter], columns: layout).select(rows, &state).mask(rowCount: count)
        }
        let frames = try WindowFrames(item, rows, order, layout: layout)
        if frames.areWholePartitions { return try overPartitions(factory, inputs, kept) }
        if let running = RunningAggregate(item.call, inputs, kept, order, frames) { return try running.vector() }
        return try frameByFrame(factory, inputs, kept, frames)
    }

    private func overPartitions(
        _ factory: AggregateFactory, _ inputs: [Vector], _ kept: [UInt8]?
    ) throws(ExecutionError) -> Vector {
        let partitionCount = order.partitions.count - 1
        var partitionOf = [Int32](repeating: 0, count: count)
        var groups: [UInt32] = []
        var rowsInOrder: [Int32] = []
        for partition in 0..<partitionCount {
            for place in order.partitions[partition]..<order.partitions[partition + 1] {
                let row = order.order[place]
                partitionOf[Int(row)] = Int32(truncatingIfNeeded: partition)
                if let kept, kept[Int(row)] == 0 { continue }
                groups.append(UInt32(truncatingIfNeeded: partition))
                rowsInOrder.append(row)
            }
        }
        let aggregate = factory.makeState()
        aggregate.grow(to: partitionCount)
        try aggregate.update(inputs.map { $0.gathered(rowsInOrder) }, .rows(groups), morsel: 0)
        let result = try aggregate.finish(groupCount: partitionCount, workerCount: options.workerCount)
        return result.gathered(partitionOf)
    }

    /// One group for each frame; frames are fed in pieces, so that memory stays bounded.
    private func frameByFrame(
        _ factory: AggregateFactory, _ inputs: [Vector], _ kept: [UInt8]?, _ frames: WindowFrames
    ) throws(ExecutionError) -> Vector {
        let pieceRowCount = 1 << 20
        var parts: [Vector] = []
        var place = 0
        while place < count {
            try options.checkRunning()
            let first = place
            var groups: [UInt32] = []
            var members: [Int32] = []
            while place < count, members.count < pieceRowCount {
                for range in frames.ranges(place) {
                    for member in range {
                        let row = order.order[member]
                        if let kept, kept[Int(row)] == 0 { continue }
                        members.append(row)
                        groups.append(UInt32(truncatingIfNeeded: place - first))
                    }
                }
                place += 1
            }
            // A state of its own for each piece: a layout chosen for one piece is roomy enough for all.
            let aggregate = factory.makeState()
            aggregate.grow(to: place - first)
            try aggregate.update(inputs.map { $0.gathered(members) }, .rows(groups), morsel: 0)
            parts.append(try aggregate.finish(groupCount: place - first, workerCount: options.workerCount))
        }
        let inOrder = Vector.concatenated(parts, type: item.call.type)
        var placeOf = [Int32](repeating: 0, count: count)
        for place in 0..<count { placeOf[Int(order.order[place])] = Int32(truncatingIfNeeded: place) }
        return inOrder.gathered(placeOf)
    }
}
