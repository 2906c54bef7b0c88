import Diagnostics

/// The folders of a store and whole-file reading and durable writing in them.
struct StoreFolder: Sendable {
    let path: String
    let fileSystem: any FileSystem

    static let folders = ["commits", "segments", "dictionaries", "rejects"]
    static let temporaryEnding = ".tmp"

    func absolute(_ relative: String) -> String { path + "/" + relative }

    /// All bytes of a file of at most `limit` bytes; nil if there is no such file.
    func read(_ relative: String, limit: Int) throws(StorageError) -> [UInt8]? {
        do throws(FileError) {
            let descriptor = try fileSystem.openForReading(absolute(relative))
            defer { fileSystem.close(descriptor) }
            let size = try fileSystem.size(of: descriptor)
            guard size <= limit else { return nil }
            return try read(descriptor, offset: 0, size: size)
        } catch {
            if error.code == FileError.noEntry { return nil }
            throw StorageError(error, file: relative)
        }
    }

    /// The last bytes of a file, at most `size`; nil if there is no such file.
    func readTail(_ relative: String, size: Int) throws(StorageError) -> [UInt8]? {
        do throws(FileError) {
            let descriptor = try fileSystem.openForReading(absolute(relative))
            defer { fileSystem.close(descriptor) }
            let whole = try fileSystem.size(of: descriptor)
            return try read(descriptor, offset: max(0, whole - size), size: min(whole, size))
        } catch {
            if error.code == FileError.noEntry { return nil }
            throw StorageError(error, file: relative)
        }
    }

    private func read(_ descriptor: Int32, offset: Int, size: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var mutableSpan = bytes.mutableSpan
        var raw = unsafe mutableSpan.mutableBytes
        let count = size == 0 ? 0 : try fileSystem.read(descriptor, into: &raw, at: offset)
        if count < size { bytes.removeLast(size - count) }
        return bytes
    }

    /// Writes a file under a temporary name, makes it durable, reads it back, and only then gives it its name.
    ///
    /// Whatever fails, nothing of that name appears; a failed fsync is final for the file.
    func writeDurably(_ relative: String, _ bytes: [UInt8], isNew: Bool = false) throws(StorageError) {
        let temporary = relative + StoreFolder.temporaryEnding
        do throws(FileError) {
            let descriptor = try fileSystem.createFile(absolute(temporary))
            defer { fileSystem.close(descriptor) }
            try fileSystem.write(descriptor, unsafe bytes.span.bytes)
            try fileSystem.synchronize(descriptor)
            let written = try read(descriptor, offset: 0, size: bytes.count)
            guard Checksum.block(written) == Checksum.block(bytes) else {
                throw FileError(code: FileError.inputOutput, call: "verify")
            }
            if isNew {
                try fileSystem.renameNew(absolute(temporary), to: absolute(relative))
            } else {
                try fileSystem.rename(absolute(temporary), to: absolute(relative))
            }
        } catch {
            discard(temporary)
            throw writeError(error, relative)
        }
    }

    func synchronizeFolder(_ relative: String) throws(StorageError) {
        do throws(FileError) { try fileSystem.synchronizeFolder(absolute(relative)) } catch {
            throw writeError(error, relative)
        }
    }

    func remove(_ relative: String) throws(StorageError) {
        do throws(FileError) { try fileSystem.remove(absolute(relative)) } catch { throw writeError(error, relative) }
    }

    /// Removes a file if it is there; a failure only leaves something to clean up later.
    func discard(_ relative: String) {
        do throws(FileError) { try fileSystem.remove(absolute(relative)) } catch { return }
    }

    func list(_ relative: String) throws(StorageError) -> [String] {
        do throws(FileError) { return try fileSystem.list(absolute(relative)) } catch {
            if error.code == FileError.noEntry { return [] }
            throw StorageError(error, file: relative)
        }
    }

    /// The error of a failed write: a full disk says how much is free.
    func writeError(_ error: FileError, _ relative: String) -> StorageError {
        if error.code == FileError.noSpace || error.code == FileError.quotaExceeded {
            let free = fileSystem.freeSize(at: path).map { "\($0) bytes are free" } ?? "how much is free is unknown"
            return StorageError(
                .cannotCreate, "the disk is full: \(free); the store is as it was", file: relative,
                mend: "make room and run the command again")
        }
        var failure = StorageError(error, file: relative)
        if failure.kind == .badData {
            failure = StorageError(
                .cannotCreate, "the folder is missing", file: relative,
                mend: "create the store anew or restore its folders")
        }
        return failure
    }
}
