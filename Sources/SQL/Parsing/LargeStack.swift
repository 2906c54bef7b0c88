// libpg_query's header includes <sys/types.h>, so the compiler files pthread's types under its module.
private import CPgQuery
private import Glibc

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
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_setstacksize(&attributes, ParseLimits.stackSize) == 0 else { return false }
        var thread = pthread_t()
        // The new thread takes over this reference; if there is no thread, it is released here.
        let argument = unsafe Unmanaged<AnyWork>.passRetained(work)
        guard unsafe pthread_create(&thread, &attributes, runWork, argument.toOpaque()) == 0 else {
            unsafe argument.release()
            return false
        }
        return pthread_join(thread, nil) == 0
    }
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
