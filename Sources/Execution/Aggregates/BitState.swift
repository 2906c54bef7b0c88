import Columns

/// `bit_and`, `bit_or` and `bit_xor` of integers.
final class BitState: AggregateState, @unchecked Sendable {
    enum Kind: String, Sendable {
        case and = "bit_and"
        case or = "bit_or"
        case xor = "bit_xor"

        var neutral: Int64 { self == .and ? -1 : 0 }

        func combined(_ a: Int64, _ b: Int64) -> Int64 {
            switch self {
            case .and: a & b
            case .or: a | b
            case .xor: a ^ b
            }
        }
    }

    private let kind: Kind
    private let type: LogicalType
    private var bits: [Int64] = []
    private var present: [UInt8] = []

    init(_ kind: Kind, type: LogicalType) {
        self.kind = kind
        self.type = type
    }

    override var byteCount: Int { bits.count * 9 }

    override func grow(to groupCount: Int) {
        bits.pad(to: groupCount, with: kind.neutral)
        present.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        guard case .int64(let rows) = input.vector.values else { return }
        let groupOfItem = input.groupOfItem
        var starts: [Int32] = []
        if case .weighted(_, let runs) = input.shape { starts = runs }
        for row in 0..<groupOfItem.count where input.vector.validity.isPresent(row) {
            let group = Int(groupOfItem[row])
            present[group] = 1
            // An even number of equal values leaves no trace in an exclusive or.
            if kind == .xor, !starts.isEmpty, (starts[row + 1] - starts[row]) % 2 == 0 { continue }
            bits[group] = kind.combined(bits[group], rows[row])
        }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? BitState else { return }
        for group in 0..<other.bits.count where other.present[group] != 0 {
            let target = Int(map[group])
            bits[target] = kind.combined(bits[target], other.bits[group])
            present[target] = 1
        }
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        Vector(type: type, count: groupCount, values: .int64(bits), validity: Validity(compacting: present))
    }
}
