/// What a disk with a write-back cache holds when the power goes.
///
/// Only what was synchronised is sure. Of the rest any part may have reached the disk: a file's bytes in sectors of 512,
/// the others being zeros or rubbish up to a size that may be the new one already; the names in folders one by one, or, on
/// a journalling file system, up to some step and none behind it. Synchronising a file does not keep its name, and
/// synchronising a folder keeps the names in it but not its own.
struct PowerCut {
    enum Names: CaseIterable {
        /// As a journal keeps them: all changes up to a step.
        case inOrder
        /// Each by itself.
        case scattered
        /// None that was not synchronised.
        case none
        /// All of them.
        case all
    }

    private enum NameChange {
        case folder(String)
        case set(String, file: Int)
        case move(String, to: String, file: Int)
        case unset(String, file: Int)

        /// The folder whose content it changes.
        var folder: String {
            switch self {
            case .folder(let path), .set(let path, _), .move(_, to: let path, _), .unset(let path, _):
                PowerCut.parent(path)
            }
        }
    }

    private struct DataChange {
        var offset: Int
        /// nil: the file was emptied.
        var bytes: [UInt8]?
    }

    /// On the disk for sure.
    private var folders: Set<String>
    private var files: [String: Int] = [:]
    private var contents: [Int: [UInt8]] = [:]
    /// In the cache only.
    private var nameChanges: [NameChange] = []
    private var dataChanges: [Int: [DataChange]] = [:]
    /// As programs see them.
    private var currentFiles: [String: Int] = [:]

    /// The disk after the first `stepCount` steps of a recording whose beginning is `base`.
    init(base: MemoryFileSystem, firstFiles: [String], steps: ArraySlice<DiskStep>) {
        folders = base.folders
        for (number, path) in firstFiles.enumerated() {
            files[path] = number
            contents[number] = base.files[path]
        }
        currentFiles = files
        for step in steps { apply(step) }
    }

    private static func parent(_ path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        return folder.isEmpty ? "/" : folder
    }

    private mutating func apply(_ step: DiskStep) {
        switch step {
        case .makeFolder(let path): nameChanges.append(.folder(path))
        case .create(let path, let file):
            contents[file] = []
            currentFiles[path] = file
            nameChanges.append(.set(path, file: file))
        case .truncate(let file): dataChanges[file, default: []].append(DataChange(offset: 0, bytes: nil))
        case .write(let file, let offset, let bytes):
            dataChanges[file, default: []].append(DataChange(offset: offset, bytes: bytes))
        case .synchronize(let file):
            for change in dataChanges.removeValue(forKey: file) ?? [] { PowerCut.write(change, to: &contents[file]!) }
        case .synchronizeFolder(let path):
            for change in nameChanges where change.folder == path { apply(change) }
            nameChanges.removeAll { $0.folder == path }
        case .rename(let path, to: let target):
            let file = currentFiles.removeValue(forKey: path)!
            currentFiles[target] = file
            nameChanges.append(.move(path, to: target, file: file))
        case .link(let path, to: let target):
            currentFiles[target] = currentFiles[path]
            nameChanges.append(.set(target, file: currentFiles[path]!))
        case .remove(let path):
            nameChanges.append(.unset(path, file: currentFiles.removeValue(forKey: path)!))
        case .begin, .acknowledge, .restart: break
        }
    }

    private mutating func apply(_ change: NameChange) {
        switch change {
        case .folder(let path): folders.insert(path)
        case .set(let path, let file): files[path] = file
        case .move(let path, to: let target, let file):
            if files[path] == file { files[path] = nil }
            files[target] = file
        case .unset(let path, let file): if files[path] == file { files[path] = nil }
        }
    }

    private static func write(_ change: DataChange, to content: inout [UInt8]) {
        guard let bytes = change.bytes else { return content = [] }
        while content.count < change.offset + bytes.count { content.append(0) }
        content.replaceSubrange(change.offset..<(change.offset + bytes.count), with: bytes)
    }

    /// The disk as it is found after the cut.
    func survivor(_ names: Names, seed: UInt64) -> MemoryFileSystem {
        var random = SeededRandom(seed: seed)
        var disk = self
        let keptCount = Int(random.next() % UInt64(nameChanges.count + 1))
        for (index, change) in nameChanges.enumerated() {
            let survives =
                switch names {
                case .inOrder: index < keptCount
                case .scattered: random.next() & 1 == 0
                case .none: false
                case .all: true
                }
            if survives { disk.apply(change) }
        }
        let result = MemoryFileSystem()
        let reachable = disk.reachableFolders
        result.folders = reachable
        for (path, file) in disk.files.sorted(by: { $0.key < $1.key }) where reachable.contains(PowerCut.parent(path)) {
            result.files[path] = disk.content(file, &random)
        }
        return result
    }

    private var reachableFolders: Set<String> {
        folders.filter { folder in
            var path = folder
            while path != "/" {
                path = PowerCut.parent(path)
                if !folders.contains(path) { return false }
            }
            return true
        }
    }

    /// A file's bytes: those on the disk, and of those in the cache what got through.
    private func content(_ file: Int, _ random: inout SeededRandom) -> [UInt8] {
        let durable = contents[file]!
        guard let changes = dataChanges[file] else { return durable }
        var wanted = durable
        for change in changes { PowerCut.write(change, to: &wanted) }
        switch random.next() % 4 {
        case 0: return durable
        case 1: return wanted
        default:
            let size = Int.random(in: min(durable.count, wanted.count)...max(durable.count, wanted.count), using: &random)
            let filling: UInt8 = random.next() & 1 == 0 ? 0 : 0xA5
            var found = (0..<size).map { $0 < durable.count ? durable[$0] : filling }
            for sector in stride(from: 0, to: min(size, wanted.count), by: 512) where random.next() & 1 == 0 {
                let range = sector..<min(sector + 512, size, wanted.count)
                found.replaceSubrange(range, with: wanted[range])
            }
            return found
        }
    }
}
