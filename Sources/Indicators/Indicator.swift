/// One indicator of the library: what it asks, whence it comes, and the queries that answer it.
///
/// Every indicator answers the same question: for each institution, how many events out of how much exposure, and how much
/// fund money is at issue.
package struct Indicator: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case rule
        case statistical
    }

    package enum ResultType: String, Sendable, CaseIterable {
        case violation
        case suspicious
    }

    package enum BasisKind: String, Sendable, CaseIterable {
        case legal
        case statistical
    }

    package var id: String
    package var version: Int
    package var title: BilingualText
    package var theme: BilingualText
    package var kind: Kind
    package var result: ResultType
    /// What is counted, in the plural: prescriptions, claims, stays.
    package var subject: BilingualText
    /// What the exposure counts.
    package var exposure: BilingualText
    /// What the events count.
    package var event: BilingualText
    /// The exact definition; nil if its file has only the words above.
    package var formula: IndicatorFormula?
    package var basisKind: BasisKind
    package var basis: BilingualText
    package var falseAlarms: BilingualText
    /// Attributes of knowledge points it rests on: without any such point it has nothing to say. Empty for none.
    package var needs: [String] = []
    /// Names the steps of its queries that others with the same word have too: they are asked together. Nil for none.
    package var shares: String?
    package var parameters: [IndicatorParameter]
    package var queries: IndicatorQueries
    /// Examples of its own file.
    package var cases: [IndicatorCase] = []
    /// The file it was read from, for messages; nil for the built-in library.
    package var file: String?
    /// The file's text.
    package var source: String
}

/// What an indicator counts, to the letter: the numbers in it are the defaults of its parameters.
package struct IndicatorFormula: Hashable, Sendable {
    /// What makes one of the exposure.
    package var unit: BilingualText
    /// When a unit is an event.
    package var event: BilingualText
    /// The money at issue.
    package var amount: BilingualText
    /// How doubtful cases are read. Nil for none.
    package var reading: BilingualText?
}

/// The queries of an indicator, with placeholders (`:lines`, `:institution`, `:parameter`) not yet bound.
package struct IndicatorQueries: Hashable, Sendable {
    /// The `with` clause that the others continue.
    package var common: String
    /// Gives institution_id, events, exposure, amount.
    package var figures: String
    /// Gives the rows behind the figure of `:institution`.
    package var evidence: String
    /// Gives institution_id, claim_id, line_id, amount: the events' money on their lines. Nil if `claims` says it, or if the
    /// indicator is left out of the amount at issue.
    package var lines: String?
    /// Gives institution_id, claim_id, each once: claims whose lines are at issue with all their Fund.
    package var claims: String?

    /// Whether the events' money falls on lines, and so is part of the amount at issue.
    package var tellsLines: Bool { lines != nil || claims != nil }
}
