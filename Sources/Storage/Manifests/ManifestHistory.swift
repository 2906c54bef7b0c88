import Diagnostics

/// Finds manifests by their number, whether they are files of their own or packed; keeps the pack that was read last.
struct ManifestHistory {
    struct Found {
        var bytes: [UInt8]
        /// Path in the store.
        var file: String
        /// Bytes read from disk for it.
        var readSize: Int
    }

    private let folder: StoreFolder
    private var latest: (pack: ManifestPack, file: String)?

    init(_ folder: StoreFolder) { self.folder = folder }

    /// The manifest of a commit; nil if it is nowhere, or larger than any is.
    ///
    /// - Throws: `badData` if the pack it is in is damaged.
    mutating func manifest(_ number: Int) throws(StorageError) -> Found? {
        let name = "commits/" + Manifest.fileName(number)
        if let bytes = try folder.read(name, limit: ManifestLog.maximumSize) { return Found(bytes: bytes, file: name, readSize: bytes.count) }
        if let found = packed(number) { return found }
        // Asked for anew each time: what was a file of its own when the folder was listed may have been packed since.
        guard let numbers = try ManifestHistory.packs(folder).first(where: { $0.contains(number) }) else { return nil }
        let file = "commits/" + ManifestPack.fileName(numbers)
        guard let bytes = try folder.read(file, limit: ManifestPack.maximumSize) else { return nil }
        latest = (try ManifestPack(bytes, numbers: numbers, file: file), file)
        var found = packed(number)
        found?.readSize = bytes.count
        return found
    }

    private func packed(_ number: Int) -> Found? {
        guard let latest, latest.pack.numbers.contains(number) else { return nil }
        return Found(bytes: latest.pack.manifests[number - latest.pack.firstNumber], file: latest.file, readSize: 0)
    }

    /// The commits of each pack, ascending.
    static func packs(_ folder: StoreFolder) throws(StorageError) -> [Range<Int>] {
        try folder.list("commits").compactMap { ManifestPack.numbers(ofFile: $0) }.sorted { $0.lowerBound < $1.lowerBound }
    }
}
