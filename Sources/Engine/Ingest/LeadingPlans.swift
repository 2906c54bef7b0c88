import Storage

/// What the segments of a batch show those behind them: how their columns are best encoded.
///
/// A segment follows some of the first ones, the more the later it comes: the second follows the first, those from the third follow two,
/// those from the ninth four, and so on. Which ones is a matter of its place alone, never of which thread is faster, so that the same
/// file gives the same bytes; and they are so far before it that nobody has to wait for them for long.
final class LeadingPlans: @unchecked Sendable {
    /// Segments from the first that lead others at most.
    private static let leadingCount = 32

    private let monitor = Monitor()
    /// By place; nil for those that are not encoded yet.
    private var plans: [SegmentPlan?] = []
    /// What the first segments together show, by their number.
    private var joined: [Int: SegmentPlan] = [:]
    private var isStopped = false

    /// The number of segments, from the first, that the one at this place follows.
    static func leading(_ order: Int) -> Int {
        guard order > 2 else { return order }
        var count = 2
        while count * 4 <= order, count < leadingCount { count *= 2 }
        return count
    }

    /// What a segment is to follow, nil within for the first; nil if it is not all known yet, or if the load was stopped.
    ///
    /// - Parameter waits: Whether to wait for it.
    func plan(for order: Int, waits: Bool) -> SegmentPlan?? {
        let count = LeadingPlans.leading(order)
        return monitor.withLock {
            while waits, !isStopped, !isKnown(count) { monitor.wait() }
            guard !isStopped, isKnown(count) else { return nil }
            return .some(plan(ofFirst: count))
        }
    }

    /// Whether the first segments are all encoded. With the lock held.
    private func isKnown(_ count: Int) -> Bool { plans.count >= count && plans.prefix(count).allSatisfy { $0 != nil } }

    /// With the lock held.
    private func plan(ofFirst count: Int) -> SegmentPlan? {
        if let known = joined[count] { return known }
        let plan = plans.prefix(count).reduce(nil) { (joined: SegmentPlan?, next: SegmentPlan?) in
            guard let joined, let next else { return joined ?? next }
            return joined.followed(by: next)
        }
        joined[count] = plan
        return plan
    }

    /// Takes what a segment has found.
    func add(_ plan: SegmentPlan, order: Int) {
        guard order < LeadingPlans.leadingCount else { return }
        monitor.withLock {
            while plans.count <= order { plans.append(nil) }
            plans[order] = plan
            monitor.wakeAll()
        }
    }

    /// Lets nobody wait any more.
    func stop() {
        monitor.withLock {
            isStopped = true
            monitor.wakeAll()
        }
    }
}
