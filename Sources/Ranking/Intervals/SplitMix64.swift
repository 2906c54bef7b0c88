/// A small random generator whose stream its seed determines. Source: Steele, Lea and Flood, OOPSLA 2014.
package struct SplitMix64 {
    private var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 up to 1, without 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The seed of a stream of its own for each pair of texts.
    package static func seed(_ base: UInt64, _ first: String, _ second: String) -> UInt64 {
        // FNV-1a with a byte between the texts that no UTF-8 has.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in first.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        for byte in second.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixed = SplitMix64(state: hash ^ base)
        return mixed.next()
    }
}
