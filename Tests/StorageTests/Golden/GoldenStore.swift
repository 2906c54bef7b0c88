import Columns
import Foundation
import Storage

/// A small store of each format version: its bytes are kept in `Tests/GoldenStores`, and what they must read as is made anew by the
/// formulas of `GoldenTables` and `SampleTable`.
enum GoldenStore {
    static let versions = [1, 2]
    /// The version that this program writes.
    static let newest = 2

    /// The folder with a version's bytes. The newest one's is written anew by
    /// `FUNDWATCH_WRITE_GOLDEN=1 swift test --filter GoldenStoreTests`.
    static func folder(version: Int) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../GoldenStores/v\(version)").standardized
    }

    static let isToBeWritten = ProcessInfo.processInfo.environment["FUNDWATCH_WRITE_GOLDEN"] == "1"

    private static let time: Int64 = 1_735_718_678_000_000
    private static let view = "select item, sum(amount) from shapes group by item"

    /// Makes the store with what a version's holds, and gives what it says.
    static func make(_ fileSystem: any FileSystem, at path: String, version: Int) throws -> StoreContents {
        var contents = StoreContents()
        // Two loads of one table, the second with rejects and a column more; columns added later are NULL in older rows.
        let claims = [SampleTable(rowCount: 60, seed: 1), SampleTable(rowCount: 20, seed: 2, firstClaim: 500)]
        try load([claims[0]], into: path, fileSystem: fileSystem)
        try load([claims[1]], into: path, fileSystem: fileSystem, rejects: "file,line\nclaims.csv,7\n")
        let change = try StoreTransaction.begin(path, fileSystem: fileSystem)
        let extra = Field(name: "extra", type: .text)
        try change.addColumns([extra], to: "claims")
        try change.setView("by_item", sql: view)
        try change.commit(batch: nil, time: time)
        contents.tables["claims"] = StoreContents.Table(
            fields: SampleTable.schema.fields + [extra], rows: claims.flatMap { $0.rows }.map { $0 + [.null] })
        contents.views["by_item"] = view
        try add(fileSystem, path, &contents) { try GoldenTables.edges(coded: $0) }
        try add(fileSystem, path, &contents) { try GoldenTables.shapes(coded: $0) }
        // A table that takes the place of an earlier one.
        try add(fileSystem, path, &contents) { try GoldenTables.edges(coded: $0) }
        contents.commitNumber = 6
        if version >= 2 {
            try add(fileSystem, path, &contents) { try GoldenTables.streams(coded: $0) }
            contents.commitNumber += 1
        }
        contents.batches = try Store.open(path, fileSystem: fileSystem).snapshot().batches
        return contents
    }

    private static func add(
        _ fileSystem: any FileSystem, _ path: String, _ contents: inout StoreContents,
        _ rows: (GoldenTables.Coding) throws -> GoldenRows
    ) throws {
        // Names and types first: a table's text domains are asked for by the columns of its schema.
        let shape = try rows { _, _ in .plain }
        let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
        try transaction.replaceTable(shape.name, schema: Schema(shape.fields))
        let table = try rows { column, entries in
            try transaction.textDomain(of: column, in: shape.name).codes(for: entries, rowCount: shape.rowCount)
        }
        let segment = try SegmentEncoder.encode(
            schema: Schema(table.fields), columns: table.columns, rowCount: table.rowCount,
            groupKeyColumn: table.groupKeyColumn, timeColumn: table.timeColumn)
        try transaction.add(segment, to: table.name, order: 0)
        let batch = BatchSummary(
            id: transaction.batchID, table: table.name, sourceName: "\(table.name).csv",
            sourceHash: String(repeating: "ef", count: 32), sourceSize: 1, rowsLoaded: table.rowCount)
        try transaction.commit(batch: batch, time: time)
        contents.tables[table.name] = StoreContents.Table(fields: table.fields, rows: table.rows)
    }
}
