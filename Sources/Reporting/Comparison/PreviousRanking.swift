import FoundationEssentials

/// The ranking of an earlier report, read from its `ranking.json`.
package struct PreviousRanking: Hashable, Sendable {
    package struct Place: Hashable, Sendable {
        package var rank: Int
        package var institutionID: String
        package var name: String?
        package var scoreTenths: Int
        package var grade: String
        package var amountAtIssueCents: Int128
        /// Ids of the indicators behind the reasons, the largest share first.
        package var reasonIDs: [String]

        package init(
            rank: Int, institutionID: String, name: String? = nil, scoreTenths: Int, grade: String,
            amountAtIssueCents: Int128 = 0, reasonIDs: [String] = []
        ) {
            self.rank = rank
            self.institutionID = institutionID
            self.name = name
            self.scoreTenths = scoreTenths
            self.grade = grade
            self.amountAtIssueCents = amountAtIssueCents
            self.reasonIDs = reasonIDs
        }
    }

    /// What the earlier report is called.
    package var reportName: String
    /// Worst first.
    package var places: [Place]

    package init(reportName: String, places: [Place]) {
        self.reportName = reportName
        self.places = places
    }

    /// Reads a `ranking.json`; nil if the bytes are none.
    package init?(reportName: String, rankingJSON bytes: [UInt8]) {
        guard let file = try? JSONDecoder().decode(RankingFile.self, from: Data(bytes)) else { return nil }
        self.reportName = reportName
        places = file.institutions.map { row in
            Place(
                rank: row.rank, institutionID: row.institution_id, name: row.name,
                scoreTenths: Int((row.score * 10).rounded()), grade: row.grade,
                amountAtIssueCents: Int128((row.amount_at_issue * 100).rounded()),
                reasonIDs: row.reasons.map(\.indicator))
        }
    }
}

/// What is read of a `ranking.json`; the names are the file's.
private struct RankingFile: Decodable {
    struct Row: Decodable {
        var rank: Int
        var institution_id: String
        var name: String?
        /// One decimal.
        var score: Double
        var grade: String
        /// Two decimals: exact in a double up to 90 trillion yuan.
        var amount_at_issue: Double
        var reasons: [Reason]
    }

    struct Reason: Decodable {
        var indicator: String
    }

    var institutions: [Row]
}
