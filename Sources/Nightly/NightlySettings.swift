package import Columns
package import Diagnostics
package import Engine
package import Indicators
package import Ranking
package import Reporting
package import Storage

/// What a nightly run is asked to do.
package struct NightlySettings: Sendable {
    package var inboxPath: String
    package var outPath: String
    package var window = ReportWindow.standard
    /// How long a file must have been left alone.
    package var settleSeconds = 5.0
    /// Reports that stay; nil for all.
    package var keptReportCount: Int?
    /// Places that are compared with those of the report before.
    package var topCount = 50
    /// A date or time printed in the report; days after it do not count.
    package var asOf: String?
    package var ingest = IngestOptions()
    package var report = ReportOptions()
    package var ranking = RankingParameters()
    package var toolVersion = ""
    /// The indicators with their parameters, for a period, as far as a store has what they need.
    package var indicators: @Sendable (ReportingPeriod, Database) throws -> [BoundIndicator]
    /// How a reason for setting a file aside is said in the language of the run.
    package var said: @Sendable (Diagnostic) -> Diagnostic = { $0 }
    /// What a report says of the data's quality.
    package var notes: @Sendable (StoreSnapshot) -> [BilingualText] = { _ in [] }

    package init(
        inboxPath: String, outPath: String,
        indicators: @escaping @Sendable (ReportingPeriod, Database) throws -> [BoundIndicator]
    ) {
        self.inboxPath = inboxPath
        self.outPath = outPath
        self.indicators = indicators
    }

    /// The day `asOf` begins with, if it begins with one.
    package var asOfDay: CivilDate? { asOf.flatMap { ReportingPeriod.date(String($0.prefix(10))) } }
}
