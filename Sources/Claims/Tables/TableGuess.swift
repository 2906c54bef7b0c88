import Columns

/// Which canonical table a file is meant for, by its headers alone.
package enum TableGuess {
    /// The table with the most columns in the headers, among those whose required columns are there and that know most of the
    /// headers: an id alone is in many a file. If there is none, a table of which at least half of the required columns, and
    /// three of them, are there, so that the missing ones can be named. nil if the file is of no canonical table.
    package static func table(for headers: [String]) -> CanonicalTable? {
        let names = Set(headers.map(HeaderName.normalized))
        func matches(_ table: CanonicalTable, requiredOnly: Bool = false) -> Int {
            table.columns.count { column in
                (!requiredOnly || column.isRequired)
                    && column.namesInOrder.contains { names.contains(HeaderName.normalized($0)) }
            }
        }
        func requiredCount(_ table: CanonicalTable) -> Int { table.columns.count { $0.isRequired } }
        let complete = CanonicalTable.all.filter { matches($0, requiredOnly: true) == requiredCount($0) && matches($0) * 2 > names.count }
        if let best = complete.max(by: { matches($0) < matches($1) }) { return best }
        // One or two names alone, such as a patient's, say nothing.
        return CanonicalTable.all.first {
            matches($0, requiredOnly: true) >= 3 && matches($0, requiredOnly: true) * 2 >= requiredCount($0)
        }
    }

    /// A table's name for a file of no canonical table, from the file's.
    package static func name(forFile path: String) -> String {
        var base = path.split(separator: "/").last.map(String.init) ?? ""
        for ending in [".gz", ".zst", ".csv", ".tsv", ".txt", ".parquet"] where base.lowercased().hasSuffix(ending) {
            base.removeLast(ending.count)
        }
        let name = HeaderName.identifier(base)
        return name.isEmpty || CanonicalTable.named(name) != nil ? "data" : name
    }

    /// Whether a column of this header holds what identifies persons, whatever the table.
    package static func isPrivate(header: String) -> Bool {
        let name = HeaderName.normalized(header)
        return CanonicalTable.claims.columns.contains { column in
            ["patient_id", "birth_date"].contains(column.name)
                && column.namesInOrder.contains { HeaderName.normalized($0) == name }
        }
    }
}
