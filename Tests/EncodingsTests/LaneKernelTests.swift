import CKernels
import Testing

@testable import Encodings

/// Kernels over lanes on their way into a block, each against a reading by plain means.
@Suite("Lane kernels")
struct LaneKernelTests {
    private var levels: [Int32] { Array(CK_LEVEL_PORTABLE...ck_best_level()) }

    /// Lanes of many shapes: few different ones, narrow ones, any.
    private func lanes(_ count: Int, _ generator: inout SeededRandom) -> [Int64] {
        let ranges: [ClosedRange<Int64>] = [0...2, -3...3, 0...70_000, -5_000_000...5_000_000, Int64.min...Int64.max]
        let range = ranges.randomElement(using: &generator)!
        return (0..<count).map { _ in
            Int.random(in: 0..<50, using: &generator) == 0
                ? [.min, .max, 0, -1].randomElement(using: &generator)! : Int64.random(in: range, using: &generator)
        }
    }

    @Test("sorted lanes are in order") func sorted() {
        var generator = SeededRandom(seed: 31)
        for count in [0, 1, 2, 32, 33, 100, 1_024] {
            for _ in 0..<20 {
                let values = lanes(count, &generator)
                #expect(LaneKernels.sorted(values) == values.sorted())
            }
        }
    }

    @Test("the first keys of equal neighbours, as many as are wanted") func keyHeads() {
        var generator = SeededRandom(seed: 33)
        for count in [1, 2, 8, 9, 57, 64, 200, 1_001] {
            for most: UInt64 in [1, 2, 9, .max] {
                let keys = (0..<count).map { _ in UInt64.random(in: 0...most, using: &generator) }
                let expected = keys.indices.filter { $0 == 0 || keys[$0] != keys[$0 - 1] }.map { Int32($0) }
                for (limit, level) in [1, count / 2, count].flatMap({ limit in levels.map { (limit, $0) } }) {
                    var rows = [Int32](repeating: -1, count: limit + Int(CK_KEY_HEADS_SLACK))
                    let found = unsafe ck_key_heads(level, keys, count, limit, &rows)
                    if expected.count > limit {
                        #expect(found > limit)
                    } else {
                        #expect(Array(rows.prefix(found)) == expected, "level \(level)")
                    }
                }
            }
        }
    }

    @Test("picked, classed and split lanes") func parts() {
        var generator = SeededRandom(seed: 32)
        for count in [0, 1, 7, 8, 9, 64, 1_001] {
            let values = lanes(count, &generator)
            let flags = values.map { _ in Int64.random(in: 0...1, using: &generator) }
            let picked = zip(values, flags).filter { $0.1 == 1 }.map(\.0)
            #expect(LaneKernels.picked(values, flags) == picked)
            // Also with one common value twice, as where there are fewer than three.
            let common = Array((values + [0, 1, 2]).prefix(2)) + [(values + [0, 1]).prefix(2).last!]
            let classes = values.map { Int64(common.firstIndex(of: $0) ?? 3) }
            let others = values.filter { !common.contains($0) }
            for level in levels {
                var found = [Int64](repeating: -1, count: count + 8)
                #expect(unsafe ck_pick_lanes(level, values, flags, count, &found) == picked.count)
                #expect(Array(found.prefix(picked.count)) == picked, "level \(level)")
                var numbers = [Int64](repeating: -1, count: count)
                let otherCount = unsafe ck_classify(level, values, count, common, &numbers, &found)
                #expect(numbers == classes && Array(found.prefix(otherCount)) == others, "level \(level)")
            }
            for factor: Int64 in [2, 10, 100, 1_000, 7, 10_000, 86_400, 1 << 40] {
                let base = Int64.random(in: -99...99, using: &generator)
                let (quotients, rests) = LaneKernels.split(values, base: base, factor: factor)
                for row in 0..<count {
                    let value = Int128(values[row] &- base)
                    // Near the lower end of 64 bits the division wraps: the parts still make the value.
                    if value > Int128(Int64.min) + Int128(factor) {
                        let rest = (value % Int128(factor) + Int128(factor)) % Int128(factor)
                        #expect(Int128(rests[row]) == rest && Int128(quotients[row]) == (value - rest) / Int128(factor))
                    }
                    #expect(base &+ factor &* quotients[row] &+ rests[row] == values[row])
                }
            }
        }
    }

    @Test("signs and sums of runs") func runs() {
        var generator = SeededRandom(seed: 33)
        for _ in 0..<50 {
            var starts: [Int32] = [0]
            for _ in 0..<Int.random(in: 1...60, using: &generator) {
                starts.append(starts[starts.count - 1] + Int32.random(in: 1...9, using: &generator))
            }
            let count = Int(starts[starts.count - 1])
            let range: ClosedRange<Int64> = [-1...1, 0...1, 1...9, -9 ... -1, Int64.min...Int64.max].randomElement(using: &generator)!
            let values = (0..<count).map { _ in Int64.random(in: range, using: &generator) }
            let mask = (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }
            let found = LaneKernels.summary(ofRuns: starts, values, mask: mask, withSums: true)
            let unmasked = LaneKernels.summary(ofRuns: starts, values, mask: nil, withSums: false)
            #expect(unmasked.signs == found.signs && unmasked.sums.isEmpty && unmasked.present.isEmpty)
            for run in 0..<(starts.count - 1) {
                let rows = Int(starts[run])..<Int(starts[run + 1])
                let sign = values[rows].allSatisfy { $0 > 0 } ? 0 : values[rows].allSatisfy { $0 < 0 } ? 1 : 2
                #expect(Int(found.signs[run]) == sign)
                #expect(found.sums[run] == values[rows].reduce(0, &+))
                #expect(found.present[run] == (mask[rows].contains(1) ? 1 : 0))
            }
        }
    }

