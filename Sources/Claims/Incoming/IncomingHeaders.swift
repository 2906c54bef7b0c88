import Columns

/// Which name of a file or a JSON object is which column of an incoming claim: canonical, national and Chinese names, as in `claims`.
package struct IncomingHeaders: Sendable {
    private let columns: [String: (column: String, preference: Int)]

    package init() {
        var columns: [String: (column: String, preference: Int)] = [:]
        for column in CanonicalTable.claims.columns + [CanonicalColumn.insuranceType] {
            for (preference, name) in column.namesInOrder.enumerated() {
                let key = HeaderName.normalized(name)
                if columns[key] == nil { columns[key] = (column.name, preference) }
            }
        }
        self.columns = columns
    }

    /// For each column the place of the name that stands for it; of several the one listed first.
    package func places(of names: [String]) -> [String: Int] {
        var best: [String: (place: Int, preference: Int)] = [:]
        for (place, name) in names.enumerated() {
            guard let known = columns[HeaderName.normalized(name)] else { continue }
            if let earlier = best[known.column], earlier.preference <= known.preference { continue }
            best[known.column] = (place, known.preference)
        }
        return best.mapValues(\.place)
    }
}
