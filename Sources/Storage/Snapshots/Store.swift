
/// A store folder: tables, views and the history of what was loaded.
package final class Store: Sendable {
    package let path: String
    let fileSystem: any FileSystem

    private init(path: String, fileSystem: any FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// Whether a store is at `path`.
    package static func exists(_ path: String, fileSystem: any FileSystem = PosixFileSystem()) -> Bool {
        fileSystem.exists(path + "/commits")
    }

    /// The store at `path`; noInput if there is none.
    package static func open(
        _ path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> Store { preconditionFailure() }

    /// Makes the folders of an empty store; does nothing if there is a store already.
    package static func create(
        _ path: String, fileSystem: any FileSystem = PosixFileSystem()
    ) throws(StorageError) -> Store { preconditionFailure() }

    /// The newest commit whose own hash and chain hold. Takes no lock; a store without commits has snapshot 0.
    package func snapshot() throws(StorageError) -> StoreSnapshot { preconditionFailure() }

    /// Checks every checksum and hash; `deep` also decodes every block.
    package func verify(deep: Bool) throws(StorageError) -> VerificationReport { preconditionFailure() }
}
