/// Puts lines that follow each other into claims: a claim ends where another `claim_id` begins.
package struct ClaimAssembler: Sendable {
    private var open: IncomingClaim?

    package init() {}

    /// Takes a line; gives the claim before it if that is complete now.
    package mutating func add(_ line: IncomingLine) -> IncomingClaim? {
        if open?.id == line.claimID, open != nil {
            open?.lines.append(line)
            return nil
        }
        defer { open = IncomingClaim(id: line.claimID, lines: [line]) }
        return open
    }

    /// The claim that is still open.
    package mutating func finish() -> IncomingClaim? {
        defer { open = nil }
        return open
    }
}
