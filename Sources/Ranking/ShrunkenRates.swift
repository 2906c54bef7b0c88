/// Beta-Binomial shrunken rates: small institutions are drawn to their group's rate, large ones keep their own.
package enum ShrunkenRates {
    /// The shrunken rate of each member; the prior is fitted by moments within the group.
    ///
    /// With μ = Σe/Σn and S = Σ n(e/n − μ)², the correlation ρ solves E[S] = μ(1−μ)[(m−1)(1−ρ) + ρ(N − Σn²/N)], cut to
    /// 0…1; the prior weighs M = (1−ρ)/ρ units. Source: Kleinman, JASA 68 (1973), with weights n.
    package static func rates(events: [Int64], exposures: [Int64]) -> [Double] {
        let totalExposure = exposures.reduce(0.0) { $0 + Double($1) }
        let totalEvents = events.reduce(0.0) { $0 + Double($1) }
        let mean = totalEvents / totalExposure
        let own = zip(events, exposures).map { Double($0) / Double($1) }
        guard mean > 0, mean < 1, events.count > 1 else { return own }
        var spread = 0.0
        var squares = 0.0
        for (rate, exposure) in zip(own, exposures) {
            let n = Double(exposure)
            spread += n * (rate - mean) * (rate - mean)
            squares += n * n
        }
        let freedom = Double(events.count - 1)
        let room = totalExposure - squares / totalExposure - freedom
        // No room: every institution has one unit, so nothing tells a spread of rates from chance.
        let correlation = room > 0 ? min(1, max(0, (spread / (mean * (1 - mean)) - freedom) / room)) : 0
        if correlation == 0 { return own.map { _ in mean } }
        let weight = (1 - correlation) / correlation
        return zip(events, exposures).map { (Double($0) + mean * weight) / (Double($1) + weight) }
    }
}
