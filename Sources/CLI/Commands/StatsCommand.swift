import ArgumentParser
import Columns
import Diagnostics
import Engine
import Storage

struct StatsCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Rows, bytes and compression ratio of each column of each table.",
        discussion: """
            Examples:
              fundwatch stats
              fundwatch stats claims --format csv
            """)

    static let ignoredOptions: Set<CommonOption> = [.memory, .temporaryDirectory, .timing]

    @OptionGroup var common: CommonOptions<StatsCommand>

    @Argument(help: "A table; all if none is named.", completion: WordCompletion.tables)
    var table: String?

    func run() throws {
        Interruption.endAtOnce()
        let (_, snapshot) = try common.openedStore()
        var tables = try snapshot.statistics()
        if let table {
            let names = tables.map(\.name)
            tables = tables.filter { $0.name == table }
            if tables.isEmpty {
                let near = EditDistance.nearest(to: table, among: names).map { "did you mean \"\($0)\"?" }
                throw Diagnostic(.noInput, "no table \"\(table)\" in the store", mend: near)
            }
        }
        let result = StatisticsRows.result(tables)
        let writer = try common.writer()
        try writer.write(result)
        try writer.sink.finish()
    }
}

/// Storage statistics as a result with a row for each column and a total for each table.
enum StatisticsRows {
    static func result(_ tables: [TableStatistics]) -> QueryResult {
        let ratioType = LogicalType.numeric(precision: 18, scale: 2)
        var rows = ResultRows(fields: [
            Field(name: "table", type: .text), Field(name: "column", type: .text), Field(name: "type", type: .text),
            Field(name: "rows", type: .bigint), Field(name: "nulls", type: .bigint),
            Field(name: "raw_bytes", type: .bigint), Field(name: "stored_bytes", type: .bigint),
            Field(name: "ratio", type: ratioType), Field(name: "encodings", type: .text),
        ])
        func ratio(_ raw: Int, _ stored: Int) -> ScalarValue {
            stored == 0 ? .null : .numeric(unscaled: Int128((raw * 100 + stored / 2) / stored), scale: 2)
        }
        for table in tables {
            for column in table.columns {
                let stored = column.storedSize + column.dictionarySize
                rows.append([
                    .text(table.name), .text(column.name), .text(column.type), .integer(Int64(table.rowCount)),
                    .integer(Int64(column.nullCount)), .integer(Int64(column.rawSize)), .integer(Int64(stored)),
                    ratio(column.rawSize, stored), .text(column.encodings.prefix(3).joined(separator: ", ")),
                ])
            }
            rows.append([
                .text(table.name), .text("(all)"), .null, .integer(Int64(table.rowCount)), .null,
                .integer(Int64(table.rawSize)), .integer(Int64(table.storedSize)),
                ratio(table.rawSize, table.storedSize), .text("\(table.segmentCount) segments"),
            ])
        }
        return rows.result()
    }
}
