import Columns
import Storage

/// A flat column of a result on its way into a segment.
struct ResultColumn: Sendable {
    enum Values: Sendable {
        /// Codes into the column's own distinct strings.
        case text(codes: [UInt32], entries: StringColumn)
        case coded(EncodableColumn.Values)
    }

    let values: Values
    let validity: Validity

    private init(_ values: Values, validity: Validity) {
        self.values = values
        self.validity = validity
    }

    init(_ vector: Vector, type: LogicalType) {
        let vector = vector.flattened()
        switch vector.values {
        case .boolean(let rows): self.init(.coded(.boolean(rows)), validity: vector.validity)
        case .int32(let rows): self.init(.coded(.int32(rows)), validity: vector.validity)
        case .double(let rows): self.init(.coded(.double(rows)), validity: vector.validity)
        case .int64(let rows):
            self.init(
                .coded(type.isWide ? .int128(rows.map { Int128($0) }) : .int64(rows)), validity: vector.validity)
        case .int128(let rows):
            self.init(
                .coded(type.isWide ? .int128(rows) : .int64(rows.map { Int64(truncatingIfNeeded: $0) })),
                validity: vector.validity)
        case .dictionary, .identifier, .string: self = ResultColumn.text(of: vector)
        case .interval, .constant, .runs: preconditionFailure("a result column of this kind is not stored")
        }
    }

    private static func text(of vector: Vector) -> ResultColumn {
        var entries = StringColumn()
        var codes = [UInt32](repeating: 0, count: vector.count)
        switch vector.values {
        case .dictionary(let rows, let dictionary):
            // Entries come in the order of their first row; those without a row do not come along.
            var known = [UInt32](repeating: .max, count: dictionary.count)
            for row in 0..<rows.count where vector.validity.isPresent(row) {
                let code = Int(rows[row])
                if known[code] == .max {
                    known[code] = UInt32(entries.count)
                    entries.append(contentsOf: dictionary.entries[bytesAt: code])
                }
                codes[row] = known[code]
            }
        case .identifier(let rows, let domain):
            var known: [UInt64: UInt32] = [:]
            var bytes: [UInt8] = []
            for row in 0..<rows.count where vector.validity.isPresent(row) {
                if let code = known[rows[row]] {
                    codes[row] = code
                    continue
                }
                bytes.removeAll(keepingCapacity: true)
                domain.appendBytes(of: rows[row], to: &bytes)
                codes[row] = UInt32(entries.count)
                known[rows[row]] = codes[row]
                entries.append(contentsOf: bytes)
            }
        case .string(let strings):
            var index = StringHashIndex()
            for row in 0..<strings.count where vector.validity.isPresent(row) {
                codes[row] = index.intern(Array(strings[bytesAt: row]), in: &entries)
            }
        default: break
        }
        return ResultColumn(.text(codes: codes, entries: entries), validity: vector.validity)
    }

    /// What the table's domain says to the column's strings, new ones among them.
    func tableCodes(in domain: TextDomainBuilder, rowCount: Int) -> TextCodes {
        if case .text(_, let entries) = values, entries.count > 0 { return domain.codes(for: entries, rowCount: rowCount) }
        // Nothing but NULL: the shape must still be the column's.
        switch domain.kind {
        case .identifier: return .codes64([])
        case .plain: return .plain
        case .dictionary, nil: return .codes32([])
        }
    }

    /// What the segment stores.
    ///
    /// - Parameter tableCodes: What the table's domain said to the column's strings; nil for another type.
    func encodable(tableCodes: TextCodes?) -> EncodableColumn {
        guard case .text(let codes, let entries) = values else {
            guard case .coded(let values) = values else { preconditionFailure("text or not") }
            return EncodableColumn(values, validity: validity)
        }
        switch tableCodes {
        case .codes32(let table): return EncodableColumn(.codes32(mapped(codes, table)), validity: validity)
        case .codes64(let table): return EncodableColumn(.codes64(mapped(codes, table)), validity: validity)
        case .plain, nil:
            var texts = StringColumn()
            for (row, code) in codes.enumerated() {
                if validity.isPresent(row) {
                    texts.append(contentsOf: entries[bytesAt: Int(code)])
                } else {
                    texts.append("")
                }
            }
            return EncodableColumn(.strings(texts), validity: validity)
        }
    }

    private func mapped<Code: FixedWidthInteger>(_ codes: [UInt32], _ table: [Code]) -> [Code] {
        // Rows of NULL hold code 0, whether there is such an entry or not.
        table.isEmpty ? [Code](repeating: 0, count: codes.count) : codes.map { table[Int($0)] }
    }
}
