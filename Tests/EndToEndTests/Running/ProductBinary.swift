import Foundation

/// Where the command-line tool under test lies.
enum ProductBinary {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no fundwatch executable at \(path); build it, or name one with FUNDWATCH_BINARY" }
    }

    /// `$FUNDWATCH_BINARY`, else the executable built beside this test bundle.
    static func path() throws -> String {
        let url: URL
        if let named = ProcessInfo.processInfo.environment["FUNDWATCH_BINARY"], !named.isEmpty {
            url = URL(fileURLWithPath: named)
        } else {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            url = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("fundwatch")
        }
        guard FileManager.default.isExecutableFile(atPath: url.path) else { throw Missing(path: url.path) }
        return url.path
    }
}

/// Whether the long rounds are asked for.
enum Torture {
    static let isAskedFor = ProcessInfo.processInfo.environment["FUNDWATCH_TORTURE"] == "1"
}
