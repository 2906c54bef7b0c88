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
    /// For each key column its texts, if it is plain.
    private var plain: [PlainKeys]

    /// - Parameter table: What is stored before this batch, nil for nothing.
    init(table: TableSnapshot?, keyColumns: [Int]) {
        self.table = table
        self.keyColumns = keyColumns
        isLoaded = [Bool](repeating: false, count: table?.segments.count ?? 0)
        plain = [PlainKeys](repeating: PlainKeys(), count: keyColumns.count)
    }

    /// Rows of the chunk whose key is known already, ascending.
    ///
    /// - Parameters:
    ///   - columns: The key columns, and what their worker knows of their strings.
    mutating func admit(
        _ columns: [(column: ChunkColumn, strings: ColumnStrings, exceptions: [UInt64], formats: [IdentifierDomain.Format])],
        rowCount: Int
    ) throws -> [Int32] {
        var parts: [KeyPart] = []
        for (place, key) in columns.enumerated() {
            parts.append(
                key.column.keyPart(
                    key.strings, exceptions: key.exceptions, formats: key.formats, plain: &plain[place]))
        }
        try loadOverlapping(parts[0].codes.values)
        return admit(parts, rowCount: rowCount)
    }

    private mutating func admit(_ parts: [KeyPart], rowCount: Int) -> [Int32] {
        let (starts, primary) = parts[0].stretches(rowCount: rowCount)
        guard parts.count > 1 else { return keys.admit(starts: starts, primary: primary, secondary: nil) }
        let secondary = SecondaryKeys(codes: parts[1].rowCodes, ordinals: parts[1].rowOrdinals)
        return keys.admit(starts: starts, primary: primary, secondary: secondary)
    }

    private mutating func loadOverlapping(_ codes: [UInt64]) throws {
        guard let table, let low = codes.min(), let high = codes.max() else { return }
        for (index, segment) in table.segments.enumerated() where !isLoaded[index] {
            if case .codes(let minimum, let maximum) = try segment.zoneMap(keyColumns[0]).bounds,
                maximum < low || minimum > high
            {
                continue
            }
            isLoaded[index] = true
            let vectors = try table.readSegment(index, columns: keyColumns)
            var parts: [KeyPart] = []
            for place in keyColumns.indices { parts.append(try storedPart(vectors[place], place, of: table)) }
            _ = admit(parts, rowCount: vectors[0].count)
        }
    }

    /// A stored key column. Flattening would not do: it gives a constant a dictionary of its own.
    private mutating func storedPart(_ column: Vector, _ place: Int, of table: TableSnapshot) throws -> KeyPart {
        switch column.values {
        case .dictionary(let codes, let dictionary):
            let ordinals = KeyPart.ordinals(of: dictionary.entries)
            return KeyPart(codes: codes.map(UInt64.init), ordinals: ChunkColumn.mapped(codes, ordinals))
        case .identifier(let codes, let domain):
            let ordinals = KeyPart.ordinals(
                of: codes, formats: domain.formats, exceptions: domain.exceptions.entries)
            return KeyPart(codes: codes, ordinals: ordinals)
        case .string(let strings):
            let codes = plain[place].codes(of: strings)
            return KeyPart(codes: codes, ordinals: KeyPart.ordinals(of: strings))
        case .constant(.text(let text)):
            let bytes = Array(text.utf8)
            let code = try storedCode(bytes, place, of: table)
            return KeyPart(
                codes: column.count == 0 ? [] : [code], ordinals: column.count == 0 ? [] : [KeyPart.ordinal(bytes[...])],
                runs: RunMap(starts: column.count == 0 ? [0] : [0, Int32(column.count)]))
        case .runs(let child, let map):
            let part = try storedPart(child, place, of: table)
            let codes = part.rowCodes
            return KeyPart(codes: codes.values, ordinals: part.rowOrdinals, runs: map)
        default:
            throw Diagnostic(.internalError, "column \(keyColumns[place]) of \(table.name) is a key and no text")
        }
    }

    private mutating func storedCode(_ text: [UInt8], _ place: Int, of table: TableSnapshot) throws -> UInt64 {
        let code: UInt64? =
            switch try table.textDomain(keyColumns[place]) {
            case .dictionary(let dictionary): dictionary.code(of: text).map(UInt64.init)
            case .identifier(let domain): domain.code(of: text)
            case .plain, nil:
                plain[place].codes(of: StringColumn(offsets: [0, UInt32(text.count)], bytes: text)).first
            }
        if let code { return code }
        throw Diagnostic(.internalError, "a stored key of \(table.name) is missing in its text domain")
    }
}
