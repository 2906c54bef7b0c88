import CKernels

extension Vector {
    /// The same rows without `.runs` and `.constant` shapes: values of one flat kind, with a validity of its own.
    package func flattened() -> Vector {
        switch values {
        case .runs(let child, let map):
            return child.flattened().repeated(map)
        case .constant(let scalar):
            return Vector.flatConstant(scalar, type: type, count: count)
        default:
            return self
        }
    }

    /// Each of the flat rows as often as its run has rows.
    private func repeated(_ map: RunMap) -> Vector {
        let newValues: VectorValues
        switch values {
        case .boolean(let rows): newValues = .boolean(spread(rows, map.starts))
        case .int32(let rows): newValues = .int32(spread(rows, map.starts))
        case .int64(let rows): newValues = .int64(spread(rows, map.starts))
        case .int128(let rows): newValues = .int128(spread(rows, map.starts))
        case .double(let rows): newValues = .double(spread(rows, map.starts))
        case .dictionary(let codes, let dictionary): newValues = .dictionary(codes: spread(codes, map.starts), dictionary)
        case .identifier(let codes, let domain): newValues = .identifier(codes: spread(codes, map.starts), domain)
        case .interval, .string, .constant, .runs: return gathered(map.runOfRow())
        }
        let newValidity: Validity =
            switch validity {
            case .allPresent: .allPresent
            case .mask(let mask): Validity(compacting: spread(mask, map.starts))
            }
        return Vector(type: type, count: map.rowCount, values: newValues, validity: newValidity)
    }

    /// Rows `indices` in that order; an index may repeat. Runs are expanded first, except where `selecting` is used.
    package func gathered(_ indices: [Int32]) -> Vector {
        switch values {
        case .constant(let scalar): return .constant(scalar, type: type, count: indices.count)
        case .runs(let child, let map):
            let runOfRow = map.runOfRow()
            return child.gathered(gather(runOfRow, indices))
        default: break
        }
        let newValidity: Validity =
            switch validity {
            case .allPresent: .allPresent
            case .mask(let mask): Validity(compacting: gather(mask, indices))
            }
        let newValues: VectorValues =
            switch values {
            case .boolean(let rows): .boolean(gather(rows, indices))
            case .int32(let rows): .int32(gather(rows, indices))
            case .int64(let rows): .int64(gather(rows, indices))
            case .int128(let rows): .int128(gather(rows, indices))
            case .double(let rows): .double(gather(rows, indices))
            case .interval(let rows): .interval(gather(rows, indices))
            case .dictionary(let codes, let dictionary): .dictionary(codes: gather(codes, indices), dictionary)
            case .identifier(let codes, let domain): .identifier(codes: gather(codes, indices), domain)
            case .string(let strings): .string(strings.gathered(indices))
            case .constant, .runs: preconditionFailure("handled above")
            }
        return Vector(type: type, count: indices.count, values: newValues, validity: newValidity)
    }

    /// A range of rows.
    package func sliced(_ range: Range<Int>) -> Vector {
        let newValidity: Validity =
            switch validity {
            case .allPresent: .allPresent
            case .mask(let mask): Validity(compacting: Array(mask[range]))
            }
        let newValues: VectorValues
        switch values {
        case .boolean(let rows): newValues = .boolean(Array(rows[range]))
        case .int32(let rows): newValues = .int32(Array(rows[range]))
        case .int64(let rows): newValues = .int64(Array(rows[range]))
        case .int128(let rows): newValues = .int128(Array(rows[range]))
        case .double(let rows): newValues = .double(Array(rows[range]))
        case .interval(let rows): newValues = .interval(Array(rows[range]))
        case .dictionary(let codes, let domain): newValues = .dictionary(codes: Array(codes[range]), domain)
        case .identifier(let codes, let domain): newValues = .identifier(codes: Array(codes[range]), domain)
        case .string(let strings):
            let first = strings.offsets[range.lowerBound]
            let last = strings.offsets[range.upperBound]
            newValues = .string(
                StringColumn(
                    offsets: strings.offsets[range.lowerBound...range.upperBound].map { $0 - first },
                    bytes: Array(strings.bytes[Int(first)..<Int(last)])))
        case .constant(let scalar): newValues = .constant(scalar)
        case .runs: return gathered((range.lowerBound..<range.upperBound).map { Int32(truncatingIfNeeded: $0) })
        }
        return Vector(type: type, count: range.count, values: newValues, validity: newValidity)
    }

