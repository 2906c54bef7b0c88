/// What tells a line of claims from all others.
struct ClaimLineKey: Hashable {
    var claimID: String
    var lineID: String
}
