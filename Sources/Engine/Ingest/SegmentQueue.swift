import Storage

/// Encoded segments on their way to the thread that writes them, which spends its time waiting for the disk.
///
/// Nobody waits to put one in: where there is no room, or no such thread, the one who has the segment writes it.
///
/// `@unchecked Sendable`: everything that changes is touched only within the monitor.
final class SegmentQueue: @unchecked Sendable {
    private let monitor = Monitor()
    private let limit: Int
    private var producers: Int
    private var hasConsumer = false
    private var isStopped = false
    private var waiting: [(segment: EncodedSegment, order: Int)] = []

    /// - Parameters:
    ///   - limit: Segments in memory at most that wait to be written.
    ///   - producers: Threads that will call `producerEnded`.
    init(limit: Int, producers: Int) {
        self.limit = limit
        self.producers = producers
    }

    /// Hands a segment over; false if it must be written by the caller.
    func offer(_ segment: EncodedSegment, order: Int) -> Bool {
        monitor.withLock {
            guard hasConsumer, !isStopped, waiting.count < limit else { return false }
            waiting.append((segment, order))
            monitor.wakeAll()
            return true
        }
    }

    /// A producer has no more segments.
    func producerEnded() {
        monitor.withLock {
            producers -= 1
            monitor.wakeAll()
        }
    }

    /// Waits for the next segment, in the order they were handed over; nil when all are taken and no more will come.
    func take() -> (segment: EncodedSegment, order: Int)? {
        monitor.withLock {
            hasConsumer = true
            while waiting.isEmpty, producers > 0, !isStopped { monitor.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// The load has failed: what is waiting is given up, and nothing is taken any more.
    func stop() {
        monitor.withLock {
            isStopped = true
            waiting = []
            monitor.wakeAll()
        }
    }
}
