import Diagnostics

/// Removes what a writer that crashed left behind. Only under the lock.
///
/// Safe for readers: files with a commit number above the newest manifest's belong to no commit, and temporary files to
/// no reader.
enum CrashCleanup {
    static func run(_ folder: StoreFolder, newestCommit: Int, newestBatch: Int) throws(StorageError) {
        for name in try folder.list("commits") {
            let path = "commits/" + name
            if name.hasSuffix(StoreFolder.temporaryEnding) { folder.discard(path) }
            if let number = number(of: name, ending: ".json"), number > newestCommit {
                try discardIfEmpty(path, folder)
            }
        }
        for subfolder in ["segments", "dictionaries"] {
            for name in try folder.list(subfolder) {
                let isLeftover = name.split(separator: "-").first.flatMap { Int($0) }.map { $0 > newestCommit } ?? false
                if name.hasSuffix(StoreFolder.temporaryEnding) || isLeftover { folder.discard(subfolder + "/" + name) }
            }
        }
        for name in try folder.list("rejects") {
            let isLeftover = number(of: name, ending: ".csv").map { $0 > newestBatch } ?? false
            if name.hasSuffix(StoreFolder.temporaryEnding) || isLeftover { folder.discard("rejects/" + name) }
        }
    }

    private static func number(of name: String, ending: String) -> Int? {
        name.hasSuffix(ending) ? Int(name.dropLast(ending.count)) : nil
    }

    private static func discardIfEmpty(_ path: String, _ folder: StoreFolder) throws(StorageError) {
        if try folder.readTail(path, size: 1)?.isEmpty == true { folder.discard(path) }
    }
}
