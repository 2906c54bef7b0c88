import Diagnostics

/// Which column of a file is which column of a canonical table.
package struct HeaderMapping: Hashable, Sendable {
    /// A column of the file that the table does not have: kept, as text.
    package struct ExtraColumn: Hashable, Sendable {
        /// 0-based place in the file.
        package let fileIndex: Int
        /// Column name in the table: an identifier, unique, never a canonical name.
        package let name: String
    }

    package let table: CanonicalTable
    /// For each canonical column in order its 0-based place in the file, behind its columns those of folders; nil where there is none.
    package let fileIndexes: [Int?]
    /// Remaining columns in file order.
    package let extras: [ExtraColumn]

    /// Matches a header row by canonical, national and Chinese names, in any order.
    ///
    /// Where several headers fit one column the one listed first is the column and the others are extras.
    /// - Parameter folders: Names of the folders around the file, which stand for columns that the file has not. Their places are
    ///   behind those of the headers.
    /// - Throws: ``HeaderMappingError`` for a repeated header or a missing required column.
    package static func resolve(
        headers: [String], folders: [String] = [], table: CanonicalTable
    ) throws(HeaderMappingError) -> HeaderMapping {
        let normalized = headers.map(HeaderName.normalized)
        let places = try uniquePlaces(normalized)
        let folderPlaces = Dictionary(folders.enumerated().map { (HeaderName.normalized($1), headers.count + $0) }) { first, _ in first }
        var fileIndexes: [Int?] = []
        var isTaken = Array(repeating: false, count: headers.count)
        for column in table.columns {
            let place = column.namesInOrder.lazy.compactMap { places[HeaderName.normalized($0)] }.first
            fileIndexes.append(place ?? column.namesInOrder.lazy.compactMap { folderPlaces[HeaderName.normalized($0)] }.first)
            if let place { isTaken[place] = true }
        }
        let unused = normalized.indices.filter { !isTaken[$0] && !normalized[$0].isEmpty }.map { normalized[$0] }
        let missing = zip(table.columns, fileIndexes).filter { $0.isRequired && $1 == nil }.map { column, _ in
            HeaderMappingError.MissingColumn(
                name: column.name, acceptedHeaders: column.acceptedHeaders,
                suggestion: suggestion(for: column, among: unused))
        }
        guard missing.isEmpty else { throw .missingColumns(table: table.name, missing) }
        return HeaderMapping(
            table: table, fileIndexes: fileIndexes,
            extras: extraColumns(headers: headers, isTaken: isTaken, table: table))
    }

    private static func uniquePlaces(_ normalized: [String]) throws(HeaderMappingError) -> [String: Int] {
        var places: [String: Int] = [:]
        for (place, header) in normalized.enumerated() where !header.isEmpty {
            if let first = places[header] {
                throw .repeatedHeader(header, firstColumn: first + 1, secondColumn: place + 1)
            }
            places[header] = place
        }
        return places
    }

    private static func suggestion(for column: CanonicalColumn, among unused: [String]) -> String? {
        for name in column.namesInOrder {
            if let nearest = EditDistance.nearest(to: name, among: unused) { return nearest }
        }
        return nil
    }

    private static func extraColumns(headers: [String], isTaken: [Bool], table: CanonicalTable) -> [ExtraColumn] {
        var used = Set(table.columns.map(\.name))
        var extras: [ExtraColumn] = []
        for (place, header) in headers.enumerated() where !isTaken[place] {
            let identifier = HeaderName.identifier(header)
            let base = identifier.isEmpty ? "column_\(place + 1)" : identifier
            var name = base
            var suffix = 2
            while !used.insert(name).inserted {
                name = "\(base)_\(suffix)"
                suffix += 1
            }
            extras.append(ExtraColumn(fileIndex: place, name: name))
        }
        return extras
    }
}
