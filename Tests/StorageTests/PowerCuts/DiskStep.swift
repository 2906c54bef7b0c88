/// One change a writer asked the operating system for. Files are known by number, as a file may change its name.
enum DiskStep: Sendable {
    case makeFolder(String)
    case create(String, file: Int)
    case truncate(file: Int)
    case write(file: Int, offset: Int, bytes: [UInt8])
    case synchronize(file: Int)
    case synchronizeFolder(String)
    case rename(String, to: String)
    case link(String, to: String)
    case remove(String)
    /// A writer begins that would make this commit.
    case begin(commit: Int)
    /// The writer was told that its commit is safe.
    case acknowledge(commit: Int)
    /// A writer ended with an error, and the next process goes on.
    case restart
}
