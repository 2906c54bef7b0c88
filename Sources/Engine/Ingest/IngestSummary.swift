package import Columns

/// How many rows a batch may lose before all of it is refused.
package enum RejectLimit: Hashable, Sendable {
    case rows(Int)
    /// In units of 1/100,000 of the lines read: 100 is 0.1 %.
    case partsPerHundredThousand(Int)

    package static let standard = RejectLimit.partsPerHundredThousand(100)

    /// `100` or `0.1%`: a number of rows, or a share of at most 3 decimals and 100 %; nil for anything else.
    package init?(_ text: String) {
        if text.hasSuffix("%"), let value = DecimalText.parse(String(text.dropLast())), value.unscaled >= 0, value.scale <= 3 {
            let parts = value.unscaled * DecimalText.powers128[3 - value.scale]
            guard parts <= 100_000 else { return nil }
            self = .partsPerHundredThousand(Int(parts))
        } else {
            guard let rows = Int(text), rows >= 0 else { return nil }
            self = .rows(rows)
        }
    }

    func isExceeded(rejected: Int, read: Int) -> Bool {
        switch self {
        case .rows(let limit): rejected > limit
        case .partsPerHundredThousand(let parts): rejected * 100_000 > read * parts
        }
    }

    package var text: String {
        switch self {
        case .rows(let count): return "\(count) rows"
        case .partsPerHundredThousand(let parts):
            return DecimalText.string(unscaled: Int128(parts), scale: 3) + " %"
        }
    }
}

/// What loading one file did; the figures reconcile: lines read = loaded + rejected.
package struct IngestSummary: Sendable {
    package struct Sum: Hashable, Sendable {
        package var column: String
        package var value: ScalarValue
    }

    package var table: String
    package var sourceName: String
    package var encoding: String
    /// Date columns and how the file writes them.
    package var dateForms: [(column: String, form: String)]
    package var linesRead: Int
    package var loaded: Int
    package var rejected: Int
    /// Reason codes with their counts, most frequent first.
    package var rejectCauses: [(reason: String, count: Int)]
    package var sums: [Sum]
    package var timeColumn: String?
    package var firstTime: ScalarValue
    package var lastTime: ScalarValue
    package var sourceSize: Int
    package var storedSize: Int
    /// Columns of the file the table did not know, kept as text.
    package var extraColumns: [String]
    /// What else is to be said; see `IngestPlan.notes`.
    package var notes: [(title: String, text: String)] = []
    /// The batch of this load, or the one that loaded the same bytes before.
    package var batchID: Int
    package var isAlreadyLoaded: Bool
    package var headHash: String
    /// The first rejected rows in file order.
    var firstRejects: [IngestReject] = []
}
