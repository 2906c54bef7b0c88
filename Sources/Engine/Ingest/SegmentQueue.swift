import Glibc
import Storage

/// Encoded segments on their way to the thread that writes them, which spends its time waiting for the disk.
///
/// Nobody waits to put one in: where there is no room, or no such thread, the one who has the segment writes it.
///
/// `@unchecked Sendable`: everything that changes is touched only with the mutex held, the two pointers never change.
@safe
final class SegmentQueue: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let limit: Int
    private var producers: Int
    private var hasConsumer = false
    private var waiting: [(segment: EncodedSegment, order: Int)] = []

    /// - Parameters:
    ///   - limit: Segments in memory at most that wait to be written.
    ///   - producers: Threads that will call `producerEnded`.
    init(limit: Int, producers: Int) {
        self.limit = limit
        self.producers = producers
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Hands a segment over; false if it must be written by the caller.
    func offer(_ segment: EncodedSegment, order: Int) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        guard hasConsumer, waiting.count < limit else { return false }
        waiting.append((segment, order))
        unsafe pthread_cond_signal(condition)
        return true
    }

    /// A producer has no more segments.
    func producerEnded() {
        unsafe pthread_mutex_lock(mutex)
        producers -= 1
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Waits for the next segment, in the order they were handed over; nil when all are taken and no more will come.
    func take() -> (segment: EncodedSegment, order: Int)? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        hasConsumer = true
        while waiting.isEmpty, producers > 0 { unsafe pthread_cond_wait(condition, mutex) }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Nobody will take any more; what is waiting is given up.
    func consumerEnded() {
        unsafe pthread_mutex_lock(mutex)
        hasConsumer = false
        waiting = []
        unsafe pthread_mutex_unlock(mutex)
    }
}
