import CSV
import Columns
import Storage

/// One column of a chunk on its way from text to a segment.
struct ChunkColumn: Sendable {
    enum Values: Sendable {
        /// Codes into the chunk's own strings.
        case text(codes: [UInt32], entries: StringColumn)
        case coded(EncodableColumn.Values)
        /// The file has no such column.
        case absent
    }
    var values: Values
    var validity: Validity

    /// The column of a file as the plan wants it stored: codes translated to canonical words.
    init(_ parsed: ParsedColumn, translate: (@Sendable (String) -> String?)?) {
        validity = parsed.validity
        switch parsed.values {
        case .text(let codes, let entries, _):
            values = .text(codes: codes, entries: entries)
            if let translate { self = self.translated(codes: codes, entries: entries, translate) }
        case .boolean(let rows): values = .coded(.boolean(rows))
        case .int32(let rows): values = .coded(.int32(rows))
        case .int64(let rows): values = .coded(.int64(rows))
        case .double(let rows): values = .coded(.double(rows))
        }
    }

    init(absentRowCount rowCount: Int) {
        values = .absent
        validity = .mask([UInt8](repeating: 0, count: rowCount))
    }

    private func translated(
        codes: [UInt32], entries: StringColumn, _ translate: @Sendable (String) -> String?
    ) -> ChunkColumn {
        var distinct = StringColumn()
        var index = StringHashIndex()
        var newCode = [UInt32](repeating: 0, count: entries.count)
        var isNull = [UInt8](repeating: 0, count: entries.count)
        var hasNull = false
        for entry in 0..<entries.count {
            if let text = translate(entries[entry]) {
                newCode[entry] = index.intern(Array(text.utf8), in: &distinct)
            } else {
                isNull[entry] = 1
                hasNull = true
            }
        }
        var result = self
        var rows = codes
        for row in 0..<rows.count { rows[row] = entries.count == 0 ? 0 : newCode[Int(codes[row])] }
        result.values = .text(codes: rows, entries: distinct)
        if hasNull {
            var mask = validity.expanded(rowCount: codes.count)
            for row in 0..<codes.count where isNull[Int(codes[row])] != 0 { mask[row] = 0 }
            result.validity = Validity(compacting: mask)
        }
        return result
    }

    /// The rows of an ascending selection.
    func selecting(_ rows: [Int32]) -> ChunkColumn {
        var result = self
        if case .mask(let mask) = validity { result.validity = Validity(compacting: gather(mask, rows)) }
        switch values {
        case .text(let codes, let entries): result.values = .text(codes: gather(codes, rows), entries: entries)
        case .absent: result.validity = .mask([UInt8](repeating: 0, count: rows.count))
        case .coded(.boolean(let all)): result.values = .coded(.boolean(gather(all, rows)))
        case .coded(.int32(let all)): result.values = .coded(.int32(gather(all, rows)))
        case .coded(.int64(let all)): result.values = .coded(.int64(gather(all, rows)))
        case .coded(.int128(let all)): result.values = .coded(.int128(gather(all, rows)))
        case .coded(.double(let all)): result.values = .coded(.double(gather(all, rows)))
        case .coded(.codes32(let all)): result.values = .coded(.codes32(gather(all, rows)))
        case .coded(.codes64(let all)): result.values = .coded(.codes64(gather(all, rows)))
        case .coded(.strings): preconditionFailure("text columns are selected before they are coded")
        }
        return result
    }

    /// What the segment stores: text as the codes its table's domain gave to the chunk's strings.
    func encodable(textCodes: TextCodes?, type: LogicalType, rowCount: Int) -> EncodableColumn {
        switch values {
        case .coded(let values): return EncodableColumn(values, validity: validity)
        case .absent: return ChunkColumn.absentColumn(textCodes: textCodes, type: type, rowCount: rowCount)
        case .text(_, let entries) where entries.count == 0:
            return ChunkColumn.absentColumn(textCodes: textCodes, type: type, rowCount: rowCount)
        case .text(let codes, let entries):
            switch textCodes {
            case .codes32(let table): return EncodableColumn(.codes32(ChunkColumn.mapped(codes, table)), validity: validity)
            case .codes64(let table): return EncodableColumn(.codes64(ChunkColumn.mapped(codes, table)), validity: validity)
            case .plain, nil:
                var strings = StringColumn()
                for (row, code) in codes.enumerated() {
                    if validity.isPresent(row) { strings.append(contentsOf: entries[bytesAt: Int(code)]) } else { strings.append("") }
                }
                return EncodableColumn(.strings(strings), validity: validity)
            }
        }
    }

    private static func mapped<Code: BitwiseCopyable & ExpressibleByIntegerLiteral & Sendable>(
        _ codes: [UInt32], _ table: [Code]
    ) -> [Code] {
        if table.isEmpty { return [Code](repeating: 0, count: codes.count) }
        let source = table.span
        let rows = codes.span
        return [Code](capacity: codes.count) { output in
            for row in 0..<rows.count { output.append(source[Int(rows[row])]) }
        }
    }

    private static func absentColumn(textCodes: TextCodes?, type: LogicalType, rowCount: Int) -> EncodableColumn {
        let validity = Validity.mask([UInt8](repeating: 0, count: rowCount))
        let values: EncodableColumn.Values =
            switch (type, textCodes) {
            case (.text, .codes64): .codes64([UInt64](repeating: 0, count: rowCount))
            case (.text, .plain):
                .strings(StringColumn(offsets: [UInt32](repeating: 0, count: rowCount + 1), bytes: []))
            case (.text, _): .codes32([UInt32](repeating: 0, count: rowCount))
            case (.boolean, _): .boolean([UInt8](repeating: 0, count: rowCount))
            case (.date, _): .int32([Int32](repeating: 0, count: rowCount))
            case (.double, _): .double([Double](repeating: 0, count: rowCount))
            default: .int64([Int64](repeating: 0, count: rowCount))
            }
        return EncodableColumn(values, validity: validity)
    }
}
