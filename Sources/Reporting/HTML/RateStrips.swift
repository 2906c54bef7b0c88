import Indicators
import Ranking

/// An institution's rates against those of its peers: on a line for each indicator the peers as ticks, the institution as a dot.
///
/// The ticks of a peer group are drawn once and stretched to the scale of each line that shows them, so that fifty institutions cost
/// little more than one. Names and figures are text beside the drawing, which keeps its size on a narrow screen and in print.
struct RateStrips {
    /// The rates of one peer group for one indicator.
    private struct Group {
        var name: String
        /// Ascending, those of all members.
        var rates: [Double]
    }

    private struct Key: Hashable {
        var indicatorID: String
        var basis: PeerGroup.Basis
    }

    /// Ticks of a group; of more peers the quantiles are drawn.
    private static let tickLimit = 60
    /// Lines of the figures with a finding, and further ones of those with events.
    private static let reasonLimit = 8
    private static let furtherLimit = 3
    /// Width of the drawing's own units.
    private static let width = 1000.0

    private var groups: [Key: Group] = [:]
    /// The drawings that the lines refer to; once in the page, before them.
    private(set) var definitions = ""

    init(_ ranking: InstitutionRanking, shownFor places: ArraySlice<RankedInstitution>) {
        var profileOf: [String: InstitutionProfile] = [:]
        for place in ranking.institutions { profileOf[place.profile.institutionID] = place.profile }
        var paths = ""
        for place in places {
            for scored in RateStrips.shown(place) {
                guard let basis = scored.comparison?.basis else { continue }
                let key = Key(indicatorID: scored.indicatorID, basis: basis)
                if groups[key] != nil { continue }
                let figures = ranking.indicators.first { $0.indicatorID == scored.indicatorID }?.figures ?? []
                let rates = figures.filter { profileOf[$0.figure.institutionID].map(basis.contains) ?? false }.map(\.figure.rate)
                let group = Group(name: "s\(groups.count + 1)", rates: rates.sorted())
                groups[key] = group
                paths += RateStrips.path(group)
            }
        }
        if paths.isEmpty { return }
        definitions = """
            <svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><path id="s0" d="M0 11H1000" stroke="#cfd6de" vector-effect="non-scaling-stroke"/>
            \(paths)</defs></svg>

            """
    }

    /// The lines of an institution; empty without a figure that has events and peers.
    func html(of place: RankedInstitution, report: Report) -> String {
        let rows = RateStrips.shown(place).compactMap { row($0, report: report) }.joined(separator: "\n")
        if rows.isEmpty { return "" }
        return """
            <p class="soft small">\(HTMLText.both("Rates against the peers. Grey: peers, blue: their median, red: this institution; on the right its rate, in brackets the median. Each line begins at 0; peers far above both are beyond its end.", "与同类机构的率比较。灰: 同类机构, 蓝: 其中位数, 红: 本机构; 右侧为本机构的率, 括号内为中位数。各线从 0 起; 远高于二者的同类机构在线外。"))</p>
            <div class="strips">
            \(rows)
            </div>
            """
    }

    private func row(_ scored: ScoredFigure, report: Report) -> String? {
        guard let basis = scored.comparison?.basis, let group = groups[Key(indicatorID: scored.indicatorID, basis: basis)],
            let largest = group.rates.last
        else { return nil }
        let own = scored.figure.rate
        var peers = group.rates
        if let place = peers.firstIndex(of: own) { peers.remove(at: place) }
        let end = max(own, RateStrips.quantile(group.rates, 0.95)) * 1.04
        func x(_ rate: Double) -> String { RateStrips.number(rate / end * RateStrips.width) }
        let median = RateStrips.median(peers)
        let title = report.title(ofIndicator: scored.indicatorID)
        let words = RateStrips.words(own: own, peers: peers)
        return """
            <span>\(HTMLText.both(title))</span><svg viewBox="0 0 1000 22" preserveAspectRatio="none" role="img"><title>\(HTMLText.escaped(title.english)) · \(HTMLText.escaped(title.chinese))</title>\
            <desc>\(HTMLText.escaped(words.english)) · \(HTMLText.escaped(words.chinese))</desc>\
            <use href="#s0"/><use href="#\(group.name)" transform="scale(\(ValueText.fixed(largest / end, 4)) 1)"/>\(median <= end ? "<path class=m d=\"M\(x(median)) 1V21\"/>" : "")\
            <path class=o d="M\(x(own)) 11h0"/></svg><span class=v>\(HTMLText.escaped(HTMLText.glued(ValueText.percent(own)))) <span class=soft>(\(HTMLText.escaped(HTMLText.glued(ValueText.percent(median)))))</span></span>
            """
    }

    /// The figures of an institution that get a line: its reasons, then what else has events by z′.
    private static func shown(_ place: RankedInstitution) -> [ScoredFigure] {
        let further = place.figures.filter { $0.finding == 0 && $0.figure.events > 0 && $0.comparison != nil }.sorted {
            let (left, right) = ($0.comparison?.adjustedDistance ?? 0, $1.comparison?.adjustedDistance ?? 0)
            return left != right ? left > right : $0.indicatorID.utf8.lexicographicallyPrecedes($1.indicatorID.utf8)
        }
        return Array(place.reasons.prefix(reasonLimit)) + further.prefix(furtherLimit)
    }

    /// The ticks of a group on a line that ends at its largest rate.
    private static func path(_ group: Group) -> String {
        guard let largest = group.rates.last, largest > 0 else { return "" }
        var ticks = ""
        var last = ""
        for rate in thinned(group.rates, limit: tickLimit) {
            let across = number(rate / largest * width)
            if across != last { ticks += "M\(across) 4v14" }
            last = across
        }
        return "<path id=\"\(group.name)\" d=\"\(ticks)\" stroke=\"#7f8b99\" vector-effect=\"non-scaling-stroke\"/>\n"
    }

    // MARK: - Figures

    /// Ascending rates, all of them or as many evenly spaced quantiles, the smallest and the largest among them.
    static func thinned(_ rates: [Double], limit: Int) -> [Double] {
        if rates.count <= limit { return rates }
        return (0..<limit).map { rates[$0 * (rates.count - 1) / (limit - 1)] }
    }

    /// The median of ascending rates; 0 of none.
    static func median(_ rates: [Double]) -> Double {
        if rates.isEmpty { return 0 }
        return (rates[(rates.count - 1) / 2] + rates[rates.count / 2]) / 2
    }

    /// What the drawing shows, in words.
    ///
    /// - Parameter peers: Ascending.
    static func words(own: Double, peers: [Double]) -> BilingualText {
        let (rate, middle) = (ValueText.percent(own), ValueText.percent(median(peers)))
        let below = peers.count { $0 < own }
        return BilingualText(
            "\(rate); median of \(peers.count) peers \(middle); above \(below) of them",
            "\(rate); \(peers.count) 家同类机构的中位数 \(middle); 高于其中 \(below) 家")
    }

    private static func quantile(_ rates: [Double], _ share: Double) -> Double {
        rates.isEmpty ? 0 : rates[Int((Double(rates.count - 1) * share).rounded(.up))]
    }

    /// Up to two decimals, without those that say nothing.
    private static func number(_ value: Double) -> String {
        var text = ValueText.fixed(value, 2)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
