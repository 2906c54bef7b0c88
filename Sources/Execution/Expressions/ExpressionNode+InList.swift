import Columns
import Planning

extension ExpressionNode {
    /// `value in (items)`: constant items of one type are looked up together, others compared one by one.
    func evaluateInList(
        _ batch: Batch, negated: Bool, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector {
        let count = batch.rowCount
        let value = try children[0].evaluate(batch, &state)
        if value.isConstantNull { return .null(.boolean, count: count) }
        let constants = children.dropFirst().compactMap(\.constant)
        if constants.count == children.count - 1, constants.count > 4,
            let found = ConstantList.mask(value.flatOrConstant(), constants, count: count)
        {
            return ExpressionNode.inResult(
                found: found, validity: value.flatValidity, listHasNull: constants.contains(.null), negated: negated)
        }
        var result = Logic.Truth(repeating: false, count: count)
        for item in children.dropFirst() {
            let open = count - Mask.count(result.isTrue)
            if open == 0 { break }
            let candidate: Vector
            if item.canRaise, open < count {
                let rows = Mask.rows(Mask.not(result.isTrue))
                let part = try item.evaluate(batch.selecting(rows, columns: item.columns), &state)
                candidate = Blend.vector([Blend.Piece(part, .rows(rows))], type: item.type, count: count)
            } else {
                candidate = try item.evaluate(batch, &state)
            }
            result.formOr(Logic.Truth(VectorComparison.vector(.equal, value, candidate, count: count, &state)))
        }
        return negated ? Logic.not(result.vector) : result.vector
    }

    /// With a NULL in the list, no match is NULL.
    private static func inResult(found: [UInt8], validity: Validity, listHasNull: Bool, negated: Bool) -> Vector {
        let known = listHasNull ? validity.intersection(.mask(found)) : validity
        return .boolean(negated ? Mask.not(found) : found, validity: known)
    }
}

/// A list of constants to find rows in.
enum ConstantList {
    /// 1 where the row equals a constant; nil for types that are compared one by one. NULL constants match nothing.
    static func mask(_ value: Vector, _ constants: [ScalarValue], count: Int) -> [UInt8]? {
        switch value.values {
        case .dictionary(let codes, let dictionary):
            var hits = [UInt8](repeating: 0, count: dictionary.count + 1)
            for case .text(let text) in constants {
                if let code = dictionary.code(of: text) { hits[Int(code)] = 1 }
            }
            return TextComparison.translated(codes, value.validity, hits, missing: 0)
        case .identifier(let codes, let domain):
            var wanted: Set<UInt64> = []
            for case .text(let text) in constants {
                if let code = domain.code(of: Array(text.utf8)) { wanted.insert(code) }
            }
            return members(codes, wanted)
        case .string(let strings):
            var entries = StringColumn()
            var index = StringHashIndex(capacity: constants.count)
            for case .text(let text) in constants { _ = index.intern(Array(text.utf8), in: &entries) }
            return index.find(strings, in: entries).map { $0 == .max ? 0 : 1 }
        case .int32(let days):
            let wanted = Set(constants.compactMap { if case .date(let day) = $0 { day } else { nil } })
            return members(days, wanted)
        case .int64(let rows): return integers(rows, constants, scale: value.type.scale ?? 0)
        default: return nil
        }
    }

    /// A few values are compared one after the other, which vectorizes; many are looked up.
    private static func members<Value: Hashable & Comparable & BitwiseCopyable & Sendable>(
        _ rows: [Value], _ wanted: Set<Value>
    ) -> [UInt8] {
        if wanted.count > 24 { return mapRows(rows, filler: 0) { wanted.contains($0) ? 1 : 0 } }
        return wanted.reduce([UInt8](repeating: 0, count: rows.count)) { mask, value in
            mapPairs(.rows(mask), .rows(rows), count: rows.count, filler: 0) { $0 | ($1 == value ? 1 : 0) }
        }
    }

    /// A bitmap where the constants lie close together, else a hash set.
    private static func integers(_ rows: [Int64], _ constants: [ScalarValue], scale: Int) -> [UInt8] {
        var wanted: Set<Int64> = []
        for constant in constants where !constant.isNull {
            guard let scaled = constant.scaled(to: scale), let narrow = Int64(exactly: scaled) else { continue }
            // A constant with more digits than the column's scale equals no row.
            if case .numeric(let unscaled, let own) = constant,
                DecimalText.order(unscaled, scale: own, scaled, scale: scale) != 0
            {
                continue
            }
            wanted.insert(narrow)
        }
        guard let low = wanted.min(), let high = wanted.max() else { return [UInt8](repeating: 0, count: rows.count) }
        let (span, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow, span < 65_536 else { return members(rows, wanted) }
        var hits = [UInt8](repeating: 0, count: Int(span) + 2)
        for value in wanted { hits[Int(value - low)] = 1 }
        // Everything outside falls on the last byte, which is 0.
        let outside = UInt64(span) + 1
        return mapRows(rows, filler: 0) { hits[Int(min(UInt64(bitPattern: $0 &- low), outside))] }
    }
}
