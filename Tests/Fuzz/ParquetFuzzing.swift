import CSV
import Columns
import Engine
import Parquet

/// Any bytes are a Parquet file whose columns are all read: whole, in parts that are the same rows, and as lines of text.
enum ParquetFuzzing {
    /// More rows than this are not read: a few bytes can stand for very many.
    private static let rowLimit = 1 << 17

    static func run(_ bytes: [UInt8]) {
        guard let file = try? ParquetFile(bytes, path: "fuzzed.parquet") else { return }
        for group in 0..<file.rowGroupCount where file.rowCount(rowGroup: group) <= rowLimit {
            for column in file.columns.indices {
                _ = file.bounds(rowGroup: group, column: column)
                guard let vector = try? file.read(rowGroup: group, column: column) else { continue }
                precondition(vector.count == file.rowCount(rowGroup: group))
                if vector.count > 0 { _ = (vector.scalar(at: 0), vector.scalar(at: vector.count - 1)) }
                do throws(ParquetError) {
                    try readParts(of: file, group: group, column: column, whole: vector)
                } catch {
                    fatalError("A part cannot be read where all can: \(error.what)")
                }
            }
        }
        readText(file, size: bytes.count)
    }

    /// Rows from the middle, and some of them, are those of the whole.
    private static func readParts(of file: ParquetFile, group: Int, column: Int, whole: Vector) throws(ParquetError) {
        let chunk = try file.chunk(rowGroup: group, column: column, atOnce: false)
        let rows = whole.count / 3..<whole.count - whole.count / 4
        _ = chunk.pageBounds(rows)
        let part = try chunk.read(rows)
        precondition(part.count == rows.count)
        let places = stride(from: 0, to: rows.count, by: 1 + whole.count % 5).map { Int32($0) }
        let chosen = try chunk.read(rows, at: places)
        precondition(chosen.count == places.count)
        for index in places.indices.prefix(100) {
            let expected = "\(whole.scalar(at: rows.lowerBound + Int(places[index])))"
            precondition("\(part.scalar(at: Int(places[index])))" == expected && "\(chosen.scalar(at: index))" == expected)
        }
    }

    private static func readText(_ file: ParquetFile, size: Int) {
        guard file.rowCount <= rowLimit, !file.columns.isEmpty, file.columns.count <= 64 else { return }
        let text = ParquetText(file, size: size)
        var piece = [UInt8](repeating: 0, count: 1 + size % 5000)
        while let count = try? unsafe piece.withUnsafeMutableBytes({ unsafe try text.read(into: $0) }), count > 0 {}
    }
}
