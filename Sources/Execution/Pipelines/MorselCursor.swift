import Synchronization

/// Hands out morsel numbers in ascending order to any number of workers.
final class MorselCursor: Sendable {
    private let next: Atomic<Int>
    private let end: Int
    private let stopped = Atomic<Bool>(false)

    init(_ range: Range<Int>) {
        next = Atomic(range.lowerBound)
        end = range.upperBound
    }

    convenience init(count: Int) { self.init(0..<count) }

    /// The next morsel, nil when there is none left or `stop` was called.
    func take() -> Int? {
        if stopped.load(ordering: .relaxed) { return nil }
        let morsel = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return morsel < end ? morsel : nil
    }

    /// Morsels not yet handed out stay undone.
    func stop() { stopped.store(true, ordering: .relaxed) }
}
