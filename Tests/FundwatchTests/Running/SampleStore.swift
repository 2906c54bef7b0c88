import Foundation
import Fundwatch
import Glibc

/// The sample data in a store, loaded once for all tests that only read.
enum SampleStore {
    private static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fundwatch-samples-\(getpid())")

    private static let opened = Result {
        // Nobody lets go of what all tests share before the process ends.
        atexit { try? FileManager.default.removeItem(at: SampleStore.folder) }
        var options = StoreOptions()
        options.createsMissingStore = true
        let store = try FundStore(at: folder.path, options: options)
        for table in ["institutions", "knowledge", "deaths", "claims"] {
            try store.ingest(Project.path("SampleData/\(table).csv"), into: table)
        }
        return store
    }

    static func store() throws -> FundStore { try opened.get() }

    static func path() throws -> FundStorePath { FundStorePath(path: try store().path) }

    /// An empty store that the first file makes.
    static func fresh(_ folder: TemporaryFolder) throws -> FundStore {
        var options = StoreOptions()
        options.createsMissingStore = true
        return try FundStore(at: folder.path("store"), options: options)
    }
}

/// The error a call throws, nil if it throws none or one of another type.
func failure(_ call: () throws -> Void) -> FundError? {
    do {
        try call()
        return nil
    } catch {
        return error as? FundError
    }
}

/// A change of options, as a case of a test.
struct Change<Options>: Sendable {
    let apply: @Sendable (inout Options) -> Void

    init(_ apply: @escaping @Sendable (inout Options) -> Void) { self.apply = apply }
}
