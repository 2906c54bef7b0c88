import Synchronization

/// Counts the bytes of answers that are kept in memory while other statements run: these have so much less.
final class HeldAnswers: Sendable {
    private let total = Atomic<Int>(0)

    var byteCount: Int { total.load(ordering: .relaxed) }

    /// Counts an answer for as long as somebody has what comes back.
    func hold(_ byteCount: Int) -> HeldAnswer { HeldAnswer(byteCount, in: self) }

    fileprivate func add(_ byteCount: Int) { total.wrappingAdd(byteCount, ordering: .relaxed) }
}

/// One answer that is counted.
final class HeldAnswer: Sendable {
    private let byteCount: Int
    private let answers: HeldAnswers

    fileprivate init(_ byteCount: Int, in answers: HeldAnswers) {
        self.byteCount = byteCount
        self.answers = answers
        answers.add(byteCount)
    }

    deinit { answers.add(-byteCount) }

    /// Counts rows that were taken from this answer.
    func another(_ byteCount: Int) -> HeldAnswer { answers.hold(byteCount) }
}
