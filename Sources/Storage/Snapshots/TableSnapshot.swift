package import Columns
import Diagnostics
import Synchronization

/// One table of a snapshot.
package final class TableSnapshot: Sendable {
    package let name: String
    package let schema: Schema
    package let rowCount: Int
    package let segments: [SegmentSnapshot]

    let record: TableRecord
    private let storePath: String
    private let fileSystem: any FileSystem
    private let domains: Mutex<[Int: TextDomain]>
    private let knownRunShape = Mutex<RunShape?>(nil)

    init(_ record: TableRecord, storePath: String, fileSystem: any FileSystem) {
        self.record = record
        self.storePath = storePath
        self.fileSystem = fileSystem
        name = record.name
        schema = record.schema
        rowCount = record.segments.reduce(0) { $0 + $1.rowCount }
        let timeColumn = record.layout.timeColumn.flatMap { name in record.columns.firstIndex { $0.field.name == name } }
        segments = record.segments.map {
            SegmentSnapshot($0, timeColumn: timeColumn, storePath: storePath, fileSystem: fileSystem)
        }
        domains = Mutex([:])
    }

    /// How runs lie in the table, as its largest segment has it; nil if it has no runs.
    package func runShape() throws(StorageError) -> RunShape? {
        if let known = knownRunShape.withLock({ $0 }) { return known }
        guard let segment = segments.max(by: { $0.rowCount < $1.rowCount }), segment.rowCount > 0 else { return nil }
        let directory = try segment.directory()
        guard directory.runCount > 0 else { return nil }
        var grouped: [Bool] = []
        for field in schema.fields.indices { grouped.append(try segment.isConstantInRuns(field)) }
        let shape = RunShape(
            groupedFields: grouped, meanRunLength: Double(segment.rowCount) / Double(directory.runCount))
        knownRunShape.withLock { $0 = shape }
        return shape
    }

    /// The domain of a text column, nil for a column of another type. Loaded on first use, once, from any thread.
    package func textDomain(_ column: Int) throws(StorageError) -> TextDomain? {
        guard let text = record.columns[column].text else { return nil }
        return try domains.withLock { (known) throws(StorageError) -> TextDomain in
            if let domain = known[column] { return domain }
            do throws(StorageError) {
                let domain = try DictionaryFile.loadDomain(text, storePath: storePath, fileSystem: fileSystem)
                known[column] = domain
                return domain
            } catch {
                var named = error
                named.column = schema.fields[column].name
                throw named
            }
        }
    }

    /// How a text column is coded, without loading its domain; nil for a column of another type, or one without any rows.
    package func textKind(_ column: Int) -> TextKind? { record.columns[column].text?.kind }

    /// Entries of a text column's dictionary; nil for a column without one.
    package func textEntryCount(_ column: Int) -> Int? {
        guard let text = record.columns[column].text, text.kind == .dictionary else { return nil }
        return text.entryCount
    }

    /// The wanted columns of all rows of one segment, in the order of `columns`.
    ///
    /// Grouped columns come as `.runs` with one `RunMap` object for the whole call and every later one, constant columns
    /// as `.constant`, text in the shape of its `textDomain`; a column added after the segment was written is NULL, one
    /// that was widened has the wider type.
    package func readSegment(_ index: Int, columns: [Int]) throws(StorageError) -> [Vector] {
        try segmentColumns(index).columns(columns)
    }

    /// A segment whose columns are read in several goes.
    package func segmentColumns(_ index: Int) throws(StorageError) -> SegmentColumns {
        try SegmentColumns(table: self, index: index)
    }

    /// The domain, for a column that has codes in the segment.
    func codedDomain(
        _ column: Int, _ entry: SegmentDirectory.Column, segment index: Int
    ) throws(StorageError) -> TextDomain? {
        switch entry.storage {
        case .codes32, .codes64: entry.nullCount == segments[index].rowCount ? nil : try textDomain(column)
        default: nil
        }
    }
}
