/// Which calls of the operating system fail, and how.
struct FailurePlan: Sendable {
    struct Failure: Sendable {
        /// `errno`.
        var code: Int32 = FailurePlan.inputOutput
        /// The call does its work and reports failure all the same, as a network's file system may.
        var comesAfterTheEffect = false
    }

    struct Call {
        /// Counted from 1.
        var number: Int
        /// As `FileError` has it, such as `fsync`.
        var name: String
        /// What the call is about; the new name where there are two.
        var path: String
    }

    static let inputOutput: Int32 = 5
    static let noSpace: Int32 = 28

    private let rule: @Sendable (Call) -> Failure?

    /// - Parameter rule: How a call fails, nil if it does not.
    init(_ rule: @escaping @Sendable (Call) -> Failure?) { self.rule = rule }

    static let none = FailurePlan { _ in nil }

    /// Only this call.
    static func once(_ call: Int, _ failure: Failure = Failure()) -> FailurePlan {
        FailurePlan { $0.number == call ? failure : nil }
    }

    /// This call and all behind it.
    static func forEver(from call: Int, _ failure: Failure = Failure()) -> FailurePlan {
        FailurePlan { $0.number >= call ? failure : nil }
    }

    /// This call, and each behind it with a chance of one in three.
    static func often(from call: Int, _ failure: Failure = Failure()) -> FailurePlan {
        FailurePlan { found in
            var random = SeededRandom(seed: UInt64(call) << 32 | UInt64(found.number))
            return found.number == call || (found.number > call && random.next() % 3 == 0) ? failure : nil
        }
    }

    func failure(of call: Call) -> Failure? {
        guard var failure = rule(call) else { return nil }
        // A call that gives no descriptor leaves none open, and no lock taken.
        if call.name == "flock" || call.name == "open" { failure.comesAfterTheEffect = false }
        return failure
    }
}
