import Synchronization

/// A switch that stops calls: give it to a call, and turn it from any thread.
///
/// The call then ends within a fraction of a second with a ``FundError`` of kind ``FundError/Kind/cancelled``, and has changed
/// nothing. One switch may stop several calls; once turned it stays so.
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// A switch that is not turned.
    public init() {}

    /// Stops the calls that hold the switch, now and in future.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether ``cancel()`` was called.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