    @Test("the commonest values of a sample, the smaller first of equally common ones") func commonest() {
        var generator = SeededRandom(seed: 34)
        for _ in 0..<200 {
            let count = Int.random(in: 0...200, using: &generator)
            let sample = (0..<count).map { _ in Int64.random(in: 0...Int64([1, 3, 9, 90].randomElement(using: &generator)!), using: &generator) }
            let counted = Dictionary(grouping: sample) { $0 }.mapValues(\.count)
                .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.prefix(3)
            let (values, share) = FrequentEncoding.commonValues(sample)
            for place in 0..<3 { #expect(values[place] == (counted.isEmpty ? 0 : counted[min(place, counted.count - 1)].key)) }
            #expect(share == Double(counted.reduce(0) { $0 + $1.value }) / Double(max(1, count)))
        }
    }

    @Test("signs of runs, and changes from lane to lane, by every variant") func runsAndChanges() {
        var generator = SeededRandom(seed: 33)
        for round in 0..<300 {
            var starts: [Int32] = [0]
            for _ in 0..<Int.random(in: 1...80, using: &generator) {
                let isLong = Int.random(in: 0..<9, using: &generator) == 0
                starts.append(starts.last! + Int32.random(in: isLong ? 50...200 : 0...7, using: &generator))
            }
            // Mostly of one sign, so that whole runs are.
            let values = lanes(Int(starts.last!), &generator).map { value in
                round % 3 == 0 ? value : round % 3 == 1 ? Int64(value.magnitude & 0xFFFF) : -1 - Int64(value.magnitude & 0xF)
            }
            let runs = zip(starts, starts.dropFirst()).map { values[Int($0)..<Int($1)] }
            let signs: [UInt8] = runs.map { run in run.allSatisfy { $0 > 0 } ? 0 : run.allSatisfy { $0 < 0 } ? 1 : 2 }
            let sums = runs.map { $0.reduce(0, &+) }
            let differences = zip(values, values.dropFirst()).map { $1 &- $0 }
            for level in levels {
                var room = [Int64](repeating: -1, count: values.count + 1)
                var found = [UInt8](repeating: 9, count: runs.count)
                var foundSums = [Int64](repeating: -1, count: runs.count)
                var present: [UInt8] = []
                unsafe ck_run_signs(level, values, nil, starts, runs.count, &room, &found, &foundSums, &present)
                #expect(found == signs && foundSums == sums, "round \(round), level \(level)")
                var (low, high) = (Int64(0), Int64(0))
                let changed = unsafe ck_changes(level, values, values.count, &low, &high)
                #expect(changed == differences.count { $0 != 0 }, "round \(round), level \(level)")
                #expect(low == differences.min() ?? .max && high == differences.max() ?? .min, "round \(round), level \(level)")
            }
        }
    }

    @Test("flags of runs, exact quotients and exceptions, by every variant") func flagsQuotientsExceptions() {
        var generator = SeededRandom(seed: 34)
        for round in 0..<200 {
            let count = [0, 1, 7, 8, 9, 16, 63, 200].randomElement(using: &generator)!
            let few = (0..<count).map { _ in Int64.random(in: 0...1, using: &generator) }
            let values = round % 2 == 0 ? few : lanes(count, &generator)
            let flags = values.indices.map { Int64($0 == 0 || values[$0] != values[$0 - 1] ? 1 : 0) }
            let unlike = values.indices.filter { values[$0] != 0 }
            let gaps = unlike.indices.map { Int64($0 == 0 ? unlike[0] : unlike[$0] - unlike[$0 - 1] - 1) }
            let factor = [3, 6, 7, 10, 100, 86_400_000_000, 5 << 40].randomElement(using: &generator)! as Int64
            let base = Int64.random(in: 0..<factor, using: &generator)
            var multiples = (0..<count).map { _ in
                base + factor * Int64.random(in: 0...(Int64.max / factor - 1), using: &generator)
            }
            var isExact = true
            if round % 3 == 0, count > 0 {
                // One that is none, or one below the base.
                multiples[Int.random(in: 0..<count, using: &generator)] &+= round % 2 == 0 ? 1 : 0 &- factor &* Int64.random(in: 1...9, using: &generator)
                isExact = multiples.allSatisfy { $0 >= base && ($0 - base) % factor == 0 }
            }
            for level in levels {
                var found = [Int64](repeating: -1, count: count)
                unsafe ck_run_flags(level, values, count, &found)
                #expect(found == flags, "round \(round), level \(level)")
                #expect(unsafe ck_count_unlike(level, values, count, 0) == unlike.count, "round \(round), level \(level)")
                var (foundGaps, others) = ([Int64](repeating: -1, count: unlike.count), [Int64](repeating: 0, count: unlike.count))
                unsafe ck_exceptions(level, values, count, 0, &foundGaps, &others)
                #expect(foundGaps == gaps && others == unlike.map { values[$0] }, "round \(round), level \(level)")
                let answer = unsafe ck_exact_quotients(level, multiples, count, base, factor, &found)
                #expect((answer != 0) == isExact, "round \(round), level \(level)")
                if isExact { #expect(found == multiples.map { ($0 - base) / factor }, "round \(round), level \(level)") }
            }
        }
    }
}
