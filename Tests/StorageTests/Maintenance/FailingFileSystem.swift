import Storage
import Synchronization

/// Another file system whose n-th call that can fail does, once or for ever.
final class FailingFileSystem: FileSystem {
    private let base: any FileSystem
    private let failAt: Int?
    private let failsForEver: Bool
    private let count = Mutex(0)

    /// - Parameter failAt: The first call that fails, counted from 1; nil for none.
    init(_ base: any FileSystem, failAt: Int?, forEver: Bool = false) {
        self.base = base
        self.failAt = failAt
        failsForEver = forEver
    }

    var callCount: Int { count.withLock { $0 } }

    private func count(_ call: String) throws(FileError) {
        let number = count.withLock { count in
            count += 1
            return count
        }
        guard let failAt, number == failAt || (failsForEver && number > failAt) else { return }
        throw FileError(code: number % 2 == 0 ? 28 : 5, call: call)
    }

    func openForReading(_ path: String) throws(FileError) -> Int32 {
        try count("open")
        return try base.openForReading(path)
    }

    func createFile(_ path: String) throws(FileError) -> Int32 {
        try count("open")
        return try base.createFile(path)
    }

    func close(_ descriptor: Int32) { base.close(descriptor) }

    func size(of descriptor: Int32) throws(FileError) -> Int {
        try count("fstat")
        return try base.size(of: descriptor)
    }

    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        try count("pread")
        return try base.read(descriptor, into: &buffer, at: offset)
    }

    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) {
        try count("write")
        try base.write(descriptor, bytes)
    }

    func synchronize(_ descriptor: Int32) throws(FileError) {
        try count("fsync")
        try base.synchronize(descriptor)
    }

    func synchronizeFolder(_ path: String) throws(FileError) {
        try count("fsync")
        try base.synchronizeFolder(path)
    }

    func rename(_ path: String, to target: String) throws(FileError) {
        try count("rename")
        try base.rename(path, to: target)
    }

    func renameNew(_ path: String, to target: String) throws(FileError) {
        try count("link")
        try base.renameNew(path, to: target)
    }

    func remove(_ path: String) throws(FileError) {
        try count("unlink")
        try base.remove(path)
    }

    func makeFolder(_ path: String) throws(FileError) {
        try count("mkdir")
        try base.makeFolder(path)
    }

    func list(_ path: String) throws(FileError) -> [String] {
        try count("opendir")
        return try base.list(path)
    }

    func exists(_ path: String) -> Bool { base.exists(path) }

    func lock(_ path: String) throws(FileError) -> Int32? {
        try count("flock")
        return try base.lock(path)
    }

    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {
        try count("pwrite")
        try base.writeLockHolder(descriptor, text)
    }

    func freeSize(at path: String) -> Int? { base.freeSize(at: path) }
}
