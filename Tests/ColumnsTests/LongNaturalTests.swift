import Columns
import Testing

@Suite("Natural numbers of any size")
struct LongNaturalTests {
    /// Numbers of every size that 128 bits hold, more of them near the ends of words.
    private static let numbers: [UInt128] = {
        var random = SplitMix(seed: 11)
        let edges = [0, 32, 64, 96].flatMap { bits in [UInt128(1) << UInt128(bits), (UInt128(1) << UInt128(bits)) &- 1] }
        return edges + [.max, 3, 10] + (0..<60).map { (UInt128(random.next()) << UInt128(random.next() % 64)) >> UInt128($0) }
    }()

    @Test("what 128 bits hold counts as there") func narrow() {
        for a in Self.numbers {
            for b in Self.numbers {
                let (x, y) = (LongNatural(a), LongNatural(b))
                #expect((x < y) == (a < b))
                #expect((x == y) == (a == b))
                let (sum, overflow) = a.addingReportingOverflow(b)
                #expect((x + y).narrow == (overflow ? nil : sum))
                let (product, isLarge) = a.multipliedReportingOverflow(by: b)
                #expect((x * y).narrow == (isLarge ? nil : product))
                if a >= b { #expect((x - y).narrow == a - b) }
                if b != 0 {
                    let (quotient, remainder) = x.divided(by: y)
                    #expect(quotient.narrow == a / b)
                    #expect(remainder.narrow == a % b)
                }
            }
        }
    }

    @Test("larger ones give back what they were made of") func wide() {
        for a in Self.numbers where a > 0 {
            for b in Self.numbers where b > 0 {
                let (x, y) = (LongNatural(a).raised(to: 5), LongNatural(b).raised(to: 3))
                let rest = LongNatural(a - 1)
                guard rest < y else { continue }
                let (quotient, remainder) = (x * y + rest).divided(by: y)
                #expect(quotient == x)
                #expect(remainder == rest)
                #expect((x + y) - y == x)
                #expect((x << 77) >> 77 == x)
                #expect(x << 77 == x * LongNatural(2).raised(to: 77))
                #expect((x * x).roundedSquareRoot == x)
                #expect((x * x + x).roundedSquareRoot == x)
                #expect((x * x + x + LongNatural(1)).roundedSquareRoot == x + LongNatural(1))
            }
        }
    }

    @Test("quotients are rounded, halves up") func rounded() {
        #expect(LongNatural(7).roundedQuotient(by: LongNatural(2)).narrow == 4)
        #expect(LongNatural(6).roundedQuotient(by: LongNatural(4)).narrow == 2)
        #expect(LongNatural(5).roundedQuotient(by: LongNatural(4)).narrow == 1)
        #expect(LongNatural.powerOfTen(50).roundedQuotient(by: .powerOfTen(20)) == .powerOfTen(30))
        #expect(LongNatural(0).roundedSquareRoot.isZero)
    }
}

/// A generator with a seed of its own.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
