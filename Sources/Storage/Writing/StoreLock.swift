import Diagnostics
import Glibc

/// The lock of a store's one writer.
struct StoreLock: Sendable {
    static let fileName = "LOCK"

    private let descriptor: Int32
    private let fileSystem: any FileSystem

    /// Takes the lock; `.busy` naming the holder's process if another writer has it.
    init(folder: StoreFolder) throws(StorageError) {
        let path = folder.absolute(StoreLock.fileName)
        let taken: Int32?
        do throws(FileError) { taken = try folder.fileSystem.lock(path) } catch {
            throw folder.writeError(error, StoreLock.fileName)
        }
        guard let taken else {
            let holder = (try? folder.read(StoreLock.fileName, limit: 256)).flatMap { $0 } ?? []
            let name =
                String(decoding: holder, as: UTF8.self).split(separator: "\n").first.map { String($0) }
                ?? "an unknown process"
            throw StorageError(
                .busy, "another writer holds the store: \(name)", file: folder.path,
                mend: "wait until it is done, then run the command again")
        }
        descriptor = taken
        fileSystem = folder.fileSystem
        do throws(FileError) { try fileSystem.writeLockHolder(taken, "process \(getpid())\n") } catch {
            fileSystem.unlock(taken)
            throw folder.writeError(error, StoreLock.fileName)
        }
    }

    func release() { fileSystem.unlock(descriptor) }
}
