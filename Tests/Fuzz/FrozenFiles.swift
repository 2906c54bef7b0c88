import Foundation
import Storage
import Synchronization

/// Files in memory that may be read and not written.
final class FrozenFiles: FileSystem {
    private static let missing: Int32 = 2
    private static let readOnly: Int32 = 30

    let files: [String: [UInt8]]
    private let open = Mutex<[String]>([])

    init(_ files: [String: [UInt8]]) { self.files = files }

    /// The store in the folder that `FUZZ_STORE` names, as `/store`.
    static let golden: [String: [UInt8]] = {
        let folder = URL(filePath: ProcessInfo.processInfo.environment["FUZZ_STORE"] ?? "Tests/GoldenStores/v2")
        var files: [String: [UInt8]] = [:]
        for name in FileManager.default.subpaths(atPath: folder.path) ?? [] {
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else { continue }
            files["/store/" + name] = Array(data)
        }
        guard !files.isEmpty else { fatalError("no store at \(folder.path); FUZZ_STORE names one") }
        return files
    }()

    func openForReading(_ path: String) throws(FileError) -> Int32 {
        guard files[path] != nil else { throw FileError(code: Self.missing, call: "open") }
        return open.withLock { open in
            open.append(path)
            return Int32(open.count - 1)
        }
    }

    private func content(_ descriptor: Int32) -> [UInt8] { files[open.withLock { $0[Int(descriptor)] }] ?? [] }

    func createFile(_ path: String) throws(FileError) -> Int32 { throw FileError(code: Self.readOnly, call: "open") }
    func close(_ descriptor: Int32) {}
    func size(of descriptor: Int32) throws(FileError) -> Int { content(descriptor).count }

    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        let bytes = content(descriptor)
        let count = max(0, min(buffer.byteCount, bytes.count - offset))
        for index in 0..<count { buffer.storeBytes(of: bytes[offset + index], toByteOffset: index, as: UInt8.self) }
        return count
    }

    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) { throw FileError(code: Self.readOnly, call: "write") }
    func synchronize(_ descriptor: Int32) throws(FileError) {}
    func synchronizeFolder(_ path: String) throws(FileError) {}
    func rename(_ path: String, to target: String) throws(FileError) { throw FileError(code: Self.readOnly, call: "rename") }
    func renameNew(_ path: String, to target: String) throws(FileError) { throw FileError(code: Self.readOnly, call: "link") }
    func remove(_ path: String) throws(FileError) { throw FileError(code: Self.readOnly, call: "unlink") }
    func makeFolder(_ path: String) throws(FileError) { throw FileError(code: Self.readOnly, call: "mkdir") }

    func list(_ path: String) throws(FileError) -> [String] {
        files.keys.filter { $0.hasPrefix(path + "/") }.map { String($0.dropFirst(path.count + 1)) }
            .filter { !$0.contains("/") }.sorted()
    }

    func exists(_ path: String) -> Bool { files[path] != nil || files.keys.contains { $0.hasPrefix(path + "/") } }
    func lock(_ path: String) throws(FileError) -> Int32? { nil }
    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {}
    func freeSize(at path: String) -> Int? { nil }
}
