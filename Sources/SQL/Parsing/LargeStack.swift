// libpg_query's header includes <sys/types.h>, so the compiler files pthread's types under its module.
private import CPgQuery
private import Dispatch
private import Glibc
private import Synchronization

/// Runs deep recursion on a thread of its own, whose stack is large enough for the deepest tree.
package enum LargeStack {
    /// Runs `body` on a new thread with ``ParseLimits`` worth of stack and waits for it.
    ///
    /// Returns nil if the system refuses the thread.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        let work = Work<Value>(body)
        guard startAndJoin(work) else { return nil }
        return work.value
    }

    private static func startAndJoin(_ work: AnyWork) -> Bool {
        // The new thread takes over this reference; if there is no thread, it is released here.
        let argument = unsafe Unmanaged<AnyWork>.passRetained(work)
        guard let thread = unsafe start(runWork, argument.toOpaque()) else {
            unsafe argument.release()
            return false
        }
        return pthread_join(thread, nil) == 0
    }

    /// A new thread with a large stack; nil if the system refuses it.
    fileprivate static func start(
        _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?, _ argument: UnsafeMutableRawPointer?
    ) -> pthread_t? {
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_setstacksize(&attributes, ParseLimits.stackSize) == 0 else { return nil }
        var thread = pthread_t()
        return unsafe pthread_create(&thread, &attributes, body, argument) == 0 ? thread : nil
    }
}

/// One thread with a large stack for all that libpg_query parses: the library takes memory and one of a process's 1024 thread
/// keys for each thread that it meets, and never gives the key back.
enum ParserThread {
    fileprivate static let jobs = Mutex<[QueuedWork]>([])
    fileprivate static let signal = DispatchSemaphore(value: 0)
    private static let isStarted = unsafe LargeStack.start(runJobs, nil) != nil

    /// Runs `body` on the parser's thread and waits for it. It must not parse anything else in turn.
    ///
    /// Returns nil if the system refuses the thread.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        guard isStarted else { return nil }
        let box = ValueBox<Value>()
        let work = QueuedWork { box.set(body()) }
        jobs.withLock { $0.append(work) }
        signal.signal()
        work.done.wait()
        return box.get()
    }
}

private nonisolated func runJobs(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    while true {
        ParserThread.signal.wait()
        let work = ParserThread.jobs.withLock { $0.removeFirst() }
        work.body()
        work.done.signal()
    }
}

private final class QueuedWork: Sendable {
    let body: @Sendable () -> Void
    let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private final class ValueBox<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>

    init() { value = Mutex(nil) }
    func set(_ new: Value) { value.withLock { $0 = new } }
    func get() -> Value? { value.withLock { $0 } }
}

/// Formed here, outside any actor: a closure made on the main actor would trap on another thread.
private nonisolated func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument = unsafe argument {
        unsafe Unmanaged<AnyWork>.fromOpaque(argument).takeRetainedValue().run()
    }
    return nil
}

private class AnyWork {
    func run() {}
}

/// Not shared: the starting thread touches `value` only after it has joined the other one.
private final class Work<Value: Sendable>: AnyWork {
    private let body: @Sendable () -> Value
    private(set) var value: Value?

    init(_ body: @escaping @Sendable () -> Value) {
        self.body = body
    }

    override func run() {
        value = body()
    }
}
