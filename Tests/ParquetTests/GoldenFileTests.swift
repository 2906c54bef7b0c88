import Columns
import Parquet
import Testing

@Suite("Parquet files of other programs")
struct GoldenFileTests {
    @Test("every cell is what its writer put there") func cells() throws {
        let files = try GoldenFile.all()
        #expect(files.count >= 8)
        for golden in files {
            let file = try ParquetFile(path: golden.path)
            #expect(file.columns.map(\.name) == golden.columns.map(\.name), "\(golden)")
            for (index, column) in golden.columns.enumerated() {
                guard let type = column.type else {
                    #expect(file.columns[index].refusal != nil, "\(golden), \(column.name)")
                    #expect(throws: ParquetError.self) { try file.read(rowGroup: 0, column: index) }
                    continue
                }
                #expect(file.columns[index].type.name == type, "\(golden), \(column.name)")
                let cells = try (0..<file.rowGroupCount).flatMap { try file.read(rowGroup: $0, column: index).scalars }
                #expect(cells.map(GoldenFile.cell) == column.cells, "\(golden), \(column.name)")
            }
        }
    }

    @Test("bounds that are called exact are the smallest and largest of the rows, and doubles have none") func exactBounds() throws {
        var knownCount = 0
        for golden in try GoldenFile.all() {
            let file = try ParquetFile(path: golden.path)
            for (index, column) in golden.columns.enumerated() where column.type != nil {
                for group in 0..<file.rowGroupCount {
                    let bounds = file.exactBounds(rowGroup: group, column: index)
                    let values = try file.read(rowGroup: group, column: index).scalars.filter { !$0.isNull }
                    let largest = values.max { $0.isBelow($1) } ?? .null
                    let smallest = values.min { $0.isBelow($1) } ?? .null
                    if let count = bounds.valueCount { #expect(count == values.count, "\(golden), \(column.name)") }
                    if let low = bounds.minimum { #expect(low == smallest, "\(golden), \(column.name): \(low), not \(smallest)") }
                    if let high = bounds.maximum { #expect(high == largest, "\(golden), \(column.name): \(high), not \(largest)") }
                    if column.type == "double precision", !values.isEmpty { #expect(bounds.minimum == nil && bounds.maximum == nil) }
                    knownCount += bounds.maximum == nil ? 0 : 1
                }
            }
        }
        #expect(knownCount > 30)
    }

    @Test("bounds of the footer hold for the rows") func bounds() throws {
        for golden in try GoldenFile.all() {
            let file = try ParquetFile(path: golden.path)
            for (index, column) in golden.columns.enumerated() where column.type != nil {
                for group in 0..<file.rowGroupCount {
                    let bounds = file.bounds(rowGroup: group, column: index)
                    let values = try file.read(rowGroup: group, column: index).scalars
                    if let count = bounds.nullCount { #expect(values.count(where: \.isNull) == count, "\(golden), \(column.name)") }
                    for value in values where !value.isNull {
                        if let low = bounds.minimum { #expect(!value.isBelow(low), "\(golden), \(column.name): \(value) < \(low)") }
                        if let high = bounds.maximum { #expect(!high.isBelow(value), "\(golden), \(column.name): \(value) > \(high)") }
                    }
                }
            }
        }
    }
}
