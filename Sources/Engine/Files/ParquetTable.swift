import Columns
import Diagnostics
import Execution
import Parquet
import Planning
import Storage

/// Parquet files as one table: each row group is a segment, or several if it is large, read when a scan asks for it.
final class ParquetTable: ScannableTable {
    private struct Segment: Sendable {
        var file: Int
        var rowGroup: Int
        var rows: Range<Int>
        /// Whether it is all of the row group.
        var isWhole: Bool
    }

    let schema: Schema
    /// Fields that one of the files has in a form that cannot be read, by their index.
    let unreadFields: [Int: UnreadField]
    private let files: [ParquetFile]
    /// For each file and field the place of the column in the file; nil where the file has none.
    private let places: [[Int?]]
    /// For each file what the fields behind those of the files say: its name, its folders.
    private let added: [[ScalarValue]]
    private let segments: [Segment]
    /// Columns of row groups that are read in pieces.
    private let chunks = OpenChunks()

    /// - Parameters:
    ///   - files: With the names the statement calls them.
    ///   - texts: Columns of folders that are text whatever they say.
    /// - Throws: where the columns of the files do not make one table.
    init(_ files: [(name: String, file: ParquetFile)], layout: FileLayoutOptions, texts: Set<String>) throws(Diagnostic) {
        self.files = files.map(\.file)
        var names: [String] = []
        var places: [[Int?]] = []
        for (_, file) in files {
            places.append(
                try layout.place(
                    ColumnNames.unique(file.columns.map(\.name)), among: &names, of: file.path, first: files[0].file.path))
        }
        let folders = try FolderColumns(files.map(\.name), besides: names, texts: texts, layout)
        try layout.checkFileNameColumn(among: names + folders.fields.map(\.name))
        let missing = [Int?](repeating: nil, count: names.count)
        self.places = places.map { $0 + missing.dropFirst($0.count) }
        var fields: [Field] = []
        for (index, name) in names.enumerated() {
            fields.append(Field(name: name, type: try ParquetTable.type(of: name, index, self.files, self.places, layout)))
        }
        if let column = layout.fileNameColumn { fields.append(Field(name: column, type: .text)) }
        added = zip(files, folders.values).map { file, values in (layout.fileNameColumn == nil ? [] : [.text(file.name)]) + values }
        schema = Schema(fields + folders.fields)
        unreadFields = ParquetTable.unreadFields(names, self.files, self.places)
        segments = files.enumerated().flatMap { index, file in
            (0..<file.file.rowGroupCount).flatMap { rowGroup in
                let pieces = file.file.pieces(rowGroup: rowGroup)
                return pieces.map { Segment(file: index, rowGroup: rowGroup, rows: $0, isWhole: pieces.count == 1) }
            }
        }
    }

    private static func unreadFields(_ names: [String], _ files: [ParquetFile], _ places: [[Int?]]) -> [Int: UnreadField] {
        var fields: [Int: UnreadField] = [:]
        for index in names.indices {
            for (file, places) in zip(files, places) {
                guard fields[index] == nil, let place = places[index], let refusal = file.columns[place].refusal else { continue }
                fields[index] = UnreadField(
                    typeText: file.columns[place].typeText,
                    message: "\(file.path): column \"\(names[index])\" is \(refusal), which is not read", mend: "name the columns that are wanted")
            }
        }
        return fields
    }

    /// The type that holds the column's values in all files.
    private static func type(
        of name: String, _ index: Int, _ files: [ParquetFile], _ places: [[Int?]], _ layout: FileLayoutOptions
    ) throws(Diagnostic) -> LogicalType {
        var known: (type: LogicalType, path: String)?
        for (file, places) in zip(files, places) {
            guard let place = places[index] else { continue }
            let own = file.columns[place].type
            guard let earlier = known else {
                known = (own, file.path)
                continue
            }
            if own == earlier.type { continue }
            guard layout.unionByName, let wider = common(earlier.type, own) else {
                throw Diagnostic(
                    .badData, "column \"\(name)\" is \(own.name), not \(earlier.type.name) as in \(earlier.path)",
                    at: SourceLocation(file: file.path),
                    mend: layout.unionByName
                        ? "read the files one by one, and cast the column" : "say union_by_name = true, or read the files one by one and cast the column")
            }
            known?.type = wider
        }
        return known?.type ?? .text
    }

    /// The type of numbers or times that holds the values of both.
    private static func common(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        switch (left, right) {
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        case (.integer, .bigint), (.bigint, .integer): return .bigint
        default: break
        }
        guard left.isNumber, right.isNumber else { return nil }
        guard let (digits, scale) = digits(left), let (otherDigits, otherScale) = self.digits(right) else { return .double }
        let most = max(scale, otherScale)
        let precision = max(digits, otherDigits) + most
        return precision <= LogicalType.maximumPrecision ? .numeric(precision: precision, scale: most) : nil
    }

    /// Digits before and after the point of an exact number.
    private static func digits(_ type: LogicalType) -> (Int, Int)? {
        switch type {
        case .integer: (10, 0)
        case .bigint: (19, 0)
        case .numeric(let precision, let scale): (precision - scale, scale)
        default: nil
        }
    }

    var rowCount: Int { files.reduce(0) { $0 + $1.rowCount } }

    var segmentCount: Int { segments.count }

