package import Columns

/// The values of one requested column in one chunk; a NULL holds 0.
package enum ParsedValues: Hashable, Sendable {
    /// Value `i` is `entries[codes[i]]`; a NULL's code means nothing. The entries are those of the parser so far, in order
    /// of first appearance; those before `knownCount` are the entries of the column in the parser's chunk before. Equal
    /// strings may have several codes in a column that is nearly unique.
    case text(codes: [UInt32], entries: StringColumn, knownCount: Int)
    /// Codes of an identifier domain (see `IdentifierDomain`), by the formats the parser was given. The payload of a code of
    /// the exception format is a number among `misfits`, in which equal strings may occur more than once.
    case identifiers(codes: [UInt64], misfits: StringColumn)
    /// boolean: 0 or 1.
    case boolean([UInt8])
    /// date: days since 1970-01-01.
    case int32([Int32])
    /// integer, bigint, timestamp (microseconds), numeric (scaled by 10^scale).
    case int64([Int64])
    case double([Double])

    /// The values as they are in a file whose chunks have CR and LF swapped.
    func withSwappedLineEnds() -> ParsedValues {
        switch self {
        case .text(let codes, let entries, let known):
            .text(codes: codes, entries: LineEnds.swapped(entries), knownCount: known)
        case .identifiers(let codes, let misfits): .identifiers(codes: codes, misfits: LineEnds.swapped(misfits))
        case .boolean, .int32, .int64, .double: self
        }
    }
}

/// One requested column of one chunk.
package struct ParsedColumn: Sendable {
    package var type: LogicalType
    package var values: ParsedValues
    package var validity: Validity
    /// If not nil, values and validity are one for each of these runs, else one for each row. Columns that repeat together
    /// share the map.
    package var runs: RunMap?

    package init(type: LogicalType, values: ParsedValues, validity: Validity, runs: RunMap? = nil) {
        self.type = type
        self.values = values
        self.validity = validity
        self.runs = runs
    }

    /// The column with a value for each row.
    package func expanded() -> ParsedColumn {
        guard let runs else { return self }
        return gathered(runs.runOfRow())
    }

    /// The values with these numbers, as a column without runs.
    func gathered(_ places: [Int32]) -> ParsedColumn {
        let newValidity: Validity =
            switch validity {
            case .allPresent: .allPresent
            case .mask(let mask): Validity(compacting: gather(mask, places))
            }
        let newValues: ParsedValues =
            switch values {
            case .boolean(let values): .boolean(gather(values, places))
            case .int32(let values): .int32(gather(values, places))
            case .int64(let values): .int64(gather(values, places))
            case .double(let values): .double(gather(values, places))
            case .text(let codes, let entries, let known):
                .text(codes: gather(codes, places), entries: entries, knownCount: known)
            case .identifiers(let codes, let misfits): .identifiers(codes: gather(codes, places), misfits: misfits)
            }
        return ParsedColumn(type: type, values: newValues, validity: newValidity)
    }
}

extension [ParsedColumn] {
    /// The columns with only the given rows (ascending). Columns with runs keep them: those without a row left are dropped.
    func selecting(_ rows: [Int32]) -> [ParsedColumn] {
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
