/// The kinds of code a canonical column may hold.
package enum Vocabulary: Hashable, Sendable, CaseIterable {
    case sex
    case visitType
    case itemCategory
    case institutionLevel
    case institutionKind
    /// What a review of a lead found.
    case reviewResult
}
