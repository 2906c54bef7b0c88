/// Sums over the peers an expected rate rests on, from which one of them can be taken out again.
struct PeerSums {
    private var memberCount = 0
    private var events = 0.0
    private var exposure = 0.0
    /// Σ e²/n.
    private var weightedSquares = 0.0
    /// Σ n².
    private var exposureSquares = 0.0

    mutating func add(events e: Int64, exposure n: Int64) { change(by: 1, Double(e), Double(n)) }

    /// The sums without one of the members.
    func without(events e: Int64, exposure n: Int64) -> PeerSums {
        var others = self
        others.change(by: -1, Double(e), Double(n))
        return others
    }

    private mutating func change(by sign: Double, _ e: Double, _ n: Double) {
        memberCount += Int(sign)
        events += sign * e
        exposure += sign * n
        weightedSquares += sign * e * e / n
        exposureSquares += sign * n * n
    }

    /// ρ by the moment equation of the shrunken rates: with μ = Σe/Σn and S = Σ n(e/n − μ)² = Σ e²/n − (Σe)²/Σn it solves
    /// E[S] = μ(1−μ)[(m−1)(1−ρ) + ρ(N − Σn²/N)], cut to 0…1. Source: docs/ranking.md, "Shown, not scored".
    var correlation: Double {
        guard memberCount > 1, events > 0, events < exposure else { return 0 }
        let mean = events / exposure
        let spread = weightedSquares - events * mean
        let freedom = Double(memberCount - 1)
        let room = exposure - exposureSquares / exposure - freedom
        return room > 0 ? min(1, max(0, (spread / (mean * (1 - mean)) - freedom) / room)) : 0
    }
}
