import Dispatch
import Glibc
import Synchronization

/// Runs the same body on several threads and waits for all of them. Threads that are done wait for more to do.
package enum WorkerThreads {
    /// Threads that wait for something to do, at the most; others end.
    private static let idleLimit = 64
    private static let idle = Mutex<[Worker]>([])

    private struct Job: Sendable {
        let index: Int
        let body: @Sendable (Int) -> Void
        let areDone: DispatchSemaphore
    }

    /// One thread, and what it is to do next.
    private final class Worker: Sendable {
        private let isAsked = DispatchSemaphore(value: 0)
        private let job = Mutex<Job?>(nil)

        func start(_ job: Job) {
            self.job.withLock { $0 = job }
            isAsked.signal()
        }

        /// Does what it is asked for, until enough others are idle.
        func work() {
            var stays = true
            while stays {
                isAsked.wait()
                guard let areDone = doJob() else { continue }
                // Before the caller goes on, so that it finds the thread idle.
                stays = idle.withLock { idle in
                    guard idle.count < idleLimit else { return false }
                    idle.append(self)
                    return true
                }
                areDone.signal()
            }
        }

        /// What the job held is released when this returns: before its caller is told.
        @inline(never)
        private func doJob() -> DispatchSemaphore? {
            let taken = job.withLock { job in
                defer { job = nil }
                return job
            }
            guard let taken else { return nil }
            taken.body(taken.index)
            return taken.areDone
        }
    }

    /// Calls `body(0)` … `body(count - 1)`, each on a thread of its own, the first on the caller's.
    package static func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard count > 1 else { return body(0) }
        let areDone = DispatchSemaphore(value: 0)
        var ownIndexes = [0]
        for index in 1..<count {
            if let worker = idle.withLock({ $0.popLast() }) ?? makeWorker() {
                worker.start(Job(index: index, body: body, areDone: areDone))
            } else {
                ownIndexes.append(index)
            }
        }
        for index in ownIndexes { body(index) }
        for _ in ownIndexes.count..<count { areDone.wait() }
    }

    /// nil if the system has no thread.
    private static func makeWorker() -> Worker? {
        let worker = Worker()
        let argument = unsafe Unmanaged.passRetained(worker)
        var thread = pthread_t()
        // The thread takes over the retained worker; if it cannot be started, it is released here.
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument { unsafe Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            return nil
        }
        pthread_detach(thread)
        return worker
    }

    /// `body(i)` for each `i` below `count`, begun in order on up to `workerCount` threads, results in order.
    package static func map<T: Sendable>(count: Int, workerCount: Int, _ body: @escaping @Sendable (Int) -> T) -> [T] {
        if count <= 1 || workerCount <= 1 { return (0..<count).map(body) }
        let cursor = MorselCursor(count: count)
        let slots = Mutex<[T?]>([T?](repeating: nil, count: count))
        run(count: min(count, workerCount)) { _ in
            while let index = cursor.take() {
                let result = body(index)
                slots.withLock { $0[index] = result }
            }
        }
        return slots.withLock { $0 }.compactMap { $0 }
    }

    /// `body(i)` for each `i` below `count`, on up to `workerCount` threads, results in order.
    ///
    /// - Throws: the error of the smallest `i` that failed.
    package static func map<T: Sendable>(
        count: Int, workerCount: Int, _ body: @escaping @Sendable (Int) throws(ExecutionError) -> T
    ) throws(ExecutionError) -> [T] {
        if count <= 1 || workerCount <= 1 {
            var results: [T] = []
            for index in 0..<count { results.append(try body(index)) }
            return results
        }
        let cursor = MorselCursor(count: count)
        let slots = Mutex<[Result<T, ExecutionError>?]>([Result<T, ExecutionError>?](repeating: nil, count: count))
        run(count: min(count, workerCount)) { _ in
            while let index = cursor.take() {
                let result: Result<T, ExecutionError>
                do throws(ExecutionError) {
                    result = .success(try body(index))
                } catch {
                    result = .failure(error)
                    cursor.stop()
                }
                slots.withLock { $0[index] = result }
            }
        }
        var results: [T] = []
        results.reserveCapacity(count)
        for slot in slots.withLock({ $0 }) {
            guard let slot else { continue }
            results.append(try slot.get())
        }
        return results
    }
}
