import Diagnostics

/// The commits folder: finds the commit to open.
struct ManifestLog: Sendable {
    let folder: StoreFolder

    /// Bytes of one manifest; more is refused before anything is allocated.
    static let maximumSize = 1 << 28

    struct Head: Sendable {
        var manifest = Manifest()
        var hash = Manifest.noHash
        /// Newer manifests that do not hold, and breaks next to the head.
        var damage: [StorageError] = []
        /// Number of the newest file that is not empty, whether it holds or not.
        var newestNumber = 0
    }

    /// Numbers of the manifests in the folder, packed ones too, ascending.
    func numbers() throws(StorageError) -> [Int] {
        let own = try fileNumbers()
        let packs = try ManifestHistory.packs(folder)
        return packs.isEmpty ? own : Set(own).union(packs.joined()).sorted()
    }

    /// Numbers of the manifests that are files of their own, ascending.
    func fileNumbers() throws(StorageError) -> [Int] {
        try folder.list("commits").compactMap { name -> Int? in
            guard name.hasSuffix(".json"), let number = Int(name.dropLast(5)) else { return nil }
            guard number > 0, number <= Manifest.maximumCommitNumber else { return nil }
            return Manifest.fileName(number) == name ? number : nil
        }.sorted()
    }

    /// The newest manifest whose own hash holds and which follows the one before it.
    func head() throws(StorageError) -> Head {
        var head = Head()
        var history = ManifestHistory(folder)
        for number in try numbers().reversed() {
            let name = "commits/" + Manifest.fileName(number)
            let found: ManifestHistory.Found?
            do throws(StorageError) { found = try history.manifest(number) } catch {
                guard error.kind == .badData else { throw error }
                head.newestNumber = max(head.newestNumber, number)
                head.damage.append(error)
                continue
            }
            guard let bytes = found?.bytes else {
                head.damage.append(.damaged("the manifest has more than \(ManifestLog.maximumSize) bytes", file: name))
                continue
            }
            // What a power failure may leave of a file whose writer never acknowledged it.
            if bytes.isEmpty { continue }
            head.newestNumber = max(head.newestNumber, number)
            guard let (manifest, hash) = Manifest.read(bytes), manifest.commitNumber == number else {
                head.damage.append(.damaged("the manifest's own hash does not hold", file: name))
                continue
            }
            switch try link(of: manifest) {
            case .holds: break
            case .previousDamaged(let problem): head.damage.append(problem)
            case .broken(let problem):
                head.damage.append(problem)
                continue
            }
            head.manifest = manifest
            head.hash = hash
            return head
        }
        if let first = head.damage.first { throw first }
        return head
    }

    enum Link {
        case holds
        /// The manifest before is damaged or missing: this one still holds.
        case previousDamaged(StorageError)
        /// The manifest before holds but is not the one this one follows.
        case broken(StorageError)
    }

    /// Whether a manifest follows the one before it. Reads that one's last line only, unless it disagrees.
    func link(of manifest: Manifest) throws(StorageError) -> Link {
        let name = "commits/" + Manifest.fileName(manifest.commitNumber)
        if manifest.commitNumber <= 1 {
            if manifest.previousHash == Manifest.noHash { return .holds }
            return .broken(.damaged("the first manifest names one before it", file: name))
        }
        let previousName = "commits/" + Manifest.fileName(manifest.commitNumber - 1)
        var ownTail = try folder.readTail(previousName, size: Manifest.tailSize)
        if ownTail == nil { ownTail = try packedTail(manifest.commitNumber - 1) }
        guard let tail = ownTail else {
            return .previousDamaged(.damaged("the manifest is missing", file: previousName))
        }
        if Manifest.claimedHash(tail) == manifest.previousHash { return .holds }
        var history = ManifestHistory(folder)
        let found: ManifestHistory.Found?
        do throws(StorageError) { found = try history.manifest(manifest.commitNumber - 1) } catch {
            guard error.kind == .badData else { throw error }
            return .previousDamaged(error)
        }
        if let found, Manifest.read(found.bytes) != nil {
            return .broken(.damaged("the manifest does not follow \(previousName): its hash of it differs", file: name))
        }
        return .previousDamaged(.damaged("the manifest's own hash does not hold", file: previousName))
    }

    /// The last bytes of a packed manifest; nil if no sound pack has it.
    private func packedTail(_ number: Int) throws(StorageError) -> [UInt8]? {
        var history = ManifestHistory(folder)
        do throws(StorageError) {
            guard let found = try history.manifest(number) else { return nil }
            return Array(found.bytes.suffix(Manifest.tailSize))
        } catch {
            if error.kind == .badData { return nil }
            throw error
        }
    }
}
