import CSV

/// Names of columns as files give them, made into names that a table can have.
///
/// The same as DuckDB's: a name stays as it is written, one that is blank is named by its place, one that is there
/// already (letters of either case) gets `_1`, `_2` and so on.
package enum ColumnNames {
    package static func unique(_ headers: [String]) -> [String] {
        var used: Set<String> = []
        var repeats: [String: Int] = [:]
        var names: [String] = []
        for (index, header) in headers.enumerated() {
            var name = header.allSatisfy(\.isWhitespace) ? HeaderRecord.placeName(index, columnCount: headers.count) : header
            while !used.insert(folded(name)).inserted {
                let key = folded(name)
                repeats[key, default: 0] += 1
                name += "_\(repeats[key, default: 0])"
            }
            names.append(name)
        }
        return names
    }

    /// Names that differ in ASCII letters' case only are one name.
    static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
