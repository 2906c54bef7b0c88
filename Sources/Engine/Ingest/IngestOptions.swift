package import CSV

/// How a file is loaded.
package struct IngestOptions: Sendable {
    package var csv = CSVOptions()
    package var rejectLimit = RejectLimit.standard
    /// Whether the batch records the SHA-256 of the source file besides the hash that tells it apart.
    package var recordsSHA256 = false
    /// Whether a file whose bytes the table holds already is loaded once more.
    package var loadsRepeatedFiles = false
    /// Bytes of all files that are loaded one after the other; nil: nothing is known but this one.
    package var runByteCount: Int?
    /// Told now and then how many bytes of the file have been read and rows loaded.
    package var progress: (@Sendable (_ bytesRead: Int, _ rowsLoaded: Int) -> Void)?

    package init() {}

    /// Says that these files are loaded one after the other.
    package mutating func willLoad(_ paths: [String]) {
        runByteCount = paths.reduce(0) { $0 + (SourceDigest.sizeOfFile($1) ?? 0) }
    }
}
