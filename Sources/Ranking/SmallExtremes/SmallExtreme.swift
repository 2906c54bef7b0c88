/// A figure that is extreme although its institution is too small for the ranking to carry it.
package struct SmallExtreme: Hashable, Sendable {
    package var place: RankedInstitution
    package var scored: ScoredFigure
    /// ρ of the peers the chance is reckoned with.
    package var correlation: Double
    /// The chance of so many events or more at an institution like its peers.
    package var chance: Double
}
