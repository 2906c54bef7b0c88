import Columns
import Synchronization

/// Gives the same run map object for the same starts.
final class RunMapCache: Sendable {
    private let maps = Mutex<[[Int32]: RunMap]>([:])

    func map(_ starts: [Int32]) -> RunMap {
        maps.withLock { known in
            if let map = known[starts] { return map }
            let map = RunMap(starts: starts)
            known[starts] = map
            return map
        }
    }
}

/// A small seeded generator (SplitMix64), the same on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
