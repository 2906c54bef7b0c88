import Storage
import Synchronization

/// Files in memory; calls that can fail do so as a `FailurePlan` says.
final class MemoryFileSystem: FileSystem {
    struct Disk {
        var files: [String: [UInt8]] = [:]
        var folders: Set<String> = ["/"]
        var open: [Int32: String] = [:]
        var nextDescriptor: Int32 = 3
        var lockHolder: Int32?
        var callCount = 0
        var failures = FailurePlan.none

        mutating func nextFailure(_ name: String, _ path: String) -> FailurePlan.Failure? {
            callCount += 1
            return failures.failure(of: FailurePlan.Call(number: callCount, name: name, path: path))
        }
    }

    let disk: Mutex<Disk>

    init() { disk = Mutex(Disk()) }

    /// The same files and folders, nothing open, nothing failing.
    init(copying other: MemoryFileSystem) {
        let (files, folders) = other.disk.withLock { ($0.files, $0.folders) }
        disk = Mutex(Disk(files: files, folders: folders))
    }

    private func call<Result>(
        _ name: String, _ path: String, _ body: (inout Disk) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        try disk.withLock { (disk) throws(FileError) in
            let failure = disk.nextFailure(name, path)
            if let failure, !failure.comesAfterTheEffect { throw FileError(code: failure.code, call: name) }
            let result = try body(&disk)
            if let failure { throw FileError(code: failure.code, call: name) }
            return result
        }
    }

    private func call<Result>(
        _ name: String, _ descriptor: Int32, _ body: (inout Disk, String) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let path = disk.withLock { $0.open[descriptor]! }
        return try call(name, path) { (disk) throws(FileError) in try body(&disk, path) }
    }

    /// Starts counting calls, and failing as planned.
    func arm(_ failures: FailurePlan) {
        disk.withLock { disk in
            disk.callCount = 0
            disk.failures = failures
        }
    }

    var callCount: Int { disk.withLock { $0.callCount } }
    /// Paths of files that are open, the lock aside.
    var openFiles: [String] { disk.withLock { disk in disk.open.filter { $0.key != disk.lockHolder }.map(\.value) } }
    var isLocked: Bool { disk.withLock { $0.lockHolder != nil } }
    var folders: Set<String> {
        get { disk.withLock { $0.folders } }
        set { disk.withLock { $0.folders = newValue } }
    }
    var files: [String: [UInt8]] {
        get { disk.withLock { $0.files } }
        set { disk.withLock { $0.files = newValue } }
    }

    func openForReading(_ path: String) throws(FileError) -> Int32 {
        try call("open", path) { (disk) throws(FileError) in
            guard disk.files[path] != nil else { throw FileError(code: 2, call: "open") }
            return MemoryFileSystem.descriptor(path, &disk)
        }
    }

    func createFile(_ path: String) throws(FileError) -> Int32 {
        try call("open", path) { (disk) throws(FileError) in
            disk.files[path] = []
            return MemoryFileSystem.descriptor(path, &disk)
        }
    }

    private static func descriptor(_ path: String, _ disk: inout Disk) -> Int32 {
        disk.nextDescriptor += 1
        disk.open[disk.nextDescriptor] = path
        return disk.nextDescriptor
    }

    func close(_ descriptor: Int32) {
        disk.withLock { disk in
            disk.open[descriptor] = nil
            if disk.lockHolder == descriptor { disk.lockHolder = nil }
        }
    }

    func size(of descriptor: Int32) throws(FileError) -> Int {
        try call("fstat", descriptor) { (disk, path) throws(FileError) in disk.files[path]?.count ?? 0 }
    }

    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        let bytes = try call("pread", descriptor) { (disk, path) throws(FileError) in disk.files[path] ?? [] }
        let count = max(0, min(buffer.byteCount, bytes.count - offset))
        for index in 0..<count { buffer.storeBytes(of: bytes[offset + index], toByteOffset: index, as: UInt8.self) }
        return count
    }

    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        do throws(FileError) {
            try call("write", descriptor) { (disk, path) throws(FileError) in
                disk.files[path]?.append(contentsOf: copy)
            }
        } catch {
            // A full disk takes what fits.
            disk.withLock { disk in disk.files[disk.open[descriptor]!]?.append(contentsOf: copy.prefix(copy.count / 2)) }
            throw error
        }
    }

    func synchronize(_ descriptor: Int32) throws(FileError) {
        try call("fsync", descriptor) { (_, _) throws(FileError) in () }
    }

    func synchronizeFolder(_ path: String) throws(FileError) {
        try call("fsync", path) { (disk) throws(FileError) in
            if !disk.folders.contains(path) { throw FileError(code: 2, call: "open") }
        }
    }

    func rename(_ path: String, to target: String) throws(FileError) {
        try call("rename", target) { (disk) throws(FileError) in MemoryFileSystem.move(path, target, &disk) }
    }

    func renameNew(_ path: String, to target: String) throws(FileError) {
        try call("link", target) { (disk) throws(FileError) in
            if disk.files[target] != nil { throw FileError(code: 17, call: "link") }
            MemoryFileSystem.move(path, target, &disk)
        }
    }

    private static func move(_ path: String, _ target: String, _ disk: inout Disk) {
        disk.files[target] = disk.files[path]
        disk.files[path] = nil
        for (descriptor, open) in disk.open where open == path { disk.open[descriptor] = target }
    }

    func remove(_ path: String) throws(FileError) {
        try call("unlink", path) { (disk) throws(FileError) in
            if disk.files.removeValue(forKey: path) == nil { throw FileError(code: 2, call: "unlink") }
        }
    }

    func makeFolder(_ path: String) throws(FileError) {
        try call("mkdir", path) { (disk) throws(FileError) in _ = disk.folders.insert(path) }
    }

    func list(_ path: String) throws(FileError) -> [String] {
        try call("opendir", path) { (disk) throws(FileError) in
            disk.files.keys.filter { $0.hasPrefix(path + "/") }.map { String($0.dropFirst(path.count + 1)) }
                .filter { !$0.contains("/") }.sorted()
        }
    }

    func exists(_ path: String) -> Bool { disk.withLock { $0.folders.contains(path) || $0.files[path] != nil } }

    func lock(_ path: String) throws(FileError) -> Int32? {
        try call("flock", path) { (disk) throws(FileError) in
            if disk.lockHolder != nil { return nil }
            if disk.files[path] == nil { disk.files[path] = [] }
            let descriptor = MemoryFileSystem.descriptor(path, &disk)
            disk.lockHolder = descriptor
            return descriptor
        }
    }

    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {
        try call("pwrite", descriptor) { (disk, path) throws(FileError) in disk.files[path] = Array(text.utf8) }
    }

    func freeSize(at path: String) -> Int? { 4096 }
}
