import Columns
import Parquet

/// Any bytes are a Parquet file whose columns are all read.
enum ParquetFuzzing {
    static func run(_ bytes: [UInt8]) {
        guard let file = try? ParquetFile(bytes, path: "fuzzed.parquet") else { return }
        for group in 0..<file.rowGroupCount where file.rowCount(rowGroup: group) <= 1 << 20 {
            for column in file.columns.indices {
                _ = file.bounds(rowGroup: group, column: column)
                guard let vector = try? file.read(rowGroup: group, column: column) else { continue }
                precondition(vector.count == file.rowCount(rowGroup: group))
                if vector.count > 0 { _ = (vector.scalar(at: 0), vector.scalar(at: vector.count - 1)) }
            }
        }
    }
}
