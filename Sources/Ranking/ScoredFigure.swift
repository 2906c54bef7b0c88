package import Indicators

/// One institution's figure for one indicator with what its peers make of it.
package struct ScoredFigure: Hashable, Sendable {
    package var indicatorID: String
    package var figure: IndicatorFigure
    /// Nil if the institution has no peers: then it is not scored.
    package var comparison: PeerComparison?
    /// g, from 0 to the finding limit.
    package var finding: Double
    /// Share of the institution's score, 0 to 1; 0 without a finding.
    package var share: Double

    package init(
        indicatorID: String, figure: IndicatorFigure, comparison: PeerComparison? = nil, finding: Double = 0,
        share: Double = 0
    ) {
        self.indicatorID = indicatorID
        self.figure = figure
        self.comparison = comparison
        self.finding = finding
        self.share = share
    }
}

/// A figure against its peers.
package struct PeerComparison: Hashable, Sendable {
    package var basis: PeerGroup.Basis
    /// The other institutions of the peer group.
    package var peerCount: Int
    /// p: the rate over the other peers, without those that stand out.
    package var expectedRate: Double
    /// z before the overdispersion is taken out.
    package var distance: Double
    /// φ of the group.
    package var overdispersion: Double
    /// z′.
    package var adjustedDistance: Double
    /// X in yuan.
    package var excessYuan: Double
    /// Beta-Binomial rate, for display.
    package var shrunkenRate: Double
    /// Benjamini–Hochberg mark among all scored institutions of the indicator.
    package var isSignificant: Bool
}
