import Diagnostics
import Engine
import Indicators
import Ranking

extension FundStore {
    /// The indicators that can be asked for, built-in ones first.
    ///
    /// - Parameter libraryFolder: A folder of your own, besides; an indicator of a known id takes that one's place.
    /// - Throws: ``FundError/Kind/configuration`` or ``FundError/Kind/noInput`` for a folder or file that cannot be used.
    public static func indicators(libraryFolder: String? = nil) throws(FundError) -> [IndicatorDescription] {
        try FundError.saying {
            try IndicatorSelection(libraryFolder: libraryFolder).catalog().indicators.map { IndicatorDescription($0) }
        }
    }

    /// The figures of all institutions with exposure for one indicator, ordered by the bytes of their ids.
    ///
    /// - Throws: ``FundError/Kind/usage`` for an unknown indicator or parameter, or a value out of range; ``FundError/Kind/badData`` for a
    ///   damaged store; ``FundError/Kind/busy`` beyond a limit.
    public func figures(
        of indicatorID: String, settings: AnalysisSettings = AnalysisSettings(), cancellation: Cancellation? = nil
    ) throws(FundError) -> [InstitutionFigure] {
        try FundError.saying {
            let selection = try settings.selection()
            let asked = try selection.bind(try selection.catalog().indicator(indicatorID))
            let session = try soundSession(cancellation)
            return try IndicatorRun.figures(of: try asked.fitted(to: session), runner: session).map { InstitutionFigure($0) }
        }
    }

    /// The rows behind one institution's figure. Patient ids are in full: handle them accordingly.
    ///
    /// - Throws: As ``figures(of:settings:cancellation:)``.
    public func evidence(
        of indicatorID: String, institution institutionID: String, settings: AnalysisSettings = AnalysisSettings(),
        cancellation: Cancellation? = nil
    ) throws(FundError) -> QueryAnswer {
        try FundError.saying {
            let selection = try settings.selection()
            let asked = try selection.bind(try selection.catalog().indicator(indicatorID))
            let session = try soundSession(cancellation)
            return QueryAnswer(
                try IndicatorRun.evidence(of: try asked.fitted(to: session), institutionID: institutionID, runner: session))
        }
    }

    /// Runs every indicator that a report asks, and ranks the institutions, the worst first.
    ///
    /// - Throws: As ``figures(of:settings:cancellation:)``.
    public func rank(
        settings: AnalysisSettings = AnalysisSettings(), cancellation: Cancellation? = nil
    ) throws(FundError) -> [RankedPlace] {
        try FundError.saying {
            let selection = try settings.selection()
            let session = try soundSession(cancellation)
            let indicators = try selection.reported(session)
            let ranking = try RankingRun.rank(indicators, period: selection.period, runner: session)
            return ranking.institutions.map { RankedPlace($0) }
        }
    }
}
