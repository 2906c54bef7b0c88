import Columns
import Diagnostics
import Storage

/// Everything a reader may ask of a store. Damage may be thrown and reported, a fault of the program's own may not.
enum StoreUse {
    static func all(of files: [String: [UInt8]]) {
        let fileSystem = FrozenFiles(files)
        attempt { () throws(StorageError) in
            let store = try Store.open("/store", fileSystem: fileSystem)
            for problem in try store.verify(deep: false).problems { judge(problem) }
            let snapshot = try store.snapshot()
            attempt { () throws(StorageError) in _ = try snapshot.statistics() }
            for table in snapshot.tables { use(table) }
        }
    }

    static func use(_ table: TableSnapshot) {
        for index in table.segments.indices {
            for column in table.schema.fields.indices {
                attempt { () throws(StorageError) in
                    for bound: ScalarValue in [.integer(0), .date(0), .timestamp(0), .text("C"), .double(0)] {
                        _ = try table.segments[index].mightContain(column, minimum: bound, maximum: bound)
                    }
                }
                attempt { () throws(StorageError) in
                    let vector = try table.readSegment(index, columns: [column])[0].flattened()
                    precondition(vector.count == table.segments[index].rowCount)
                    for row in 0..<min(vector.count, 20) { _ = vector.scalar(at: row) }
                }
            }
        }
    }

    private static func attempt(_ body: () throws(StorageError) -> Void) {
        do throws(StorageError) { try body() } catch { judge(error) }
    }

    private static func judge(_ error: StorageError) {
        precondition(error.kind != .internalError, "\(error.message)")
    }
}
