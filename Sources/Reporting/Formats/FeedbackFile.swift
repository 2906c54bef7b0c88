package import Columns
import Indicators
import Ranking

/// Reviews beside the figures, as a table: for each indicator how many leads were reviewed, how many of them confirmed, and the money.
package enum FeedbackFile {
    package static let columns = [
        "indicator", "reviewed", "confirmed", "rejected", "precision", "confirmed_amount", "amount_of_reviewed", "amount_at_issue",
    ]

    package static func csv(_ report: Report) -> String { CSVText.text(columns: columns, rows: rows(report)) }

    /// `amount_of_reviewed` is the indicator's money at the institutions with a review, `amount_at_issue` that at all.
    package static func rows(_ report: Report) -> [[ScalarValue]] {
        report.feedback.map { feedback in
            let figures = report.ranking.indicators.first { $0.indicatorID == feedback.indicatorID }?.figures ?? []
            let reviewed = figures.filter { feedback.institutionIDs.contains($0.figure.institutionID) }
            func money(_ cents: Int128) -> ScalarValue { .numeric(unscaled: cents, scale: 2) }
            return [
                .text(feedback.indicatorID), .integer(feedback.reviewedCount), .integer(feedback.confirmedCount),
                .integer(feedback.rejectedCount), feedback.precision.map { .double($0) } ?? .null, money(feedback.confirmedCents),
                money(reviewed.reduce(0) { $0 + $1.figure.amountCents }), money(figures.reduce(0) { $0 + $1.figure.amountCents }),
            ]
        }
    }
}
