/// Every call the store makes to the operating system, so that a test can make any of them fail.
///
/// Paths are as `open(2)` takes them. Errors carry `errno`.
package protocol FileSystem: Sendable {
    /// Opens a file that is there, for reading.
    func openForReading(_ path: String) throws(FileError) -> Int32
    /// Makes a new file, or empties the one that is there, for writing and reading.
    func createFile(_ path: String) throws(FileError) -> Int32
    func close(_ descriptor: Int32)
    func size(of descriptor: Int32) throws(FileError) -> Int
    /// Reads up to `buffer.count` bytes at `offset`; returns how many, fewer only at the end of the file.
    func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int
    /// Appends all bytes.
    func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError)
    func synchronize(_ descriptor: Int32) throws(FileError)
    func synchronizeFolder(_ path: String) throws(FileError)
    /// Renames, replacing what is at `target`.
    func rename(_ path: String, to target: String) throws(FileError)
    /// Gives the file a second name, failing with EEXIST if there is one of that name, then drops the first.
    func renameNew(_ path: String, to target: String) throws(FileError)
    func remove(_ path: String) throws(FileError)
    func makeFolder(_ path: String) throws(FileError)
    /// Names in a folder, sorted, without `.` and `..`.
    func list(_ path: String) throws(FileError) -> [String]
    func exists(_ path: String) -> Bool
    /// Opens or makes the lock file and takes the exclusive lock without waiting: nil if another process holds it.
    func lock(_ path: String) throws(FileError) -> Int32?
    /// Gives a lock back, also where a process that was just started still shares the file, and closes it.
    func unlock(_ descriptor: Int32)
    /// Replaces the lock file's content.
    func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError)
    func freeSize(at path: String) -> Int?
}

extension FileSystem {
    package func unlock(_ descriptor: Int32) { close(descriptor) }
}

/// A failed call of the operating system.
package struct FileError: Error, Hashable, Sendable {
    /// `errno`.
    package var code: Int32
    /// The call, such as `fsync`.
    package var call: String

    package init(code: Int32, call: String) {
        self.code = code
        self.call = call
    }
}
