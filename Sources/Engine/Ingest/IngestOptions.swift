package import CSV

/// How a file is loaded.
package struct IngestOptions: Sendable {
    package var csv = CSVOptions()
    package var rejectLimit = RejectLimit.standard
    /// Whether the batch records the SHA-256 of the source file besides the hash that tells it apart.
    package var recordsSHA256 = false
    /// Whether a file whose bytes the table holds already is loaded once more.
    package var loadsRepeatedFiles = false
    /// Told now and then how many bytes of the file have been read and rows loaded.
    package var progress: (@Sendable (_ bytesRead: Int, _ rowsLoaded: Int) -> Void)?

    package init() {}
}
