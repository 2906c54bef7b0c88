import Diagnostics
import Planning

/// The named arguments of `read_parquet`.
struct ParquetReadingOptions {
    private(set) var layout = FileLayoutOptions()
    /// The arguments as a plan shows them, in the order of their names.
    let text: String

    static let names = FileArgumentNames(function: "read_parquet", names: FileLayoutOptions.names)

    init(_ given: [(name: String, value: TableFunctionArgument)]) throws(Diagnostic) {
        let arguments = try ParquetReadingOptions.names.resolve(given)
        text = arguments.sorted { $0.name < $1.name }.map { ", " + $0.argument.text }.joined()
        for (name, argument) in arguments { _ = try layout.take(name, argument) }
    }
}
