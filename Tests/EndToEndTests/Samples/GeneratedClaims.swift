import Foundation
import Synchronization
import Testing

/// Generated lines with their reference tables, made and loaded once for all tests that only read them.
final class GeneratedClaims: Sendable {
    static let lineCount = 30_000
    /// Of the smaller store, which tests copy to damage it.
    static let smallLineCount = 4_000
    static let seed = 20_250_131
    static let tables = ["institutions", "knowledge", "deaths", "claims"]

    /// Holds `data/` (the CSV files) and `store/`.
    private let folder: TemporaryFolder
    let dataFolder: String
    let store: StoreUnderTest
    /// What ingest said of the claims.
    let claimsSummary: ProcessOutcome

    private static let shared = Result { try GeneratedClaims(lines: lineCount) }
    private static let sharedSmall = Result { try GeneratedClaims(lines: smallLineCount) }

    static func loaded() throws -> GeneratedClaims { try shared.get() }
    static func small() throws -> GeneratedClaims { try sharedSmall.get() }

    private init(lines: Int) throws {
        folder = try TemporaryFolder()
        dataFolder = folder.path("data")
        store = StoreUnderTest(folder.path("store"))
        let made = try GeneratedClaims.generate(
            lines: lines, seed: GeneratedClaims.seed, into: dataFolder)
        try #require(made.ending == .exited(code: 0), "generate: \(made.ending) \(made.errors)")
        var last: ProcessOutcome?
        for table in GeneratedClaims.tables {
            last = try store.run("ingest", dataFolder + "/\(table).csv", "--table", table)
        }
        claimsSummary = try #require(last)
        SharedFolders.removeAtExit(folder.url.path)
    }

    static func generate(lines: Int, seed: Int, into folder: String) throws -> ProcessOutcome {
        try ToolUnderTest.run(["generate", "--lines", String(lines), "--seed", String(seed), "--out", folder])
    }

    func sheet(_ table: String) throws -> CSVSheet { try CSVSheet(file: dataFolder + "/\(table).csv") }

    func reference() throws -> ReferenceData {
        ReferenceData(
            claims: [try sheet("claims")], institutions: try sheet("institutions"), knowledge: try sheet("knowledge"))
    }
}

/// Folders of values that live as long as the process, whose `deinit` nobody runs.
enum SharedFolders {
    private static let paths = Mutex<[String]>([])

    static func removeAtExit(_ path: String) {
        let isFirst = paths.withLock { paths in
            paths.append(path)
            return paths.count == 1
        }
        if isFirst { atexit { SharedFolders.removeAll() } }
    }

    private static func removeAll() {
        for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
}
