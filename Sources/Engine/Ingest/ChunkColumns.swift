import CSV
import Columns
import Storage

/// One column of a chunk on its way from text to a segment: a value for each row, or for each of its runs.
struct ChunkColumn: Sendable {
    enum Values: Sendable {
        /// Codes of the worker's `ColumnStrings`.
        case text([UInt32])
        /// Codes of the table's identifier domain; those of the exception format number these misfits.
        case identifiers([UInt64], misfits: StringColumn)
        case coded(EncodableColumn.Values)
        /// The file has no such column.
        case absent
    }
    var values: Values
    var validity: Validity
    /// nil: a value for each row.
    var runs: RunMap?

    init(_ parsed: ParsedColumn) {
        validity = parsed.validity
        runs = parsed.runs
        switch parsed.values {
        case .text(let codes, _, _): values = .text(codes)
        case .identifiers(let codes, let misfits): values = .identifiers(codes, misfits: misfits)
        case .boolean(let rows): values = .coded(.boolean(rows))
        case .int32(let rows): values = .coded(.int32(rows))
        case .int64(let rows): values = .coded(.int64(rows))
        case .double(let rows): values = .coded(.double(rows))
        }
    }

    /// A column with the same value in every row: one run. A text is the worker's string 0.
    init(_ constant: ScalarValue, rowCount: Int) {
        let runCount = rowCount == 0 ? 0 : 1
        validity = .allPresent
        switch constant {
        case .text: values = .text([UInt32](repeating: 0, count: runCount))
        case .boolean(let value): values = .coded(.boolean([UInt8](repeating: value ? 1 : 0, count: runCount)))
        case .date(let days): values = .coded(.int32([Int32](repeating: days, count: runCount)))
        case .integer(let value), .timestamp(let value): values = .coded(.int64([Int64](repeating: value, count: runCount)))
        case .numeric(let unscaled, _): values = .coded(.int64([Int64](repeating: Int64(unscaled), count: runCount)))
        case .double(let value): values = .coded(.double([Double](repeating: value, count: runCount)))
        case .null, .interval:
            values = .absent
            validity = .mask([UInt8](repeating: 0, count: runCount))
        }
        runs = RunMap(starts: rowCount == 0 ? [0] : [0, Int32(rowCount)])
    }

    /// The column with a value for each row.
    func expanded() -> ChunkColumn {
        guard let runs else { return self }
        return gathered(runs.runOfRow())
    }

    /// The values with these numbers, as a column without runs.
    fileprivate func gathered(_ places: [Int32]) -> ChunkColumn {
        var result = self
        result.runs = nil
        if case .mask(let mask) = validity { result.validity = Validity(compacting: gather(mask, places)) }
        switch values {
        case .text(let codes): result.values = .text(gather(codes, places))
        case .identifiers(let codes, let misfits): result.values = .identifiers(gather(codes, places), misfits: misfits)
        case .absent: break
        case .coded(.boolean(let all)): result.values = .coded(.boolean(gather(all, places)))
        case .coded(.int32(let all)): result.values = .coded(.int32(gather(all, places)))
        case .coded(.int64(let all)): result.values = .coded(.int64(gather(all, places)))
        case .coded(.int128(let all)): result.values = .coded(.int128(gather(all, places)))
        case .coded(.double(let all)): result.values = .coded(.double(gather(all, places)))
        case .coded(.codes32(let all)): result.values = .coded(.codes32(gather(all, places)))
        case .coded(.codes64(let all)): result.values = .coded(.codes64(gather(all, places)))
        case .coded(.strings): preconditionFailure("text columns are selected before they are coded")
        }
        return result
    }

