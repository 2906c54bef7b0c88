package import Columns
package import Diagnostics
package import Engine

/// Which way a table is loaded: a canonical one by what is known of it, any other by what its file holds.
package enum TableImport {
    /// Most bytes of a table's name.
    private static let nameLimit = 120

    /// - Parameter chosenTypes: Types that are not to be found out; canonical tables have theirs.
    package static func planner(
        table writtenName: String, chosenTypes: [(column: String, type: LogicalType)]
    ) throws(Diagnostic) -> any IngestPlanning {
        // As SQL reads a name without quotes.
        let name = SQLName.folded(writtenName)
        if let known = ClaimImport(table: name) {
            guard chosenTypes.isEmpty else {
                throw Diagnostic(
                    .usage, "--types does not go with table \"\(name)\", whose columns have their types",
                    mend: "leave it out, or load into another table with --table")
            }
            return known
        }
        try check(name)
        return InferredImport(table: name, chosenTypes: chosenTypes) { try TableImport.checkHeaders($0, table: name) }
    }

    private static func check(_ name: String) throws(Diagnostic) {
        if ClaimViews.all.contains(where: { $0.name == name }) {
            throw Diagnostic(.usage, "\"\(name)\" is a view that every store has", mend: "choose another name with --table")
        }
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, name.utf8.count <= nameLimit, isPrintable else {
            throw Diagnostic(
                .usage, "--table \"\(name)\" is no name for a table",
                mend: "choose 1 to \(nameLimit) bytes without control characters")
        }
    }

    /// A file of a canonical table under a name that is nearly the table's is a slip, which would leave the indicators
    /// without its rows.
    private static func checkHeaders(_ headers: [String], table name: String) throws {
        guard let near = EditDistance.nearest(to: name, among: CanonicalTable.all.map(\.name)),
            let table = CanonicalTable.named(near), (try? HeaderMapping.resolve(headers: headers, table: table)) != nil
        else { return }
        throw Diagnostic(
            .usage, "no table \"\(name)\" is known, and the file has the columns of \"\(near)\"",
            mend: "did you mean --table \(near)? A table of another kind takes a name that differs more")
    }
}

/// Names as SQL reads them without quotes.
enum SQLName {
    /// ASCII letters in lower case.
    static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