    func rowCount(segment: Int) -> Int { segments[segment].rows.count }

    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool {
        let place = segments[segment]
        if let value = added(of: place, field: field) { return value != .null && mayLie(value, value, in: range) }
        guard let column = places[place.file][field] else { return false }
        let bounds = files[place.file].bounds(rowGroup: place.rowGroup, column: column)
        if bounds.nullCount == files[place.file].rowCount(rowGroup: place.rowGroup) { return false }
        // NaN, which no bound tells of, is larger than every number.
        let mayBeNaN = files[place.file].columns[column].type == .double && range.high == nil
        guard mayLie(bounds.minimum, mayBeNaN ? nil : bounds.maximum, in: range) else { return false }
        if place.isWhole { return true }
        // A column that cannot be opened must not hide rows: the scan that follows says why.
        guard let pages = (try? chunk(of: place, column))?.pageBounds(place.rows) else { return true }
        return pages.contains { mayLie($0.minimum, mayBeNaN ? nil : $0.maximum, in: range) }
    }

    func knownExtremes(field: Int) -> KnownExtremes {
        var known = KnownExtremes(minimum: .null, maximum: .null, valueCount: 0)
        for (index, file) in files.enumerated() {
            for rowGroup in 0..<file.rowGroupCount where file.rowCount(rowGroup: rowGroup) > 0 {
                var own: (minimum: ScalarValue?, maximum: ScalarValue?, valueCount: Int?)
                if let value = added(ofFile: index, field: field) {
                    own = (value, value, value == .null ? 0 : file.rowCount(rowGroup: rowGroup))
                } else if let column = places[index][field] {
                    own = file.exactBounds(rowGroup: rowGroup, column: column)
                    // A value becomes another one on its way to a wider type.
                    if file.columns[column].type != schema.fields[field].type { (own.minimum, own.maximum) = (nil, nil) }
                } else {
                    own = (.null, .null, 0)
                }
                known.minimum = KnownExtremes.further(known.minimum, own.minimum) { ZoneMap.compare($0, $1).map { $0 <= 0 } }
                known.maximum = KnownExtremes.further(known.maximum, own.maximum) { ZoneMap.compare($0, $1).map { $0 >= 0 } }
                known.valueCount = known.valueCount.flatMap { count in own.valueCount.map { count + $0 } }
            }
        }
        return known
    }

    /// Whether a value between two others may lie within a range.
    private func mayLie(_ smallest: ScalarValue?, _ largest: ScalarValue?, in range: ZoneRange) -> Bool {
        if let wanted = range.low, let largest, let order = ZoneMap.compare(largest, wanted), order < 0 { return false }
        if let wanted = range.high, let smallest, let order = ZoneMap.compare(smallest, wanted), order > 0 { return false }
        return true
    }

    /// What a field says of a segment's file, if it is none of the file's own.
    private func added(of segment: Segment, field: Int) -> ScalarValue? { added(ofFile: segment.file, field: field) }

    private func added(ofFile file: Int, field: Int) -> ScalarValue? {
        let values = added[file]
        let place = field - (schema.fields.count - values.count)
        return place < 0 ? nil : values[place]
    }

    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] {
        let place = segments[segment]
        return try read(place, fields, count: place.rows.count) { chunk throws(ParquetError) in try chunk.read(place.rows) }
    }

    func reader(segment: Int) throws(ExecutionError) -> any SegmentReader { Reader(table: self, segment: segment) }

    private final class Reader: SegmentReader {
        let table: ParquetTable
        let segment: Int

        init(table: ParquetTable, segment: Int) {
            self.table = table
            self.segment = segment
        }

        func columns(_ fields: [Int]) throws(ExecutionError) -> [Vector] { try table.read(segment: segment, fields: fields) }

        func columns(_ fields: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
            let place = table.segments[segment]
            return try table.read(place, fields, count: rows.count) { chunk throws(ParquetError) in
                try chunk.read(place.rows, at: rows)
            }
        }
    }

    /// Fields of a segment as the table has them.
    ///
    /// - Parameters:
    ///   - count: Of the rows that are wanted.
    ///   - rows: Reads them from a column of a file.
    private func read(
        _ segment: Segment, _ fields: [Int], count: Int, rows: (ColumnChunk) throws(ParquetError) -> Vector
    ) throws(ExecutionError) -> [Vector] {
        var vectors: [Vector] = []
        for field in fields {
            let type = schema.fields[field].type
            if let value = added(of: segment, field: field) {
                vectors.append(.constant(value, type: type, count: count))
            } else if let column = places[segment.file][field] {
                let own: Vector
                do throws(ParquetError) {
                    own = try rows(chunk(of: segment, column))
                } catch {
                    throw ExecutionError(.diagnosed(error.diagnostic))
                }
                vectors.append(try Cast.vector(own, to: type, position: -1))
            } else {
                vectors.append(.constant(.null, type: type, count: count))
            }
        }
        return vectors
    }

    private func chunk(of segment: Segment, _ column: Int) throws(ParquetError) -> ColumnChunk {
        let file = files[segment.file]
        if segment.isWhole { return try file.chunk(rowGroup: segment.rowGroup, column: column, atOnce: true) }
        return try chunks.chunk(OpenChunks.RowGroup(file: segment.file, number: segment.rowGroup), column) { () throws(ParquetError) in
            try file.chunk(rowGroup: segment.rowGroup, column: column, atOnce: false)
        }
    }

    func blocks(segment: Int, fields: [Int]) -> StoredBlocks {
        let place = segments[segment]
        let file = files[place.file]
        let columns = fields.compactMap { added(of: place, field: $0) == nil ? places[place.file][$0] : nil }
        // Of a row group that is read in pieces, each has its share.
        let sizes = columns.map { column in
            let size = file.chunkSize(rowGroup: place.rowGroup, column: column)
            return place.isWhole ? size : size * place.rows.count / max(1, file.rowCount(rowGroup: place.rowGroup))
        }
        return StoredBlocks(count: sizes.count, size: sizes.reduce(0, +))
    }
}
