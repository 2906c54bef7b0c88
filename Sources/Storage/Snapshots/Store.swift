import Diagnostics

/// A store folder: tables, views and the history of what was loaded.
package final class Store: Sendable {
    package let path: String
    let fileSystem: any FileSystem

    var folder: StoreFolder { StoreFolder(path: path, fileSystem: fileSystem) }

    private init(path: String, fileSystem: any FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// Whether a store is at `path`.
    package static func exists(_ path: String, fileSystem: any FileSystem = PosixFileSystem()) -> Bool {
        fileSystem.exists(path + "/commits")
    }

    /// Nothing if there may be no store at `path`.
    ///
    /// - Throws: `permission` if the folder may not be entered, so that nobody can say whether there is one.
    package static func checkAccess(
        _ path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) {
        do throws(FileError) { _ = try fileSystem.list(path + "/commits") } catch {
            let failure = StorageError(error, file: path)
            if failure.kind == .permission { throw failure }
        }
    }

    /// The store at `path`; noInput if there is none.
    package static func open(
        _ path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> Store {
        guard exists(path, fileSystem: fileSystem) else {
            try checkAccess(path, fileSystem: fileSystem)
            throw StorageError(
                .noInput, "no store here", file: path,
                mend: "load a file with `fundwatch ingest FILE`, or name the store with --store DIR")
        }
        return Store(path: path, fileSystem: fileSystem)
    }

    /// Makes the folders of an empty store; does nothing if there is a store already.
    package static func create(
        _ path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> Store {
        let folder = StoreFolder(path: path, fileSystem: fileSystem)
        do throws(FileError) {
            let places = ancestors(of: path)
            let made = places.filter { !fileSystem.exists($0) }
            for place in made { try fileSystem.makeFolder(place) }
            for name in StoreFolder.folders where !fileSystem.exists(folder.absolute(name)) {
                try fileSystem.makeFolder(folder.absolute(name))
            }
            try fileSystem.synchronizeFolder(path)
            // A folder's own name lies in the one above it. Until there is a commit, folders may be those of a writer that
            // crashed before it made their names safe; where they were found, that is tried only: others' may not be opened.
            if try fileSystem.list(folder.absolute("commits")).isEmpty {
                for place in places {
                    do throws(FileError) { try fileSystem.synchronizeFolder(parent(of: place)) } catch {
                        if made.contains(place) { throw error }
                    }
                }
            }
        } catch {
            var failure = folder.writeError(error, path)
            if failure.kind != .permission { failure.kind = .cannotCreate }
            throw failure
        }
        return Store(path: path, fileSystem: fileSystem)
    }

    private static func parent(of path: String) -> String {
        guard let end = path.lastIndex(of: "/") else { return "." }
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// `a`, `a/b`, `a/b/c` for `a/b/c`.
    private static func ancestors(of path: String) -> [String] {
        var result: [String] = []
        for (index, character) in zip(path.indices, path) where character == "/" && index > path.startIndex {
            result.append(String(path[..<index]))
        }
        return result + [path]
    }

    /// Number of the newest commit's file, read or not: whether there is anything new. 0 for a store without commits.
    package func newestCommitNumber() throws(StorageError) -> Int {
        try ManifestLog(folder: folder).numbers().last ?? 0
    }

    /// The newest commit whose own hash and chain hold. Takes no lock; a store without commits has snapshot 0.
    package func snapshot() throws(StorageError) -> StoreSnapshot {
        let head = try ManifestLog(folder: folder).head()
        return StoreSnapshot(
            head.manifest, hash: head.hash, damage: head.damage, storePath: path, fileSystem: fileSystem)
    }
}
