import Indicators
import Ranking

extension HTMLReport {
    /// How to read the interval of a rank.
    static func intervalText(_ report: Report) -> BilingualText {
        let percent = report.ranking.parameters.intervalPercent
        return BilingualText(
            "Below a rank: where it lies in \(percent) % of \(report.ranking.parameters.intervalDrawCount) drawings of the events by chance. Institutions whose intervals overlap are not surely in this order; a wide one says that the rank rests on few events.",
            "名次下方: 按机率对异常数重新抽样 \(report.ranking.parameters.intervalDrawCount) 次, 名次有 \(percent) % 落在该区间。区间重叠的机构先后未必确定; 区间宽说明名次仅基于少量异常。")
    }

    /// The interval of an institution's rank, small, with something in front; empty where it was not measured.
    static func interval(_ place: RankedInstitution, report: Report, before mark: String) -> String {
        guard let range = report.rankIntervals[place.profile.institutionID] else { return "" }
        return "\(mark)<span class=\"soft range\">\(rangeText(range))</span>"
    }

    /// `3–9`; `3` where it is one rank.
    static func rangeText(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? String(range.lowerBound) : "\(range.lowerBound)–\(range.upperBound)"
    }
}
