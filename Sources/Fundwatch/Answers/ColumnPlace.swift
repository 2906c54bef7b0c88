import Diagnostics

/// Finds columns by their names.
enum ColumnPlace {
    /// - Throws: `usage` if there is no such column, or more than one.
    static func of(_ name: String, in columns: [ColumnDescription]) throws(FundError) -> Int {
        let places = columns.indices.filter { columns[$0].name == name }
        if let place = places.first, places.count == 1 { return place }
        guard places.isEmpty else {
            throw FundError(
                .usage, "\(places.count) columns of the answer are called \"\(name)\"",
                mend: "take it by its place, or name it with `as` in the query")
        }
        let names = columns.map(\.name)
        let near = EditDistance.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
        throw FundError(
            .usage, "the answer has no column \"\(name)\"", mend: near ?? "its columns are \(names.joined(separator: ", "))")
    }
}
