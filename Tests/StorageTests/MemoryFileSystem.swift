import Storage
import Synchronization

/// Files in memory; the `failAt`-th call that can fail does so, once or for ever.
final class MemoryFileSystem: FileSystem {
    struct Disk {
        var files: [String: [UInt8]] = [:]
        var folders: Set<String> = ["/"]
        var open: [Int32: String] = [:]
        var nextDescriptor: Int32 = 3
        var lockHolder: Int32?
        var callCount = 0
        var failAt: Int?
        var failsForEver = false
        var failureCode: Int32 = 5
    }

    let disk = Mutex(Disk())

    private func call<Result>(_ name: String, _ body: (inout Disk) throws(FileError) -> Result) throws(FileError)
        -> Result
    {
        try disk.withLock { (disk) throws(FileError) in
            disk.callCount += 1
            if let failAt = disk.failAt, disk.callCount == failAt || (disk.failsForEver && disk.callCount > failAt) {
                throw FileError(code: disk.failureCode, call: name)
            }
            return try body(&disk)
        }
    }

    /// Starts counting calls; the n-th from now fails, none if nil.
    func arm(failAt: Int?, forEver: Bool = false, code: Int32 = 5) {
        disk.withLock { disk in
            disk.callCount = 0
            disk.failAt = failAt
            disk.failsForEver = forEver
            disk.failureCode = code
        }
    }

    var callCount: Int { disk.withLock { $0.callCount } }
    var files: [String: [UInt8]] {
        get { disk.withLock { $0.files } }
        set { disk.withLock { $0.files = newValue } }
    }

    func openForReading(_ path: String) throws(FileError) -> Int32 {
        try call("open") { (disk) throws(FileError) in
            guard disk.files[path] != nil else { throw FileError(code: 2, call: "open") }
            return MemoryFileSystem.descriptor(path, &disk)
        }
    }

    func createFile(_ path: String) throws(FileError) -> Int32 {
        try call("open") { (disk) throws(FileError) in
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
        try call("fstat") { (disk) throws(FileError) in disk.files[disk.open[descriptor]!]?.count ?? 0 }
    }

    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        let bytes = try call("pread") { (disk) throws(FileError) in disk.files[disk.open[descriptor]!] ?? [] }
        let count = max(0, min(buffer.byteCount, bytes.count - offset))
        for index in 0..<count { buffer.storeBytes(of: bytes[offset + index], toByteOffset: index, as: UInt8.self) }
        return count
    }

    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) {
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        try call("write") { (disk) throws(FileError) in disk.files[disk.open[descriptor]!]?.append(contentsOf: copy) }
    }

    func synchronize(_ descriptor: Int32) throws(FileError) { try call("fsync") { (_) throws(FileError) in () } }
    func synchronizeFolder(_ path: String) throws(FileError) { try call("fsync") { (_) throws(FileError) in () } }

    func rename(_ path: String, to target: String) throws(FileError) {
        try call("rename") { (disk) throws(FileError) in MemoryFileSystem.move(path, target, &disk) }
    }

    func renameNew(_ path: String, to target: String) throws(FileError) {
        try call("link") { (disk) throws(FileError) in
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
        try call("unlink") { (disk) throws(FileError) in
            if disk.files.removeValue(forKey: path) == nil { throw FileError(code: 2, call: "unlink") }
        }
    }

    func makeFolder(_ path: String) throws(FileError) {
        try call("mkdir") { (disk) throws(FileError) in _ = disk.folders.insert(path) }
    }

    func list(_ path: String) throws(FileError) -> [String] {
        try call("opendir") { (disk) throws(FileError) in
            disk.files.keys.filter { $0.hasPrefix(path + "/") }.map { String($0.dropFirst(path.count + 1)) }
                .filter { !$0.contains("/") }.sorted()
        }
    }

    func exists(_ path: String) -> Bool { disk.withLock { $0.folders.contains(path) || $0.files[path] != nil } }

    func lock(_ path: String) throws(FileError) -> Int32? {
        try call("flock") { (disk) throws(FileError) in
            if disk.lockHolder != nil { return nil }
            if disk.files[path] == nil { disk.files[path] = [] }
            let descriptor = MemoryFileSystem.descriptor(path, &disk)
            disk.lockHolder = descriptor
            return descriptor
        }
    }

    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {
        try call("pwrite") { (disk) throws(FileError) in disk.files[disk.open[descriptor]!] = Array(text.utf8) }
    }

    func freeSize(at path: String) -> Int? { 4096 }
}
