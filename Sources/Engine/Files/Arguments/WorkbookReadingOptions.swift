import Columns
import Diagnostics
import Planning

/// The named arguments of `read_xlsx`: those of `read_csv` that say nothing about bytes, and which cells are the table.
struct WorkbookReadingOptions {
    private(set) var sheet = SheetChoice()
    let reading: FileReadingOptions

    private static let own = ["sheet", "range"]

    static let names = FileArgumentNames(
        function: "read_xlsx",
        names: [
            "all_varchar", "columns", "header", "ignore_errors", "max_rejects", "names", "nullstr", "skip", "types",
        ] + own + FileLayoutOptions.names,
        aliases: ["sheet_name": "sheet", "layer": "sheet", "dtypes": "types", "column_types": "types", "null": "nullstr"],
        missing: [
            "stop_at_empty": "leave it out: rows without cells are left out, or name the cells with range = 'A1:F200'",
            "empty_as_varchar": "leave it out: a column without any value is text",
            "delim": "leave it out: a workbook has cells", "sep": "leave it out: a workbook has cells",
        ])

    init(_ given: [(name: String, value: TableFunctionArgument)]) throws(Diagnostic) {
        for (name, argument) in try WorkbookReadingOptions.names.resolve(given) {
            switch name {
            case "sheet": sheet.name = try argument.string("the name of a sheet")
            case "range":
                let expected = "cells from one corner to the other, such as 'A3:F200'"
                guard let area = SheetArea(try argument.string(expected)) else { throw argument.wrong(expected) }
                sheet.area = area
            case "header": sheet.hasHeader = try argument.flag()
            default: break
            }
        }
        reading = try FileReadingOptions(given, of: WorkbookReadingOptions.names, besides: WorkbookReadingOptions.own)
    }
}