    /// A constant as flat rows.
    package static func flatConstant(_ scalar: ScalarValue, type: LogicalType, count: Int) -> Vector {
        let values: VectorValues =
            switch (scalar, type) {
            case (.boolean(let value), _): .boolean([UInt8](repeating: value ? 1 : 0, count: count))
            case (.integer(let value), _): .int64([Int64](repeating: value, count: count))
            case (.numeric(let value, _), _):
                type.isWide
                    ? .int128([Int128](repeating: value, count: count))
                    : .int64([Int64](repeating: Int64(truncatingIfNeeded: value), count: count))
            case (.double(let value), _): .double([Double](repeating: value, count: count))
            case (.date(let value), _): .int32([Int32](repeating: value, count: count))
            case (.timestamp(let value), _): .int64([Int64](repeating: value, count: count))
            case (.interval(let value), _): .interval([IntervalValue](repeating: value, count: count))
            case (.text(let value), _):
                .dictionary(codes: [UInt32](repeating: 0, count: count), TextDictionary(single: value))
            case (.null, .boolean): .boolean([UInt8](repeating: 0, count: count))
            case (.null, .date): .int32([Int32](repeating: 0, count: count))
            case (.null, .double): .double([Double](repeating: 0, count: count))
            case (.null, .interval): .interval([IntervalValue](repeating: IntervalValue(), count: count))
            case (.null, .text), (.null, .unknown):
                .dictionary(codes: [UInt32](repeating: 0, count: count), TextDictionary(single: ""))
            case (.null, _):
                type.isWide
                    ? .int128([Int128](repeating: 0, count: count)) : .int64([Int64](repeating: 0, count: count))
            }
        let validity: Validity = scalar.isNull ? .mask([UInt8](repeating: 0, count: count)) : .allPresent
        return Vector(type: type, count: count, values: values, validity: validity)
    }
}

extension TextDictionary {
    /// A dictionary of one string, code 0.
    package convenience init(single text: String) {
        var entries = StringColumn()
        entries.append(text)
        self.init(entries: entries)
    }
}

extension Batch {
    /// The rows of an ascending selection. Run columns keep their runs: only their map changes, once for each map.
    package func selecting(_ selection: [Int32]) -> Batch {
        if selection.count == rowCount { return self }
        var maps: [(old: RunMap, new: RunMap)] = []
        let newColumns = columns.map { column -> Vector in
            guard case .runs(let child, let map) = column.values else { return column.gathered(selection) }
            if let known = maps.first(where: { $0.old === map }) { return .runs(child, map: known.new) }
            let newMap = map.selecting(selection)
            maps.append((map, newMap))
            return .runs(child, map: newMap)
        }
        return Batch(columns: newColumns, rowCount: selection.count, morsel: morsel, firstRow: firstRow)
    }
}

/// `result[i] = rows[indices[i]]`.
@inlinable
package func gather<T: Sendable>(_ rows: [T], _ indices: [Int32]) -> [T] {
    let source = rows.span
    let index = indices.span
    return [T](capacity: indices.count) { output in
        for position in 0..<index.count { output.append(source[Int(index[position])]) }
    }
}

/// Repeats each run's item over the rows of the run: run `r` is the rows `starts[r]..<starts[r + 1]`, ascending from 0.
@inlinable
package func spread<T: BitwiseCopyable & Sendable>(_ items: [T], _ starts: [Int32]) -> [T] {
    let rowCount = Int(starts[starts.count - 1])
    precondition(items.count == starts.count - 1)
    let width = MemoryLayout<T>.size
    if width == MemoryLayout<T>.stride, width == 1 || width == 4 || width == 8 {
        // Bounds: the kernel writes each row and some places behind the last.
        return unsafe [T](unsafeUninitializedCapacity: rowCount + RunSpread.slack) { rows, count in
            unsafe RunSpread.fill(UnsafeMutableRawBufferPointer(rows), items.span.bytes, width: width, starts)
            count = rowCount
        }
    }
    let source = items.span
    let borders = starts.span
    // Every row is written: borders ascend from 0 to the number of rows.
    return unsafe [T](unsafeUninitializedCapacity: rowCount) { rows, count in
        var row = 0
        for run in 0..<source.count {
            let item = source[run]
            let end = Int(borders[run &+ 1])
            precondition(end <= rowCount)
            while row < end {
                unsafe rows[row] = item
                row &+= 1
            }
        }
        count = row
    }
}

/// The kernels of `spread`, for items of some widths.
@usableFromInline
package enum RunSpread {
    /// Places written behind the last row.
    @usableFromInline package static let slack = Int(CK_RUN_SLACK)
    @usableFromInline
    package static func fill(_ rows: UnsafeMutableRawBufferPointer, _ items: RawSpan, width: Int, _ starts: [Int32]) {
        let runCount = starts.count - 1
        // Rows and items are of the width that the call is for.
        unsafe items.withUnsafeBytes { items in
            guard let rows = rows.baseAddress, let items = items.baseAddress else { return }
            switch width {
            case 1: unsafe ck_spread_8(starts, runCount, items.assumingMemoryBound(to: UInt8.self), rows.assumingMemoryBound(to: UInt8.self))
            case 4: unsafe ck_spread_32(starts, runCount, items.assumingMemoryBound(to: Int32.self), rows.assumingMemoryBound(to: Int32.self))
            default: unsafe ck_spread_64(starts, runCount, items.assumingMemoryBound(to: Int64.self), rows.assumingMemoryBound(to: Int64.self))
            }
        }
    }
}
