/// A seeded stream of random integers, the same on every machine.
///
/// Source: Blackman and Vigna, xoshiro256**, seeded with splitmix64 as they advise.
struct RandomSource {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Streams of one seed are independent of each other.
    init(seed: UInt64, stream: UInt64) {
        var mixer = seed &+ (stream &* 0xD134_2543_DE82_EF95)
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            return RandomSource.mixed(mixer)
        }
        state = (next(), next(), next(), next())
    }

    /// The splitmix64 finalizer: a bijection of 64 bits that looks random; for facts that follow from a number.
    static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// Uniform in `0..<bound`; the bias of at most `bound / 2^64` is of no account here.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in `perMille` of 1,000 cases.
    mutating func chance(perMille: Int) -> Bool { below(1000) < perMille }

    /// True in `perMillion` of 1,000,000 cases.
    mutating func chance(perMillion: Int) -> Bool { below(1_000_000) < perMillion }
}