    /// What the segment stores: text as the codes its table's domain gave to the worker's strings.
    ///
    /// - Parameter exceptions: The table's codes of the column's misfits.
    func encodable(_ strings: ColumnStrings, exceptions: [UInt64], type: LogicalType) -> EncodableColumn {
        let count = validity.count(or: values.count)
        switch values {
        case .coded(let values): return EncodableColumn(values, validity: validity, runs: runs)
        case .absent: return nullColumn(strings, type: type, count: count)
        case .text where strings.entries.count == 0: return nullColumn(strings, type: type, count: count)
        case .text(let codes):
            switch strings.tableCodes {
            case .codes32(let table):
                return EncodableColumn(.codes32(ChunkColumn.mapped(codes, table)), validity: validity, runs: runs)
            case .codes64(let table):
                return EncodableColumn(.codes64(ChunkColumn.mapped(codes, table)), validity: validity, runs: runs)
            case .plain:
                var texts = StringColumn()
                for (row, code) in codes.enumerated() {
                    if validity.isPresent(row) {
                        texts.append(contentsOf: strings.entries[bytesAt: Int(code)])
                    } else {
                        texts.append("")
                    }
                }
                return EncodableColumn(.strings(texts), validity: validity, runs: runs)
            }
        case .identifiers(let codes, _):
            return EncodableColumn(
                .codes64(ChunkColumn.withExceptions(codes, exceptions)), validity: validity, runs: runs)
        }
    }

    /// Codes with the numbers of misfits replaced by the table's codes.
    static func withExceptions(_ codes: [UInt64], _ exceptions: [UInt64]) -> [UInt64] {
        guard !exceptions.isEmpty else { return codes }
        return codes.map { code in
            code >> 60 == IdentifierDomain.exceptionFormat
                ? exceptions[Int(code & IdentifierDomain.payloadMask)] : code
        }
    }

    static func mapped<Code: BitwiseCopyable & ExpressibleByIntegerLiteral & Sendable>(
        _ codes: [UInt32], _ table: [Code]
    ) -> [Code] {
        if table.isEmpty { return [Code](repeating: 0, count: codes.count) }
        let source = table.span
        let rows = codes.span
        return [Code](capacity: codes.count) { output in
            for row in 0..<rows.count { output.append(source[Int(rows[row])]) }
        }
    }

    private func nullColumn(_ strings: ColumnStrings, type: LogicalType, count: Int) -> EncodableColumn {
        let validity = Validity.mask([UInt8](repeating: 0, count: count))
        let values: EncodableColumn.Values =
            switch (type, strings.tableCodes) {
            case (.text, .codes64): .codes64([UInt64](repeating: 0, count: count))
            case (.text, .plain): .strings(StringColumn(offsets: [UInt32](repeating: 0, count: count + 1), bytes: []))
            case (.text, .codes32): .codes32([UInt32](repeating: 0, count: count))
            case (.boolean, _): .boolean([UInt8](repeating: 0, count: count))
            case (.date, _): .int32([Int32](repeating: 0, count: count))
            case (.double, _): .double([Double](repeating: 0, count: count))
            default: .int64([Int64](repeating: 0, count: count))
            }
        return EncodableColumn(values, validity: validity, runs: runs)
    }
}

extension ChunkColumn.Values {
    /// Values; 0 for an absent column.
    var count: Int {
        switch self {
        case .text(let codes): codes.count
        case .identifiers(let codes, _): codes.count
        case .coded(let values): values.count
        case .absent: 0
        }
    }
}

extension Validity {
    /// Values the validity tells of; `count` if it does not say.
    fileprivate func count(or count: Int) -> Int {
        if case .mask(let mask) = self { mask.count } else { count }
    }
}

extension [ChunkColumn] {
    /// The rows of an ascending selection. Columns with runs keep them: those without a row left are dropped.
    func selecting(_ rows: [Int32]) -> [ChunkColumn] {
        var known: [(old: RunMap, new: RunMap, kept: [Int32])] = []
        return map { column in
            guard let runs = column.runs else { return column.gathered(rows) }
            if !known.contains(where: { $0.old === runs }) {
                let (map, kept) = runs.selectingRuns(rows)
                known.append((runs, map, kept))
            }
            guard let (_, map, kept) = known.first(where: { $0.old === runs }) else { return column }
            var result = column.gathered(kept)
            result.runs = map
            return result
        }
    }
}
