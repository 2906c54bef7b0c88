import Glibc

/// Lets threads pass one at a time in the order of their numbers: 0, 1, 2 …
///
/// `@unchecked Sendable`: `next` and `isStopped` are touched only with the mutex held, the two pointers never change.
@safe
final class Turnstile: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var next = 0
    private var isStopped = false

    init() {
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

    /// Waits for the turn of `number`; false if the turnstile was stopped instead. After true, call `leave`.
    func enter(_ number: Int) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while next != number, !isStopped { unsafe pthread_cond_wait(condition, mutex) }
        return !isStopped
    }

    /// Gives the turn to the next number.
    func leave() {
        unsafe pthread_mutex_lock(mutex)
        next += 1
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Lets nobody in any more.
    func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }
}
