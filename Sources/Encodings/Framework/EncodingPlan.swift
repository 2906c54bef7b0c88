/// How the values of a block were encoded: its node's encoding, the columns it refers to, and its parts.
///
/// Blocks of one column are alike from segment to segment. A plan made once is followed for the rest, which saves trying
/// all encodings on each block; whoever follows it checks that the block has become as small as the plan promises.
package final class EncodingPlan: Sendable {
    let encoding: UInt8
    let references: [Int]
    let parts: [EncodingPlan]

    init(encoding: UInt8, references: [Int], parts: [EncodingPlan]) {
        self.encoding = encoding
        self.references = references
        self.parts = parts
    }

    /// Whether both say the same.
    package func isLike(_ other: EncodingPlan) -> Bool {
        encoding == other.encoding && references == other.references && parts.count == other.parts.count
            && zip(parts, other.parts).allSatisfy { $0.isLike($1) }
    }
}

/// Plans as they are written and followed, node by node.
struct PlanTrail: Sendable {
    private struct Node: Sendable {
        var encoding: UInt8
        var references: [Int]
        /// Plans of the parts written so far.
        var parts: [EncodingPlan] = []
        /// The plan followed for this node.
        var guide: EncodingPlan?
    }

    private var open: [Node] = []
    /// Plans of the nodes written side by side at the top.
    private(set) var roots: [EncodingPlan] = []

    mutating func begin(_ encoding: UInt8, references: [Int], guide: EncodingPlan?) {
        open.append(Node(encoding: encoding, references: references, guide: guide))
    }

    mutating func end() {
        let node = open.removeLast()
        let plan = EncodingPlan(encoding: node.encoding, references: node.references, parts: node.parts)
        if open.isEmpty { roots.append(plan) } else { open[open.count - 1].parts.append(plan) }
    }

    /// What the plan followed for the open node says of its next part.
    var nextGuide: EncodingPlan? {
        guard let node = open.last, let guide = node.guide, node.parts.count < guide.parts.count else { return nil }
        return guide.parts[node.parts.count]
    }
}
