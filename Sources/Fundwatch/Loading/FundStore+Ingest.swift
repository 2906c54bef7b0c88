import Claims
import Diagnostics
import Engine

extension FundStore {
    /// Loads one file as one batch: all of it or nothing. When the call returns, the rows are on disk.
    ///
    /// - Parameters:
    ///   - file: The path of a CSV file, plain, `.gz` or `.zst`, or of a Parquet file.
    ///   - table: `claims`, `institutions`, `knowledge` or `deaths`, whose columns are found by their canonical, national or Chinese
    ///     names; or any other name, for a table of the file's columns with types found out from all rows.
    ///   - settings: How the file is read.
    ///   - cancellation: Stops the load when it is turned.
    /// - Returns: What was loaded and what was not. The same bytes again load nothing, unless the settings say so.
    /// - Throws: ``FundError/Kind/badData`` for a file that cannot be read as the table, or with more bad rows than allowed;
    ///   ``FundError/Kind/noInput`` if there is no such file; ``FundError/Kind/busy`` while another writer holds the store;
    ///   ``FundError/Kind/usage`` for settings that make no sense, or a store for reading only. The store is then as it was.
    @discardableResult
    public func ingest(
        _ file: String, into table: String = "claims", settings: IngestSettings = IngestSettings(),
        cancellation: Cancellation? = nil
    ) throws(FundError) -> IngestOutcome {
        try refuseIfReadOnly("ingest")
        guard file != "-" else {
            throw FundError(.usage, "a program's standard input is its own", mend: "name a file or a named pipe")
        }
        return try FundError.saying {
            let planner = try TableImport.planner(table: table, chosenTypes: try settings.chosenTypes())
            let options = try settings.engineOptions(isKnown: CanonicalTable.named(planner.table) != nil)
            let writer = Database(path: path, options: self.options.engineOptions(cancellation))
            let summary = try writer.ingest(file, planner: planner, options: options)
            database.refresh()
            return IngestOutcome(summary)
        }
    }
}
