package import Engine

/// What of an indicator's events is at issue.
package enum MoneyAtIssue: Sendable {
    /// `institution_id`, `claim_id`, `line_id`, `amount`.
    case lines(QueryResult)
    /// `institution_id`, `claim_id`: of these claims every line of `countedLines`, a query, with all its Fund.
    case claims(QueryResult, countedLines: String)
}
