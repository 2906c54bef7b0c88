/// How a file is written.
package struct ParquetWriteOptions: Sendable {
    package var compression = PageCompression.zstd
    /// Named in the footer, as `fundwatch version 0.1.0`.
    package var createdBy = "fundwatch"
    /// Rows of a row group, the last one aside: what is in memory at once for each worker.
    package var rowGroupRowCount = 131_072

    package init() {}
}
