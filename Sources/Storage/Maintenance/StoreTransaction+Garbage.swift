import Diagnostics

extension StoreTransaction {
    /// Finds, and unless it is a rehearsal removes, segments and dictionaries that the newest commit does not name.
    ///
    /// Older commits lose their rows with them, so only what has been unused for a while goes: a reader that opened the store
    /// before the commit that put a file out of use still reads it. Manifests and rejects stay for ever, the older manifests packed.
    ///
    /// - Parameters:
    ///   - age: Microseconds a file must have been out of use.
    ///   - packing: When manifests of that age are packed.
    ///   - time: Now, microseconds since 1970-01-01 00:00 UTC; nil for the clock's.
    package func collectGarbage(
        olderThan age: Int64, isRehearsal: Bool, packing: ManifestPacking = .usual, at time: Int64? = nil
    ) throws(StorageError) -> GarbageReport {
        let now = time ?? StoreTransaction.now()
        var report = GarbageReport()
        for (path, unusedSince) in try unusedFiles() {
            let file = GarbageReport.File(path: path, size: try size(of: path), unusedSince: unusedSince)
            if now - unusedSince >= age { report.removable.append(file) } else { report.tooYoung.append(file) }
        }
        report.packs = try packable(packing, olderThan: now - age)
        if isRehearsal { return report }
        try remove(report.removable)
        report.packs = try pack(report.packs)
        return report
    }

    private func remove(_ files: [GarbageReport.File]) throws(StorageError) {
        if files.isEmpty { return }
        // The newest manifest may have come from a writer that died before its name was safe. Were it lost with the power
        // now, the commit before it would need these files.
        try folder.synchronizeFolder("commits")
        for file in files {
            do throws(FileError) { try folder.fileSystem.remove(folder.absolute(file.path)) } catch {
                if error.code != FileError.noEntry { throw StorageError(error, file: file.path) }
            }
        }
    }

    /// Path and time of each file the newest commit does not name, by path.
    private func unusedFiles() throws(StorageError) -> [(path: String, unusedSince: Int64)] {
        let used = base.manifest.filePaths
        var pending: Set<String> = []
        for subfolder in ["segments", "dictionaries"] {
            for name in try folder.list(subfolder) where !used.contains(subfolder + "/" + name) {
                pending.insert(subfolder + "/" + name)
            }
        }
        // From the newest commit back to the last that names each of them.
        var unusedSince: [String: Int64] = [:]
        var commit = base.commitNumber
        var later = base.time
        var history = ManifestHistory(folder)
        while !pending.isEmpty, commit > 1 {
            commit -= 1
            let bytes: [UInt8]?
            do throws(StorageError) { bytes = try history.manifest(commit)?.bytes } catch {
                guard error.kind == .badData else { throw error }
                bytes = nil
            }
            // What lies before a damaged manifest is not known: the file was certainly unused in the commit behind it.
            guard let (manifest, _) = bytes.flatMap({ Manifest.read($0) }) else { break }
            let named = manifest.filePaths
            for path in pending where named.contains(path) || StoreTransaction.commitNumber(ofFile: path) > commit {
                unusedSince[path] = later
                pending.remove(path)
            }
            later = manifest.time
        }
        for path in pending { unusedSince[path] = later }
        return unusedSince.sorted { $0.key < $1.key }.map { (path: $0.key, unusedSince: $0.value) }
    }

    /// The commit that wrote a file, by its name; 0 for a name that no commit gives.
    private static func commitNumber(ofFile path: String) -> Int {
        path.split(separator: "/").last?.split(separator: "-").first.flatMap { Int($0) } ?? 0
    }

    func size(of path: String) throws(StorageError) -> Int {
        do throws(FileError) {
            let descriptor = try folder.fileSystem.openForReading(folder.absolute(path))
            defer { folder.fileSystem.close(descriptor) }
            return try folder.fileSystem.size(of: descriptor)
        } catch {
            throw StorageError(error, file: path)
        }
    }
}

extension Manifest {
    /// Segments and dictionaries the commit needs, as paths in the store.
    var filePaths: Set<String> {
        var paths: Set<String> = []
        for table in tables {
            for segment in table.segments { paths.insert("segments/" + segment.fileName) }
            for column in table.columns {
                for dictionary in column.text?.dictionaries ?? [] { paths.insert("dictionaries/" + dictionary.fileName) }
            }
        }
        return paths
    }
}
