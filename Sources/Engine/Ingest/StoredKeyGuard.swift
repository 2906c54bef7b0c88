import Columns
import Diagnostics
import Storage

/// The keys of the batch being loaded and of what the table holds already.
///
/// Stored segments are read only when a chunk's primary keys fall into the range of theirs, each at most once.
struct StoredKeyGuard {
    private let table: TableSnapshot?
    private let keyColumns: [Int]
    private var isLoaded: [Bool]
    private var keys = UniqueKeyGuard()
    /// Codes of a primary key whose column is plain text and so has none.
    private var plainEntries = StringColumn()
    private var plainIndex = StringHashIndex()

    /// - Parameter table: What is stored before this batch, nil for nothing.
    init(table: TableSnapshot?, keyColumns: [Int]) {
        self.table = table
        self.keyColumns = keyColumns
        isLoaded = [Bool](repeating: false, count: table?.segments.count ?? 0)
    }

    /// Rows of the chunk whose key is known already, ascending.
    mutating func admit(columns: [ChunkColumn], textCodes: [TextCodes?], keyColumns: [Int]) throws -> [Int32] {
        guard case .text(let codes, let entries) = columns[keyColumns[0]].values, entries.count > 0 else { return [] }
        let entryCodes: [UInt64] =
            switch textCodes[keyColumns[0]] {
            case .codes32(let table): table.map(UInt64.init)
            case .codes64(let table): table
            case .plain, nil: (0..<entries.count).map { plainCode(Array(entries[bytesAt: $0])) }
            }
        try loadOverlapping(entryCodes)
        var primary = [UInt64](repeating: 0, count: codes.count)
        for row in 0..<codes.count { primary[row] = entryCodes[Int(codes[row])] }
        var secondary: SecondaryKeys?
        if keyColumns.count > 1, case .text(let lineCodes, let lineEntries) = columns[keyColumns[1]].values {
            secondary = SecondaryKeys(codes: lineCodes, entries: lineEntries)
        }
        return keys.admit(primary: primary, secondary: secondary)
    }

    private mutating func plainCode(_ text: [UInt8]) -> UInt64 { UInt64(plainIndex.intern(text, in: &plainEntries)) }

    private mutating func loadOverlapping(_ entryCodes: [UInt64]) throws {
        guard let table, let low = entryCodes.min(), let high = entryCodes.max() else { return }
        for (index, segment) in table.segments.enumerated() where !isLoaded[index] {
            if case .codes(let minimum, let maximum) = try segment.zoneMap(keyColumns[0]).bounds,
                maximum < low || minimum > high
            {
                continue
            }
            isLoaded[index] = true
            try load(segment: index, of: table)
        }
    }

    private mutating func load(segment: Int, of table: TableSnapshot) throws {
        let columns = try table.readSegment(segment, columns: keyColumns)
        let primary = try primaryCodes(columns[0], of: table)
        var secondary: SecondaryKeys?
        if columns.count > 1 { secondary = StoredKeyGuard.secondaryKeys(columns[1].flattened()) }
        _ = keys.admit(primary: primary, secondary: secondary)
    }

    /// The table's code of each row. Flattening would not do: it gives a constant a dictionary of its own.
    private mutating func primaryCodes(_ column: Vector, of table: TableSnapshot) throws -> [UInt64] {
        switch column.values {
        case .dictionary(let codes, _): return codes.map(UInt64.init)
        case .identifier(let codes, _): return codes
        case .string(let strings): return (0..<strings.count).map { plainCode(Array(strings[bytesAt: $0])) }
        case .constant(.text(let text)):
            return [UInt64](repeating: try storedCode(Array(text.utf8), of: table), count: column.count)
        case .runs(let child, let map):
            let ofRuns = try primaryCodes(child, of: table)
            return map.runOfRow().map { ofRuns[Int($0)] }
        default:
            throw Diagnostic(.internalError, "column \(keyColumns[0]) of \(table.name) is a key and no text")
        }
    }

    private mutating func storedCode(_ text: [UInt8], of table: TableSnapshot) throws -> UInt64 {
        let code: UInt64? =
            switch try table.textDomain(keyColumns[0]) {
            case .dictionary(let dictionary): dictionary.code(of: text).map(UInt64.init)
            case .identifier(let domain): domain.code(of: text)
            case .plain, nil: plainCode(text)
            }
        if let code { return code }
        throw Diagnostic(.internalError, "a stored key of \(table.name) is missing in its text domain")
    }

    private static func secondaryKeys(_ column: Vector) -> SecondaryKeys? {
        switch column.values {
        case .dictionary(let codes, let dictionary): return SecondaryKeys(codes: codes, entries: dictionary.entries)
        case .string(let strings): return SecondaryKeys(codes: (0..<UInt32(strings.count)).map { $0 }, entries: strings)
        case .identifier(let codes, let domain):
            var strings = StringColumn()
            var bytes: [UInt8] = []
            for code in codes {
                bytes.removeAll(keepingCapacity: true)
                domain.appendBytes(of: code, to: &bytes)
                strings.append(contentsOf: bytes)
            }
            return SecondaryKeys(codes: (0..<UInt32(codes.count)).map { $0 }, entries: strings)
        default: return nil
        }
    }
}
