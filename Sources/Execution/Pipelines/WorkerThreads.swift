import Glibc
import Synchronization

/// Runs the same body on several threads and waits for all of them.
package enum WorkerThreads {
    private final class Job: Sendable {
        let index: Int
        let body: @Sendable (Int) -> Void

        init(index: Int, body: @escaping @Sendable (Int) -> Void) {
            self.index = index
            self.body = body
        }
    }

    /// Calls `body(0)` … `body(count - 1)`, each on a thread of its own, the first on the caller's.
    package static func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        var threads: [pthread_t] = []
        for index in 1..<max(1, count) {
            let job = unsafe Unmanaged.passRetained(Job(index: index, body: body))
            var thread = pthread_t()
            // The thread takes over the retained job; if it cannot be started, the job is run and released here.
            let code = unsafe pthread_create(
                &thread, nil,
                { argument in
                    if let argument = unsafe argument {
                        let job = unsafe Unmanaged<Job>.fromOpaque(argument).takeRetainedValue()
                        job.body(job.index)
                    }
                    return nil
                }, job.toOpaque())
            if code == 0 {
                threads.append(thread)
            } else {
                let own = unsafe job.takeRetainedValue()
                own.body(own.index)
            }
        }
        body(0)
        for thread in threads { _ = pthread_join(thread, nil) }
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
