import CKernels
import Columns

/// `min`, `max`, `bool_and` and `bool_or` of everything whose order is that of a 64-bit integer.
final class ExtremeState: AggregateState, @unchecked Sendable {
    private let isMaximum: Bool
    private let type: LogicalType
    private var best: [Int64] = []
    private var present: [UInt8] = []

    init(isMaximum: Bool, type: LogicalType) {
        self.isMaximum = isMaximum
        self.type = type
    }

    override var byteCount: Int { best.count * 9 }

    override func grow(to groupCount: Int) {
        best.pad(to: groupCount, with: isMaximum ? .min : .max)
        present.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        guard let rows = OrderedBits.rows(of: input.vector) else { return }
        switch (input.shape, input.vector.validity) {
        case (.rows(let groups), .allPresent), (.weighted(let groups, _), .allPresent):
            takeExtremes(rows, groups, isMaximum, &best, &present)
        case (.folded(let groups, let starts), .allPresent):
            takeFoldedExtremes(rows, groups, starts, isMaximum, &best, &present)
        case (.folded(let groups, let starts), .mask(let mask)):
            takeFoldedPresentExtremes(rows, mask, groups, starts, isMaximum, &best, &present)
        case (_, .mask(let mask)):
            takePresentExtremes(rows, mask, input.groupOfItem, isMaximum, &best, &present)
        }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? ExtremeState else { return }
        absorbExtremes(other.best, other.present, map, isMaximum, &best, &present)
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        OrderedBits.vector(best, type: type, validity: Validity(compacting: present))
    }
}

func absorbExtremes(
    _ other: [Int64], _ otherPresent: [UInt8], _ map: [UInt32], _ isMaximum: Bool, _ best: inout [Int64],
    _ present: inout [UInt8]
) {
    for group in 0..<other.count where otherPresent[group] != 0 {
        let target = Int(map[group])
        best[target] = isMaximum ? max(best[target], other[group]) : min(best[target], other[group])
        present[target] = 1
    }
}

func takeExtremes(
    _ rows: [Int64], _ groups: [UInt32], _ isMaximum: Bool, _ best: inout [Int64], _ present: inout [UInt8]
) {
    precondition(rows.count >= groups.count && present.count == best.count)
    // Bounds: as many values as groups are read, and the kernel looks that every group has a place in both arrays.
    let isSound = unsafe ck_take_extremes(
        rows, nil, groups, groups.count, best.count, isMaximum ? 1 : 0, &best, &present)
    precondition(isSound == 1, "Every group has a place.")
}

func takePresentExtremes(
    _ rows: [Int64], _ mask: [UInt8], _ groups: [UInt32], _ isMaximum: Bool, _ best: inout [Int64],
    _ present: inout [UInt8]
) {
    precondition(groups.count >= rows.count && mask.count >= rows.count && present.count == best.count)
    // Bounds: as above; masks are zeros and ones.
    let isSound = unsafe ck_take_extremes(
        rows, mask, groups, rows.count, best.count, isMaximum ? 1 : 0, &best, &present)
    precondition(isSound == 1, "Every group has a place.")
}

func takeFoldedExtremes(
    _ rows: [Int64], _ groups: [UInt32], _ starts: [Int32], _ isMaximum: Bool, _ best: inout [Int64],
    _ present: inout [UInt8]
) {
    for run in 0..<groups.count {
        let group = Int(groups[run])
        let range = Int(starts[run])..<Int(starts[run &+ 1])
        best[group] = isMaximum ? largest(rows, range, best[group]) : smallest(rows, range, best[group])
        present[group] = 1
    }
}

private func takeFoldedPresentExtremes(
    _ rows: [Int64], _ mask: [UInt8], _ groups: [UInt32], _ starts: [Int32], _ isMaximum: Bool, _ best: inout [Int64],
    _ present: inout [UInt8]
) {
    let neutral: Int64 = isMaximum ? .min : .max
    for run in 0..<groups.count {
        let group = Int(groups[run])
        var extreme = best[group]
        var found: UInt8 = 0
        for row in Int(starts[run])..<Int(starts[run &+ 1]) {
            // A NULL's value is replaced without a branch: NULLs come in no order.
            let isPresent = Int64(mask[row])
            let value = (rows[row] & (0 &- isPresent)) | (neutral & (isPresent &- 1))
            extreme = isMaximum ? max(extreme, value) : min(extreme, value)
            found |= mask[row]
        }
        best[group] = extreme
        present[group] |= found
    }
}

private func largest(_ rows: borrowing [Int64], _ range: Range<Int>, _ first: Int64) -> Int64 {
    var extreme = first
    for row in range { extreme = max(extreme, rows[row]) }
    return extreme
}

private func smallest(_ rows: borrowing [Int64], _ range: Range<Int>, _ first: Int64) -> Int64 {
    var extreme = first
    for row in range { extreme = min(extreme, rows[row]) }
    return extreme
}

/// Values as 64-bit integers in the same order.
enum OrderedBits {
    /// The rows of a flat vector; nil where 64 bits do not hold them.
    static func rows(of vector: Vector) -> [Int64]? {
        switch vector.values {
        case .boolean(let rows): rows.map { Int64($0) }
        case .int32(let rows): rows.map { Int64($0) }
        case .int64(let rows): rows
        case .double(let rows): rows.map(OrderedBits.ordered)
        default: nil
        }
    }

    static func vector(_ rows: [Int64], type: LogicalType, validity: Validity) -> Vector {
        let values: VectorValues =
            switch type {
            case .boolean: .boolean(rows.map { UInt8(truncatingIfNeeded: $0 & 1) })
            case .date: .int32(rows.map { Int32(truncatingIfNeeded: $0) })
            case .double: .double(rows.map(OrderedBits.double))
            case .numeric where type.isWide: .int128(rows.map { Int128($0) })
            default: .int64(rows)
            }
        return Vector(type: type, count: rows.count, values: values, validity: validity)
    }

    /// Zeros are equal, and NaN is equal to itself and greater than all others, as in PostgreSQL.
    static func ordered(_ value: Double) -> Int64 {
        if value.isNaN { return .max }
        if value == 0 { return 0 }
        let bits = Int64(bitPattern: value.bitPattern)
        return bits >= 0 ? bits : Int64.min &- bits
    }

    static func double(_ ordered: Int64) -> Double {
        if ordered == .max { return .nan }
        return Double(bitPattern: UInt64(bitPattern: ordered >= 0 ? ordered : Int64.min &- ordered))
    }
}

/// The rows of a flat vector that 64 bits hold, to be turned into ordered bits where they are needed.
enum OrderedRows: Sendable {
    case lanes([Int64])
    case doubles([Double])
    case days([Int32])
    case flags([UInt8])

    /// nil where 64 bits do not hold the rows.
    init?(_ vector: Vector) {
        switch vector.values {
        case .boolean(let rows): self = .flags(rows)
        case .int32(let rows): self = .days(rows)
        case .int64(let rows): self = .lanes(rows)
        case .double(let rows): self = .doubles(rows)
        default: return nil
        }
    }

    var count: Int {
        switch self {
        case .lanes(let rows): rows.count
        case .doubles(let rows): rows.count
        case .days(let rows): rows.count
        case .flags(let rows): rows.count
        }
    }
}
