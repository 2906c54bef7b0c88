/// "Did you mean": the nearest of some names to a mistyped one.
package enum EditDistance {
    /// Levenshtein distance in Unicode scalars. O(n·m).
    package static func between(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var row = Array(0...b.count)
        for i in 1...a.count {
            var diagonal = row[0]
            row[0] = i
            for j in 1...b.count {
                let above = row[j]
                row[j] = min(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }

    /// The nearest candidate within a third of the name's length (at least one edit), ties to the earlier one.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 128 else { return nil }
        let limit = max(1, name.unicodeScalars.count / 3)
        var best: (distance: Int, name: String)?
        let lowered = name.lowercased()
        for candidate in candidates where candidate.utf8.count <= 128 {
            let distance = between(lowered, candidate.lowercased())
            if distance <= limit, distance < (best?.distance ?? Int.max) { best = (distance, candidate) }
        }
        return best?.name
    }
}
