/// A reproducible draw of institutions for inspection, stratified by grade.
package enum InspectionDraw {
    /// One drawn institution.
    package struct Choice: Hashable, Sendable {
        package var grade: Grade
        package var institutionID: String
        /// SHA-256 of the seed followed by the institution id, in hexadecimal.
        package var key: String
    }

    /// Percent of a grade's institutions drawn if nothing else is asked for: E all, D 50, C 20, B 10, A 5.
    package static let defaultPercents: [Grade: Int] = [.e: 100, .d: 50, .c: 20, .b: 10, .a: 5]

    /// Draws from each grade the institutions with the smallest keys: rounded up, at least one where there is any.
    ///
    /// - Parameter digest: SHA-256 of bytes.
    package static func draw(
        from ranking: InstitutionRanking, seed: String, percents: [Grade: Int] = defaultPercents,
        digest: ([UInt8]) -> [UInt8]
    ) -> [Choice] {
        var choices: [Choice] = []
        for grade in Grade.allCases {
            let percent = min(100, max(0, percents[grade] ?? 0))
            var keyed = ranking.institutions.filter { $0.grade == grade }.map { row in
                Choice(
                    grade: grade, institutionID: row.profile.institutionID,
                    key: hexadecimal(digest(Array(seed.utf8) + Array(row.profile.institutionID.utf8))))
            }
            keyed.sort {
                $0.key != $1.key
                    ? $0.key < $1.key : $0.institutionID.utf8.lexicographicallyPrecedes($1.institutionID.utf8)
            }
            choices += keyed.prefix((keyed.count * percent + 99) / 100)
        }
        return choices
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
