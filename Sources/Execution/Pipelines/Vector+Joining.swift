package import Columns

extension Vector {
    /// The rows of all vectors, one after the other, in a flat shape.
    package static func concatenated(_ vectors: [Vector], type: LogicalType) -> Vector {
        let parts = vectors.filter { $0.count > 0 }.map { $0.flattened() }
        guard let first = parts.first else { return .flatConstant(.null, type: type, count: 0) }
        if parts.count == 1 { return first }
        let count = parts.reduce(0) { $0 + $1.count }
        return Vector(type: first.type, count: count, values: joinedValues(parts, count), validity: joinedValidity(parts, count))
    }

    private static func joinedValidity(_ parts: [Vector], _ count: Int) -> Validity {
        if parts.allSatisfy({ $0.validity == .allPresent }) { return .allPresent }
        var mask: [UInt8] = []
        mask.reserveCapacity(count)
        for part in parts {
            switch part.validity {
            case .allPresent: mask.append(contentsOf: repeatElement(1, count: part.count))
            case .mask(let rows): mask.append(contentsOf: rows)
            }
        }
        return Validity(compacting: mask)
    }

    private static func joinedValues(_ parts: [Vector], _ count: Int) -> VectorValues {
        switch parts[0].values {
        case .boolean: return .boolean(join(parts, count) { if case .boolean(let rows) = $0 { rows } else { nil } })
        case .int32: return .int32(join(parts, count) { if case .int32(let rows) = $0 { rows } else { nil } })
        case .double: return .double(join(parts, count) { if case .double(let rows) = $0 { rows } else { nil } })
        case .interval: return .interval(join(parts, count) { if case .interval(let rows) = $0 { rows } else { nil } })
        case .int64, .int128:
            let isNarrow = parts.allSatisfy { if case .int64 = $0.values { true } else { false } }
            if isNarrow { return .int64(join(parts, count) { if case .int64(let rows) = $0 { rows } else { nil } }) }
            return .int128(
                join(parts, count) {
                    switch $0 {
                    case .int128(let rows): rows
                    case .int64(let rows): rows.map { Int128($0) }
                    default: nil
                    }
                })
        case .dictionary, .identifier, .string, .constant, .runs: return joinedText(parts, count)
        }
    }

    private static func join<T>(_ parts: [Vector], _ count: Int, _ rows: (VectorValues) -> [T]?) -> [T] {
        var result: [T] = []
        result.reserveCapacity(count)
        for part in parts {
            guard let values = rows(part.values) else { preconditionFailure("parts of one column differ in kind") }
            result.append(contentsOf: values)
        }
        return result
    }

    /// Codes stay codes where all parts share a domain; otherwise one new dictionary is made.
    private static func joinedText(_ parts: [Vector], _ count: Int) -> VectorValues {
        if case .dictionary(_, let domain) = parts[0].values,
            parts.allSatisfy({ if case .dictionary(_, let other) = $0.values { other === domain } else { false } })
        {
            return .dictionary(
                codes: join(parts, count) { if case .dictionary(let codes, _) = $0 { codes } else { nil } }, domain)
        }
        if case .identifier(_, let domain) = parts[0].values,
            parts.allSatisfy({ if case .identifier(_, let other) = $0.values { other === domain } else { false } })
        {
            return .identifier(
                codes: join(parts, count) { if case .identifier(let codes, _) = $0 { codes } else { nil } }, domain)
        }
        if let strings = joinedStrings(parts, count) { return .string(strings) }
        let coder = TextCoder(.open)
        var codes: [UInt64] = []
        codes.reserveCapacity(count)
        for part in parts { codes.append(contentsOf: coder.codes(of: part, adding: true).codes) }
        return coder.vector(codes, validity: .allPresent).values
    }

    /// Nil if some parts are no strings as bytes, or all bytes are too many for one column.
    private static func joinedStrings(_ parts: [Vector], _ count: Int) -> StringColumn? {
        var byteCount = 0
        for part in parts {
            guard case .string(let strings) = part.values else { return nil }
            byteCount += strings.bytes.count
        }
        guard byteCount <= Int(UInt32.max) else { return nil }
        var offsets: [UInt32] = []
        var bytes: [UInt8] = []
        offsets.reserveCapacity(count + 1)
        bytes.reserveCapacity(byteCount)
        offsets.append(0)
        for part in parts {
            guard case .string(let strings) = part.values else { return nil }
            let base = UInt32(bytes.count)
            for row in 0..<part.count { offsets.append(base &+ strings.offsets[row + 1]) }
            bytes.append(contentsOf: strings.bytes)
        }
        return StringColumn(offsets: offsets, bytes: bytes)
    }

    /// Rows `indices`, where an index below 0 gives NULL.
    func gatheredOrNull(_ indices: [Int32]) -> Vector {
        var isMissing = false
        for index in indices where index < 0 { isMissing = true }
        if !isMissing { return gathered(indices) }
        if count == 0 { return .flatConstant(.null, type: type, count: indices.count) }
        let safe = indices.map { Swift.max($0, 0) }
        let found = indices.map { UInt8($0 >= 0 ? 1 : 0) }
        let rows = gathered(safe).flattened()
        return Vector(
            type: rows.type, count: rows.count, values: rows.values,
            validity: rows.validity.intersection(Validity(compacting: found)))
    }
}

extension Batch {
    /// The same rows with runs of no rows left out of every run map.
    func withoutEmptyRuns() -> Batch {
        var maps: [(old: RunMap, new: RunMap, kept: [Int32]?)] = []
        var result = self
        for (index, column) in columns.enumerated() {
            guard case .runs(let child, let map) = column.values else { continue }
            let entry: (old: RunMap, new: RunMap, kept: [Int32]?)
            if let known = maps.first(where: { $0.old === map }) {
                entry = known
            } else {
                let compact = map.withoutEmptyRuns()
                entry = (map, compact.map, compact.kept)
                maps.append(entry)
            }
            if let kept = entry.kept { result.columns[index] = .runs(child.gathered(kept), map: entry.new) }
        }
        return result
    }
}

extension RunMap {
    /// The map without runs of no rows, and which runs it keeps; nil where it keeps all.
    func withoutEmptyRuns() -> (map: RunMap, kept: [Int32]?) {
        var filled = 0
        for run in 0..<runCount where starts[run] < starts[run + 1] { filled &+= 1 }
        if filled == runCount { return (self, nil) }
        var kept: [Int32] = []
        kept.reserveCapacity(filled)
        var newStarts: [Int32] = []
        newStarts.reserveCapacity(filled + 1)
        for run in 0..<runCount where starts[run] < starts[run + 1] {
            kept.append(Int32(truncatingIfNeeded: run))
            newStarts.append(starts[run])
        }
        newStarts.append(starts[runCount])
        return (RunMap(starts: newStarts), kept)
    }
}
