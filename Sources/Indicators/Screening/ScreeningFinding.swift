/// A line of a claim that goes against a knowledge point.
package struct ScreeningFinding: Hashable, Sendable {
    /// The line's place in its claim, from 0.
    package var lineIndex: Int
    package var point: KnowledgePoint
    /// What the claim has instead of what the point asks for: `male`, `3`.
    package var found: String
    package var message: BilingualText
}

/// What screening a claim gave.
package struct ScreeningResult: Sendable {
    /// In the order of the lines, then of the rule ids.
    package var findings: [ScreeningFinding] = []
    /// Points that could not be judged because the claim, or the register, says too little: the column with how often.
    package var unknown: [String: Int] = [:]
    /// Attributes that no rule of this version judges, with how often.
    package var unjudged: [String: Int] = [:]
    package var judgedCount = 0
}
