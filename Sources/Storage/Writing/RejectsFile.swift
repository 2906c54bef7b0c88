import Diagnostics

/// The rejected rows of the batch being loaded, written as they come.
struct RejectsFile {
    private let folder: StoreFolder
    private let descriptor: Int32
    let relativePath: String
    private var temporaryPath: String { relativePath + StoreFolder.temporaryEnding }

    init(folder: StoreFolder, batchID: Int) throws(StorageError) {
        self.folder = folder
        relativePath = "rejects/\(batchID).csv"
        do throws(FileError) {
            descriptor = try folder.fileSystem.createFile(folder.absolute(relativePath + StoreFolder.temporaryEnding))
        } catch {
            throw folder.writeError(error, relativePath)
        }
    }

    func append(_ bytes: [UInt8]) throws(StorageError) {
        do throws(FileError) { try folder.fileSystem.write(descriptor, unsafe bytes.span.bytes) } catch {
            throw folder.writeError(error, relativePath)
        }
    }

    /// Makes the file durable and gives it its name; the folder is not made durable yet.
    func finish() throws(StorageError) {
        do throws(FileError) {
            try folder.fileSystem.synchronize(descriptor)
            try folder.fileSystem.rename(folder.absolute(temporaryPath), to: folder.absolute(relativePath))
        } catch {
            throw folder.writeError(error, relativePath)
        }
        folder.fileSystem.close(descriptor)
    }

    func discard() {
        folder.fileSystem.close(descriptor)
        folder.discard(temporaryPath)
    }
}
