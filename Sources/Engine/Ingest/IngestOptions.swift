package import CSV

/// How a file is loaded.
package struct IngestOptions: Sendable {
    package var csv = CSVOptions()
    package var rejectLimit = RejectLimit.standard
    /// Told now and then how many bytes of the file have been read and rows loaded.
    package var progress: (@Sendable (_ bytesRead: Int, _ rowsLoaded: Int) -> Void)?

    package init() {}
}
