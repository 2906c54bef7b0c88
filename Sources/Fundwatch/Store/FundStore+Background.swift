import Dispatch

extension FundStore {
    /// Makes calls on a thread of Dispatch's pool, for asynchronous code: no thread of Swift's pool is blocked.
    ///
    /// When the task is cancelled, the switch that the closure gets is turned; pass it on to the calls.
    ///
    /// - Parameter work: The calls. It may run on any thread.
    /// - Returns: What the closure gives.
    /// - Throws: What the closure throws.
    public func background<Value: Sendable>(
        _ work: @escaping @Sendable (FundStore, Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try work(self, cancellation) })
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
