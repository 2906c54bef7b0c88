import Foundation
import Testing

/// A store that sessions begin with, and the files that lie beside it; made once, copied for each session.
enum SessionScene: String {
    /// A few institutions and visits.
    case visits
    /// Claims with the tables that indicators ask.
    case claims

    private static let visitsFolder = Result { try SessionScene.visits.made() }
    private static let claimsFolder = Result { try SessionScene.claims.made() }

    /// Copies the store and the files into the folder of a session.
    func copy(to folder: TemporaryFolder) throws {
        let source = try (self == .visits ? Self.visitsFolder : Self.claimsFolder).get()
        for name in FileContent.names(in: source.url.path) {
            try FileManager.default.copyItem(atPath: source.path(name), toPath: folder.path(name))
        }
    }

    private var tables: [String] { self == .visits ? ["institutions", "visits"] : ["institutions", "knowledge", "deaths", "claims"] }

    private func made() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        SharedFolders.removeAtExit(folder.url.path)
        let files = SessionScript.folder.appendingPathComponent("Files")
        var names = ["institutions.csv", "visits.csv", "first.sql", "faulty.sql"]
        if self == .claims { names = FileContent.names(in: files.appendingPathComponent("claims").path).map { "claims/" + $0 } + names }
        for name in names {
            let target = folder.path((name as NSString).lastPathComponent)
            try FileManager.default.copyItem(atPath: files.appendingPathComponent(name).path, toPath: target)
        }
        let store = StoreUnderTest(folder.path("store"))
        for table in tables { try store.run("ingest", folder.path(table + ".csv"), "--table", table) }
        // The tool as a command among others.
        try FileManager.default.createSymbolicLink(
            atPath: folder.makeFolder("bin") + "/fundwatch", withDestinationPath: ProductBinary.path())
        return folder
    }
}
