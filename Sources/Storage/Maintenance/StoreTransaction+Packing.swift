import Diagnostics

extension StoreTransaction {
    /// Neighbouring manifests that fill a pack and are older than `time`, the oldest first.
    func packable(_ packing: ManifestPacking, olderThan time: Int64) throws(StorageError) -> [GarbageReport.Pack] {
        let packs = try ManifestHistory.packs(folder)
        let numbers = try ManifestLog(folder: folder).fileNumbers().filter { number in
            number <= base.commitNumber - packing.keptCount && !packs.contains { $0.contains(number) }
        }
        var found: [GarbageReport.Pack] = []
        var group = GarbageReport.Pack(numbers: 0..<0, size: 0)
        for number in numbers {
            let size = try size(of: "commits/" + Manifest.fileName(number))
            if group.numbers.upperBound != number { group = GarbageReport.Pack(numbers: number..<number, size: 0) }
            if group.numbers.count > 1, group.size + size > packing.size {
                guard try isOlder(group, than: time) else { break }
                found.append(group)
                group = GarbageReport.Pack(numbers: number..<number, size: 0)
            }
            group.numbers = group.numbers.lowerBound..<(number + 1)
            group.size += size
            if group.numbers.count == packing.count {
                guard try isOlder(group, than: time) else { break }
                found.append(group)
                group = GarbageReport.Pack(numbers: (number + 1)..<(number + 1), size: 0)
            }
        }
        return found
    }

    private func isOlder(_ group: GarbageReport.Pack, than time: Int64) throws(StorageError) -> Bool {
        let bytes = try folder.read("commits/" + Manifest.fileName(group.numbers.upperBound - 1), limit: ManifestLog.maximumSize)
        return bytes.flatMap { Manifest.read($0) }.map { $0.manifest.time <= time } ?? false
    }

    /// Writes packs, and removes the files of their manifests once they are known to hold all of them. Damaged manifests, and what
    /// comes behind them, stay as they are.
    ///
    /// - Returns: The packs that were written, with their sizes.
    func pack(_ groups: [GarbageReport.Pack]) throws(StorageError) -> [GarbageReport.Pack] {
        try removePackedFiles()
        var done: [GarbageReport.Pack] = []
        for group in groups {
            guard let manifests = try soundManifests(group.numbers) else { break }
            let bytes = ManifestPack(firstNumber: group.numbers.lowerBound, manifests: manifests).fileBytes()
            let file = "commits/" + ManifestPack.fileName(group.numbers)
            guard try ManifestPack(bytes, numbers: group.numbers, file: file).manifests == manifests else {
                throw StorageError(.internalError, "packed manifests come back as others", file: file)
            }
            // Read back and compared there.
            try folder.writeDurably(file, bytes)
            var written = group
            written.packedSize = bytes.count
            done.append(written)
        }
        try removePackedFiles()
        return done
    }

    /// The bytes of neighbouring manifests; nil if one does not hold or does not follow the one before it.
    private func soundManifests(_ numbers: Range<Int>) throws(StorageError) -> [[UInt8]]? {
        var manifests: [[UInt8]] = []
        var expected: String?
        for number in numbers {
            let bytes = try folder.read("commits/" + Manifest.fileName(number), limit: ManifestLog.maximumSize)
            guard let bytes, let (manifest, hash) = Manifest.read(bytes), manifest.commitNumber == number,
                expected == nil || manifest.previousHash == expected
            else { return nil }
            expected = hash
            manifests.append(bytes)
        }
        return manifests
    }

    /// Removes files of manifests that a pack on disk gives back to the byte; a writer that died may have left some.
    private func removePackedFiles() throws(StorageError) {
        let packs = try ManifestHistory.packs(folder)
        let numbers = try ManifestLog(folder: folder).fileNumbers()
        let doubled = packs.filter { pack in numbers.contains { pack.contains($0) } }
        if doubled.isEmpty { return }
        try folder.synchronizeFolder("commits")
        for pack in doubled {
            let file = "commits/" + ManifestPack.fileName(pack)
            guard let bytes = try folder.read(file, limit: ManifestPack.maximumSize) else { continue }
            let manifests = try ManifestPack(bytes, numbers: pack, file: file).manifests
            for number in numbers where pack.contains(number) {
                let name = "commits/" + Manifest.fileName(number)
                guard try folder.read(name, limit: ManifestLog.maximumSize) == manifests[number - pack.lowerBound] else { continue }
                try folder.remove(name)
            }
        }
        try folder.synchronizeFolder("commits")
    }
}
