import Columns
import Planning

/// `string_agg(value, separator order by …)`, `array_agg(value order by …)`: values in the order of the keys, else of the rows.
final class StringAggregateState: CollectingState, @unchecked Sendable {
    enum Form: Sendable {
        /// Inputs are the value, the separator, and the order keys.
        case string
        /// Inputs are the element, never NULL, and the order keys.
        case array
    }

    private let form: Form
    private let orderBy: [(descending: Bool, nullsFirst: Bool, type: LogicalType)]

    init(_ form: Form, orderBy: [(descending: Bool, nullsFirst: Bool, type: LogicalType)]) {
        self.form = form
        self.orderBy = orderBy
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        let pieces = takePieces()
        let groups = CollectingState.groups(pieces)
        let values = CollectingState.column(0, pieces, type: .text)
        let separators = form == .string ? CollectingState.column(1, pieces, type: .text) : nil
        var keys = [
            SortKeys.Key(
                column: Vector(type: .bigint, count: groups.count, values: .int64(groups.map { Int64($0) })),
                descending: false, nullsFirst: false)
        ]
        for (index, key) in orderBy.enumerated() {
            keys.append(
                SortKeys.Key(
                    column: CollectingState.column(index + (form == .string ? 2 : 1), pieces, type: key.type), descending: key.descending,
                    nullsFirst: key.nullsFirst))
        }
        let order = SortKeys(keys, rowCount: groups.count).order()
        var present = [UInt8](repeating: 0, count: groupCount)
        var result = StringColumn()
        var text: [UInt8] = []
        var group = 0
        func finishGroup() {
            if form == .array, present[result.count] != 0 { text.append(0x7D) }
            result.append(contentsOf: text)
            text.removeAll(keepingCapacity: true)
        }
        for row in order {
            while group < Int(groups[Int(row)]) {
                finishGroup()
                group += 1
            }
            if let separators {
                if present[group] != 0 { StringAggregateState.append(separators, Int(row), &text) }
            } else {
                text.append(present[group] != 0 ? 0x2C : 0x7B)
            }
            StringAggregateState.append(values, Int(row), &text)
            present[group] = 1
            if result.bytes.count + text.count >= Int(UInt32.max) {
                throw ExecutionError(.unsupported("\(form == .string ? "string" : "array")_agg of more than 4 GiB of text is not supported"))
            }
        }
        while result.count < groupCount { finishGroup() }
        return Vector(
            type: .text, count: groupCount, values: .string(result), validity: Validity(compacting: present))
    }

    /// Appends the bytes of one row of a flat text vector; nothing for NULL.
    static func append(_ vector: Vector, _ row: Int, _ text: inout [UInt8]) {
        guard vector.validity.isPresent(row) else { return }
        switch vector.values {
        case .dictionary(let codes, let domain): text.append(contentsOf: domain.entries[bytesAt: Int(codes[row])])
        case .identifier(let codes, let domain): domain.appendBytes(of: codes[row], to: &text)
        case .string(let strings): text.append(contentsOf: strings[bytesAt: row])
        default: break
        }
    }
}
