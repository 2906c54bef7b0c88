import Columns
import Diagnostics
import Execution
import Parquet
import Storage

/// Parquet files of the same columns as one table: each row group is a segment, read when a scan asks for it.
final class ParquetTable: ScannableTable {
    private struct Segment: Sendable {
        var file: Int
        var rowGroup: Int
    }

    let schema: Schema
    private let files: [ParquetFile]
    /// For each file and field the place of the column in the file.
    private let places: [[Int]]
    private let segments: [Segment]

    /// - Throws: where a file has other columns than the first.
    init(_ files: [ParquetFile]) throws(Diagnostic) {
        self.files = files
        let first = files[0]
        let names = ColumnNames.unique(first.columns.map(\.name))
        schema = Schema(zip(names, first.columns).map { Field(name: $0, type: $1.type) })
        var places: [[Int]] = []
        for file in files { places.append(try ParquetTable.places(of: first, in: file)) }
        self.places = places
        segments = files.enumerated().flatMap { index, file in
            (0..<file.rowGroupCount).map { Segment(file: index, rowGroup: $0) }
        }
    }

    /// Where the columns of the first file are in another, by their names.
    private static func places(of first: ParquetFile, in file: ParquetFile) throws(Diagnostic) -> [Int] {
        if file === first { return Array(first.columns.indices) }
        let names = file.columns.map(\.name)
        var places: [Int] = []
        for (index, column) in first.columns.enumerated() {
            // A name may occur twice: then the columns must stand in the same order.
            let found = names.indices.contains(index) && names[index] == column.name ? index : names.firstIndex(of: column.name)
            guard let place = found, file.columns[place].type == column.type else {
                let what = found.map { "\"\(column.name)\" is \(file.columns[$0].type.name), not \(column.type.name) as" }
                throw Diagnostic(
                    .badData, what.map { "column \($0) in \(first.path)" } ?? "column \"\(column.name)\" of \(first.path) is missing",
                    at: SourceLocation(file: file.path), mend: "read the files one by one, or cast the column")
            }
            places.append(place)
        }
        guard names.count == first.columns.count else {
            let known = Set(first.columns.map(\.name))
            let extra = names.first { !known.contains($0) } ?? ""
            throw Diagnostic(
                .badData, "column \"\(extra)\" is not in \(first.path)", at: SourceLocation(file: file.path),
                mend: "read the files one by one")
        }
        return places
    }

    var rowCount: Int { files.reduce(0) { $0 + $1.rowCount } }

    var segmentCount: Int { segments.count }

    func rowCount(segment: Int) -> Int { files[segments[segment].file].rowCount(rowGroup: segments[segment].rowGroup) }

    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool {
        let place = segments[segment]
        let bounds = files[place.file].bounds(rowGroup: place.rowGroup, column: places[place.file][field])
        if bounds.nullCount == rowCount(segment: segment) { return false }
        // NaN, which no bound tells of, is larger than every number.
        let mayBeNaN = schema.fields[field].type == .double && range.high == nil
        if !mayBeNaN, let wanted = range.low, let largest = bounds.maximum,
            let order = ZoneMap.compare(largest, wanted), order < 0
        {
            return false
        }
        if let wanted = range.high, let smallest = bounds.minimum, let order = ZoneMap.compare(smallest, wanted), order > 0 {
            return false
        }
        return true
    }

    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] {
        let place = segments[segment]
        do throws(ParquetError) {
            var vectors: [Vector] = []
            for field in fields {
                vectors.append(
                    try files[place.file].read(rowGroup: place.rowGroup, column: places[place.file][field]))
            }
            return vectors
        } catch {
            throw ExecutionError(.diagnosed(error.diagnostic))
        }
    }

    func blocks(segment: Int, fields: [Int]) -> StoredBlocks {
        let place = segments[segment]
        let sizes = fields.map { files[place.file].chunkSize(rowGroup: place.rowGroup, column: places[place.file][$0]) }
        return StoredBlocks(count: sizes.count, size: sizes.reduce(0, +))
    }
}
