/// One of `count` shares of a store's files. Which share a file is in follows from its content alone, so that as many runs
/// check every file once, whatever is loaded between them.
package struct VerificationSubset: Hashable, Sendable {
    /// From 1 to `count`.
    package let number: Int
    package let count: Int

    /// The share `2/7` names, the second of seven; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), number >= 1, number <= count,
            count <= 1_000_000
        else { return nil }
        self.number = number
        self.count = count
    }

    /// - Parameter sha256: Of the file, as its manifest has it.
    func contains(sha256: String) -> Bool {
        guard let bits = UInt64(sha256.prefix(16), radix: 16) else { return true }
        return Int(bits % UInt64(count)) == number - 1
    }
}
