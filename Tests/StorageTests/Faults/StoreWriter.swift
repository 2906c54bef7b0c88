import Columns
import Storage

/// Something that writes to a store and ends in one commit. Fault tests let every call of it fail and cut the power at
/// every step of it: add each new writer at the end of `all`.
struct StoreWriter: Sendable {
    static let path = "/data/store"

    let name: String
    let write: @Sendable (any FileSystem) throws -> Void

    /// Each begins with the store as the ones before it left it; the first makes it.
    static let all: [StoreWriter] = [
        StoreWriter(name: "first load") { fileSystem in
            let tables = [SampleTable(rowCount: 30, seed: 1), SampleTable(rowCount: 5, seed: 2, firstClaim: 50)]
            try load(tables, into: path, fileSystem: fileSystem, rejects: "file,line\n")
        },
        StoreWriter(name: "load with rejects and new text") { fileSystem in
            try load(
                [SampleTable(rowCount: 20, seed: 3, firstClaim: 100)], into: path, fileSystem: fileSystem,
                rejects: "file,line\nclaims.csv,7\n")
        },
        StoreWriter(name: "first reference table") { try loadReference(["H1", "H2", "H3"], $0) },
        StoreWriter(name: "replaced reference table") { try loadReference(["H2", "H7"], $0) },
        StoreWriter(name: "columns, views and tables changed") { fileSystem in
            let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
            try transaction.addColumns([Field(name: "extra", type: .text)], to: "claims")
            try transaction.setView("live", sql: "select 1")
            try transaction.createTable("empty", schema: Schema([Field(name: "a", type: .bigint)]))
            try transaction.commit(batch: nil, time: time)
        },
        StoreWriter(name: "table and view dropped") { fileSystem in
            let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
            try transaction.dropTable("institutions")
            try transaction.dropView("live")
            try transaction.commit(batch: nil, time: time)
        },
    ]

    private static let time: Int64 = 1_700_000_000_000_000

    /// What the store says before the first writer and after each.
    static func states() throws -> [(files: MemoryFileSystem, contents: StoreContents)] {
        let fileSystem = MemoryFileSystem()
        var states = [(files: MemoryFileSystem(copying: fileSystem), contents: StoreContents())]
        for writer in all {
            try writer.write(fileSystem)
            let contents = try StoreContents(path, fileSystem: fileSystem)
            states.append((files: MemoryFileSystem(copying: fileSystem), contents: contents))
        }
        return states
    }

    /// A later batch takes the place of the table.
    private static func loadReference(_ institutions: [String], _ fileSystem: any FileSystem) throws {
        let schema = Schema([Field(name: "institution_id", type: .text), Field(name: "beds", type: .bigint)])
        let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
        try transaction.replaceTable("institutions", schema: schema)
        var entries = StringColumn()
        for institution in institutions { entries.append(institution) }
        let domain = try transaction.textDomain(of: 0, in: "institutions")
        let codes: EncodableColumn.Values
        switch domain.codes(for: entries, rowCount: institutions.count) {
        case .codes32(let numbers): codes = .codes32(numbers)
        case .codes64(let numbers): codes = .codes64(numbers)
        case .plain: codes = .strings(entries)
        }
        let columns = [EncodableColumn(codes), EncodableColumn(.int64(institutions.map { Int64($0.utf8.count) * 100 }))]
        let segment = try SegmentEncoder.encode(
            schema: schema, columns: columns, rowCount: institutions.count, groupKeyColumn: nil)
        try transaction.add(segment, to: "institutions", order: 0)
        let batch = BatchSummary(
            id: transaction.batchID, table: "institutions", sourceName: "institutions.csv",
            sourceHash: String(repeating: "cd", count: 32), sourceSize: 20, rowsLoaded: institutions.count)
        try transaction.commit(batch: batch, time: time)
    }
}
