package import Ranking

/// An institution in its first contract months among all in the same months of theirs.
package struct NewInstitution: Hashable, Sendable {
    package var member: NewInstitutions.Member
    package var place: RankedInstitution
    /// Institutions with such months in the period.
    package var comparedCount: Int
}
