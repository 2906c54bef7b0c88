import Diagnostics

/// Removes what a writer that crashed left behind. Only under the lock.
///
/// Safe for readers: files with a commit number above the newest manifest's belong to no commit, and temporary files to
/// no reader.
enum CrashCleanup {
    static func run(_ folder: StoreFolder, newestCommit: Int, newestBatch: Int) throws(StorageError) {
        var leftovers: [String] = []
        for name in try folder.list("commits") {
            let path = "commits/" + name
            if name.hasSuffix(StoreFolder.temporaryEnding) { leftovers.append(path) }
            if let number = number(of: name, ending: ".json"), number > newestCommit, try isEmpty(path, folder) {
                leftovers.append(path)
            }
        }
        for subfolder in ["segments", "dictionaries"] {
            for name in try folder.list(subfolder) {
                let isLeftover = name.split(separator: "-").first.flatMap { Int($0) }.map { $0 > newestCommit } ?? false
                if name.hasSuffix(StoreFolder.temporaryEnding) || isLeftover { leftovers.append(subfolder + "/" + name) }
            }
        }
        for name in try folder.list("rejects") {
            let isLeftover = number(of: name, ending: ".csv").map { $0 > newestBatch } ?? false
            if name.hasSuffix(StoreFolder.temporaryEnding) || isLeftover { leftovers.append("rejects/" + name) }
        }
        guard !leftovers.isEmpty else { return }
        // A manifest its writer took back may come back with a power failure unless this folder is safe: what it names
        // goes only then.
        try folder.synchronizeFolder("commits")
        for path in leftovers { folder.discard(path) }
    }

    private static func number(of name: String, ending: String) -> Int? {
        name.hasSuffix(ending) ? Int(name.dropLast(ending.count)) : nil
    }

    private static func isEmpty(_ path: String, _ folder: StoreFolder) throws(StorageError) -> Bool {
        try folder.readTail(path, size: 1)?.isEmpty == true
    }
}
