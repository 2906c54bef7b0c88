import Engine
import Glibc

/// Writes the rows of `copy … to`: to standard output with the other results, or into a file that appears whole.
enum CopyWriter {
    /// - Parameters:
    ///   - isScreen: Whether `standardOutput` is a terminal, which some forms are not for.
    ///   - workerCount: Threads that encode, where the format has them.
    static func write(
        _ result: QueryResult, to target: CopyTarget, standardOutput: OutputSink, isScreen: Bool, workerCount: Int
    ) throws {
        let sink = try target.path.map { try OutputSink(path: $0) } ?? standardOutput
        let format: OutputFormat =
            switch target.form {
            case .csv: .csv
            case .text: .tsv
            case .json: .json
            case .jsonl: .jsonl
            case .html: .html
            case .xlsx: .xlsx
            case .parquet: .parquet
            }
        if target.path == nil, isScreen { try format.checkForTerminal() }
        var writer = ResultWriter(format: format, sink: sink, delimited: DelimitedStyle(target))
        writer.parquet.packing = target.packing
        writer.workerCount = workerCount
        try writer.write(result)
        if target.path != nil { try sink.finish() }
    }
}
