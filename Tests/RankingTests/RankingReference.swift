import Foundation
import Ranking

/// The ranking straight from the formulas, one institution at a time: slow, and shares no code with the module.
enum RankingReference {
    struct Unit {
        var id: String
        var level: String
        var kind: String
        var e: Double
        var n: Double
        var a: Double
    }

    /// p and z′ of each unit; nil without peers.
    static func compare(_ units: [Unit]) -> [(p: Double, z: Double)?] {
        units.map { unit in
            var peers = units.filter { $0.level == unit.level && $0.kind == unit.kind }
            if peers.count < 10 { peers = units.filter { $0.kind == unit.kind } }
            if peers.count < 10 { peers = units }
            if peers.count == 1 { return nil }
            var left: Set<String> = []
            for pass in 1...2 {
                let z = peers.map { distance($0, rate($0, peers, left)) }
                let root = sqrt(dispersion(z))
                if pass == 2 {
                    let p = rate(unit, peers, left)
                    return (p, distance(unit, p) / root)
                }
                let far = zip(peers, z).filter { $1 / root > 2 }.map(\.0.id)
                left = Double(far.count) > Double(peers.count) / 2 ? [] : Set(far)
            }
            return nil
        }
    }

    static func finding(_ unit: Unit, _ comparison: (p: Double, z: Double)?) -> Double {
        guard let (p, z) = comparison, z > 2, unit.e > 0 else { return 0 }
        let excess = max(0, unit.a) * max(0, 1 - unit.n * p / unit.e)
        return min(0.999, (1 - 2 / z) * min(1, log10(1 + excess / 100) / 4))
    }

    private static func rate(_ unit: Unit, _ peers: [Unit], _ left: Set<String>) -> Double {
        let others = peers.filter { $0.id != unit.id && !left.contains($0.id) }
        return (others.map(\.e).reduce(0, +) + 0.5) / (others.map(\.n).reduce(0, +) + 1)
    }

    private static func distance(_ unit: Unit, _ p: Double) -> Double {
        func term(_ observed: Double, _ expected: Double) -> Double {
            observed == 0 ? 0 : observed * (log(observed) - log(expected))
        }
        let deviance = 2 * (term(unit.e, unit.n * p) + term(unit.n - unit.e, unit.n * (1 - p)))
        return (unit.e < unit.n * p ? -1 : 1) * sqrt(max(0, deviance))
    }

    private static func dispersion(_ z: [Double]) -> Double {
        var values = z.sorted()
        let m = values.count
        let c = min(Int(ceil(Double(m) / 10)), Int(floor(Double(m - 1) / 2)))
        for index in 0..<c {
            values[index] = values[c]
            values[m - 1 - index] = values[m - 1 - c]
        }
        return max(1, values.map { $0 * $0 }.reduce(0, +) / Double(m))
    }
}

/// SplitMix64: the only source of chance in these tests.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
