import Foundation
import Testing

/// What the package manager reads in a `Package.swift`.
struct PackageManifest: Decodable {
    struct Dependency: Decodable {
        struct Folder: Decodable {
            let path: String
        }

        /// nil for one that is fetched.
        let fileSystem: [Folder]?
    }

    struct Product: Decodable {
        let name: String
        let targets: [String]
    }

    struct Target: Decodable {
        struct Need: Decodable {
            /// Product and package, and what narrows them; nil for another kind of need.
            let product: [String?]?
        }

        let name: String
        let dependencies: [Need]
    }

    let name: String
    let dependencies: [Dependency]
    let products: [Product]
    let targets: [Target]

    /// Reads the manifest in a folder, and builds nothing.
    static func read(in folder: String) throws -> PackageManifest {
        let scratch = try TemporaryFolder()
        try scratch.write("manifest.json", "")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["swift", "package", "dump-package", "--package-path", folder, "--scratch-path", scratch.path("build")]
        process.standardOutput = try FileHandle(forWritingTo: scratch.url.appendingPathComponent("manifest.json"))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "`swift package dump-package` of \(folder)")
        return try JSONDecoder().decode(PackageManifest.self, from: Data(contentsOf: scratch.url.appendingPathComponent("manifest.json")))
    }
}
