import Storage
import Synchronization

/// Files in memory that keep a log of every change, in order.
final class RecordingFileSystem: FileSystem {
    private struct Log {
        var steps: [DiskStep] = []
        var fileNumbers: [String: Int] = [:]
        var open: [Int32: Int] = [:]
        var sizes: [Int: Int] = [:]
    }

    let base: MemoryFileSystem
    /// Files that are there before the first step, by their numbers.
    let firstFiles: [String]
    private let log: Mutex<Log>

    init(_ base: MemoryFileSystem = MemoryFileSystem()) {
        self.base = base
        var log = Log()
        firstFiles = base.files.keys.sorted()
        for (number, path) in firstFiles.enumerated() {
            log.fileNumbers[path] = number
            log.sizes[number] = base.files[path]?.count
        }
        self.log = Mutex(log)
    }

    var steps: [DiskStep] { log.withLock { $0.steps } }

    func note(_ step: DiskStep) { log.withLock { $0.steps.append(step) } }

    func openForReading(_ path: String) throws(FileError) -> Int32 {
        let descriptor = try base.openForReading(path)
        log.withLock { log in log.open[descriptor] = log.fileNumbers[path] }
        return descriptor
    }

    func createFile(_ path: String) throws(FileError) -> Int32 {
        let descriptor = try base.createFile(path)
        log.withLock { log in
            if let known = log.fileNumbers[path] {
                log.steps.append(.truncate(file: known))
            } else {
                log.fileNumbers[path] = log.sizes.count
                log.steps.append(.create(path, file: log.sizes.count))
            }
            log.open[descriptor] = log.fileNumbers[path]
            log.sizes[log.fileNumbers[path]!] = 0
        }
        return descriptor
    }

    func close(_ descriptor: Int32) { base.close(descriptor) }
    func size(of descriptor: Int32) throws(FileError) -> Int { try base.size(of: descriptor) }

    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        try base.read(descriptor, into: &buffer, at: offset)
    }

    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) {
        try base.write(descriptor, bytes)
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        log.withLock { log in
            let file = log.open[descriptor]!
            log.steps.append(.write(file: file, offset: log.sizes[file]!, bytes: copy))
            log.sizes[file]! += copy.count
        }
    }

    func synchronize(_ descriptor: Int32) throws(FileError) {
        try base.synchronize(descriptor)
        log.withLock { log in log.steps.append(.synchronize(file: log.open[descriptor]!)) }
    }

    func synchronizeFolder(_ path: String) throws(FileError) {
        try base.synchronizeFolder(path)
        note(.synchronizeFolder(path))
    }

    func rename(_ path: String, to target: String) throws(FileError) {
        try base.rename(path, to: target)
        log.withLock { log in
            log.steps.append(.rename(path, to: target))
            log.fileNumbers[target] = log.fileNumbers.removeValue(forKey: path)
        }
    }

    func renameNew(_ path: String, to target: String) throws(FileError) {
        try base.renameNew(path, to: target)
        log.withLock { log in
            log.steps += [.link(path, to: target), .remove(path)]
            log.fileNumbers[target] = log.fileNumbers.removeValue(forKey: path)
        }
    }

    func remove(_ path: String) throws(FileError) {
        try base.remove(path)
        log.withLock { log in
            log.steps.append(.remove(path))
            log.fileNumbers[path] = nil
        }
    }

    func makeFolder(_ path: String) throws(FileError) {
        try base.makeFolder(path)
        note(.makeFolder(path))
    }

    func list(_ path: String) throws(FileError) -> [String] { try base.list(path) }
    func exists(_ path: String) -> Bool { base.exists(path) }
    func freeSize(at path: String) -> Int? { base.freeSize(at: path) }

    /// Who holds the lock is nobody's concern after a power cut: not logged beyond the file itself.
    func lock(_ path: String) throws(FileError) -> Int32? { try base.lock(path) }

    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {
        try base.writeLockHolder(descriptor, text)
    }
}
