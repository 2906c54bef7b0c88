import CKernels
import Columns
import Encodings
import Testing

/// Each level of a kernel beside the plainest loop, over seeded random data and every short length.
@Suite("Spreading and picking")
struct SpreadKernelTests {
    private static let levels: [Int32] = Array(0...ck_best_level())

    private func lengths() -> [Int] { Array(0...40) + [127, 1000, 4099] }

    /// Row r as bit r mod 64 of word r / 64, and a word of zeros behind them.
    private func bits(_ flags: [UInt8]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (flags.count + 63) / 64 + 1)
        for (row, flag) in flags.enumerated() { words[row / 64] |= UInt64(flag) << UInt64(row % 64) }
        return words
    }

    @Test("classes become values at every level", arguments: levels) func classes(level: Int32) {
        var random = SeededRandom(seed: 11)
        for count in lengths() {
            for share in [0, 1, 4, 12] {
                let classes = (0..<count).map { _ -> UInt8 in
                    Int.random(in: 0..<12, using: &random) < share ? 3 : UInt8.random(in: 0...2, using: &random)
                }
                let common: [Int64] = [.min, 7, -1]
                let others = classes.filter { $0 == 3 }.map { _ in Int64.random(in: .min ... .max, using: &random) }
                var next = 0
                let expected = classes.map { number -> Int64 in
                    if number < 3 { return common[Int(number)] }
                    next += 1
                    return others[next - 1]
                }
                var values = [Int64](repeating: 99, count: count)
                let used = unsafe ck_expand_classes(level, classes, count, common, others, others.count, &values)
                #expect(used == others.count)
                #expect(values == expected)
            }
        }
    }

    @Test("flagged values are picked at every level", arguments: levels) func picking(level: Int32) {
        var random = SeededRandom(seed: 12)
        for count in lengths() {
            for share in [0, 1, 6, 12] {
                let flags = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let values = flags.map { _ in Int64.random(in: .min ... .max, using: &random) }
                let expected = zip(values, flags).filter { $1 == 1 }.map { $0.0 }
                // A lane behind the last one must stay as it is.
                var picked = [Int64](repeating: 99, count: expected.count + 1)
                let found = unsafe ck_pick(level, values, flags, count, expected.count, &picked)
                #expect(expected.isEmpty || found == expected.count)
                #expect(picked == expected + [99])
                var spread = [Int64](repeating: 99, count: count + 1)
                let present = unsafe ck_expand(level, expected, expected.count, flags, count, &spread)
                #expect(present == expected.count)
                #expect(spread == zip(values, flags).map { $1 == 1 ? $0 : 0 } + [99])
                let halves = values.map { UInt32(truncatingIfNeeded: $0) }
                var pickedHalves = [UInt32](repeating: 99, count: expected.count + 1)
                let foundHalves = unsafe ck_pick_32(level, halves, bits(flags), count, expected.count, &pickedHalves)
                #expect(foundHalves == expected.count)
                #expect(pickedHalves == expected.map { UInt32(truncatingIfNeeded: $0) } + [99])
            }
        }
    }

    @Test("flags as bits: read from packed numbers, counted, ranked and listed at every level", arguments: levels)
    func flagBits(level: Int32) {
        var random = SeededRandom(seed: 18)
        for width in 1...2 {
            let values = (0..<3072).map { _ in Int64.random(in: 0..<(1 << Int64(width)), using: &random) }
            let words = PackKernels.pack(values, base: 0, width: width)
            for number in 0..<(1 << width) {
                var found = [UInt64](repeating: 99, count: 49)
                unsafe ck_unpack_bits(level, words, 3, UInt32(width), UInt32(number), &found)
                #expect(found == Array(bits(values.map { $0 == Int64(number) ? 1 : 0 }).dropLast()) + [99])
            }
        }
        for count in lengths() {
            for share in [0, 1, 6, 12] {
                let flags = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let words = bits(flags)
                var before = [Int32](repeating: 99, count: words.count)
                unsafe ck_bit_sums(level, words, words.count - 1, &before)
                #expect(before == words.indices.map { word in Int32(flags.prefix(64 * word).count { $0 == 1 }) })
                var places: [Int32] = []
                for place in 0...Int32(count) { places += place % 3 == 0 ? [place, place] : [place] }
                var ranks = [Int32](repeating: 99, count: places.count)
                unsafe ck_bit_ranks(level, words, before, places, places.count, &ranks)
                #expect(ranks == places.map { place in Int32(flags.prefix(Int(place)).count { $0 == 1 }) })
                let expected = flags.indices.filter { flags[$0] == 1 }.map { Int32($0) }
                var rows = [Int32](repeating: 99, count: expected.count + 1)
                #expect(unsafe ck_bit_rows(words, words.count - 1, &rows) == expected.count)
                #expect(rows == expected + [99])
                // Tables that fit registers, by a hair too, and one that does not.
                for span in [1, 50, 64, 1023, 1025, 8192, 8193] {
                    let table = (0..<span).map { _ in UInt8.random(in: 0...1, using: &random) }
                    let codes = flags.map { _ in UInt32.random(in: 0..<UInt32(span), using: &random) }
                    var marks = [UInt64](repeating: 0, count: words.count)
                    unsafe ck_mark_rows(level, codes, count, table, span, &marks)
                    #expect(marks == bits(codes.map { table[Int($0)] }))
                    var found = [UInt8](repeating: 99, count: count + 1)
                    unsafe ck_look_up_flags(level, codes, count, table, span, &found)
                    #expect(found == codes.map { table[Int($0)] } + [99])
                }
                let items = expected.map { _ in UInt8.random(in: 0...255, using: &random) }
                var spread = [UInt8](repeating: 99, count: count + 1)
                #expect(unsafe ck_expand_bytes(level, items, items.count, flags, count, &spread) == items.count)
                var next = 0
                #expect(spread == flags.map { flag -> UInt8 in
                    next += Int(flag)
                    return flag == 1 ? items[next - 1] : 0
                } + [99])
            }
        }
    }

    @Test("numbers of few bits become a stream and bytes again at every level", arguments: levels) func streams(level: Int32) {
        var random = SeededRandom(seed: 22)
        for width: UInt32 in [1, 2, 4] {
            for count in lengths() {
                let base = Int64.random(in: .min ... .max, using: &random)
                let numbers = (0..<count).map { _ in UInt8.random(in: 0..<(1 << UInt8(width)), using: &random) }
                var words = [UInt64](repeating: 0, count: (count * Int(width) + 63) / 64 + 1)
                unsafe ck_pack_stream(level, numbers.map { base &+ Int64($0) }, count, base, width, &words)
                var expected = [UInt64](repeating: 0, count: words.count)
                for (row, number) in numbers.enumerated() {
                    expected[row * Int(width) / 64] |= UInt64(number) << UInt64(row * Int(width) % 64)
                }
                #expect(words == expected)
                var bytes = [UInt8](repeating: 99, count: count + 1)
                unsafe ck_unpack_stream(level, words, count, width, &bytes)
                #expect(bytes == numbers + [99])
            }
        }
    }

    @Test("bits are turned over where a stream says so at every level", arguments: levels) func flipping(level: Int32) {
        var random = SeededRandom(seed: 23)
        for count in lengths() {
            for share in [0, 1, 6, 12] {
                func flags(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...1, using: &random) } }
                let before = flags(count)
                let rows = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let differences = flags(rows.count { $0 == 1 })
                var words = bits(before)
                unsafe ck_flip_bits(level, bits(differences), bits(rows), words.count - 1, &words)
                var next = 0
                let expected = before.indices.map { row -> UInt8 in
                    guard rows[row] == 1 else { return before[row] }
                    next += 1
                    return before[row] ^ differences[next - 1]
                }
                #expect(words == bits(expected))
            }
        }
    }

    @Test("codes are unpacked, expanded and bounded in 32 bits at every level", arguments: levels) func codes(level: Int32) {
        var random = SeededRandom(seed: 20)
        for width in [1, 2, 7, 12, 16, 17, 31] {
            let values = (0..<2048).map { _ in Int64.random(in: 0..<(1 << Int64(width)), using: &random) }
            let words = PackKernels.pack(values, base: 0, width: width)
            for base: UInt32 in [0, 77, 1 << 31] {
                var codes = [UInt32](repeating: 99, count: 2049)
                unsafe ck_unpack32_codes(level, words, 2, base, UInt32(width), &codes)
                #expect(codes == values.map { base &+ UInt32($0) } + [99])
            }
        }
        for share in [0, 1, 4, 12] {
            let classes = (0..<2048).map { _ in
                Int.random(in: 0..<12, using: &random) < share ? Int64(3) : Int64.random(in: 0...2, using: &random)
            }
            let words = PackKernels.pack(classes, base: 0, width: 2)
            let common: [UInt32] = [.max, 7, 0]
            let others = classes.filter { $0 == 3 }.map { _ in UInt32.random(in: 0 ... .max, using: &random) }
            // All of the others, and too few of them: zeros stand for those that are missing.
            for given in [others.count, others.count / 2, 0] {
                var next = 0
                let expected = classes.map { number -> UInt32 in
                    if number < 3 { return common[Int(number)] }
                    next += 1
                    return next <= given ? others[next - 1] : 0
                }
                var codes = [UInt32](repeating: 99, count: 2049)
                let some = Array(others.prefix(given))
                #expect(unsafe ck_expand_code_groups(level, words, 2, common, some, given, &codes) == others.count)
                #expect(codes == expected + [99])
                codes = [UInt32](repeating: 99, count: 2049)
                #expect(unsafe ck_expand_code_classes(level, classes.map { UInt8($0) }, 2048, common, some, given, &codes) == others.count)
                #expect(codes == expected + [99])
                // Every length of the last sixteen.
                for count in 2032...2048 {
                    var stream = [UInt64](repeating: 0, count: 65)
                    unsafe ck_pack_stream(level, classes, count, 0, 2, &stream)
                    codes = [UInt32](repeating: 99, count: count + 1)
                    let found = unsafe ck_expand_code_stream(level, stream, count, common, some, given, &codes)
                    #expect(found == classes.prefix(count).count { $0 == 3 })
                    #expect(codes == expected.prefix(count) + [99])
                }
            }
        }
        for count in lengths() {
            let codes = (0..<count).map { _ in UInt32.random(in: 5 ... .max, using: &random) }
            var bounds: (low: UInt32, high: UInt32) = (9, 9)
            unsafe ck_code_bounds(level, codes, count, &bounds.low, &bounds.high)
            #expect(bounds.low == codes.min() ?? .max)
            #expect(bounds.high == codes.max() ?? 0)
            let table = (0..<50).map { _ in UInt32.random(in: 0 ... .max, using: &random) }
            let places = codes.map { $0 % 50 }
            var found = [UInt32](repeating: 99, count: count + 1)
            unsafe ck_look_up_codes(places, count, table, &found)
            #expect(found == places.map { table[Int($0)] } + [99])
        }
    }

    @Test("what a code had last is recalled, from bits") func recalling() {
        var random = SeededRandom(seed: 21)
        for count in lengths() {
            for share in [0, 1, 6, 12] {
                let flags = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let codes = flags.map { _ in UInt32.random(in: 0..<9, using: &random) }
                let news = flags.filter { $0 == 1 }.map { _ in Int64.random(in: .min ... .max, using: &random) }
                var (next, last, lastNumber) = (0, [Int64](repeating: -5, count: 9), [Int32](repeating: 0, count: 9))
                var (expected, numbers): ([Int64], [Int32]) = ([], [])
                for row in 0..<count {
                    if flags[row] == 1 {
                        last[Int(codes[row])] = news[next]
                        next += 1
                        lastNumber[Int(codes[row])] = Int32(next)
                    }
                    expected.append(last[Int(codes[row])])
                    numbers.append(lastNumber[Int(codes[row])])
                }
                var known = [Int64](repeating: -5, count: 9)
                var values = [Int64](repeating: 99, count: count + 1)
                unsafe ck_recall(bits(flags), codes, count, news, news.count, &known, &values)
                #expect(values == expected + [99])
                let places = (0..<Int32(count)).filter { $0 % 3 != 1 }
                var knownNumbers = [Int32](repeating: 0, count: 9)
                var found = [Int32](repeating: 99, count: places.count)
                unsafe ck_recalled_numbers(bits(flags), codes, places, places.count, &knownNumbers, &found)
                #expect(found == places.map { numbers[Int($0)] })
            }
        }
    }

    @Test("values of a band are taken out at every level", arguments: levels) func band(level: Int32) {
        var random = SeededRandom(seed: 16)
        for count in lengths() {
            let values = (0..<count).map { _ in
                Int.random(in: 0..<9, using: &random) == 0 ? [Int64.min, .max, 5, 9][count % 4] : Int64.random(in: 0...14, using: &random)
            }
            for (low, high): (Int64, Int64) in [(5, 9), (.min, 3), (12, .max), (.min, .max), (9, 5)] {
                var band = [Int64](repeating: 99, count: count + Int(CK_BAND_SLACK))
                var below = -1
                let found = unsafe ck_band(level, values, count, low, high, &band, &below)
                #expect(Array(band[..<found]) == values.filter { $0 >= low && $0 <= high })
                #expect(below == values.count { $0 < low })
            }
        }
    }

    @Test("byte planes become values at every level", arguments: levels) func planes(level: Int32) {
        var random = SeededRandom(seed: 41)
        for count in lengths() {
            for planeCount in 0...8 {
                let planes = (0..<(planeCount * count)).map { _ in UInt8.random(in: 0...255, using: &random) }
                for base in [Int64(0), -77, .max] {
                    var values = [Int64](repeating: 99, count: count + 1)
                    unsafe ck_join_planes(level, planes, planeCount, count, base, &values)
                    let expected = (0..<count).map { row in
                        (0..<planeCount).reduce(base) { $0 &+ Int64(bitPattern: UInt64(planes[$1 * count + row]) << UInt64(8 * $1)) }
                    }
                    #expect(values == expected + [99])
                }
            }
        }
    }

    @Test("values are added to the sums of their groups", arguments: [1, 3, 40, 256, 257, 1000, 1024, 1025, 5000])
    func groupedSums(groupCount: Int) {
        var random = SeededRandom(seed: UInt64(groupCount))
        for count in lengths() + [5001, 20_003] {
            let values = (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }
            let groups = (0..<count).map { $0 % 5 == 0 ? UInt32(groupCount - 1) : UInt32.random(in: 0..<UInt32(groupCount), using: &random) }
            let mask = (0..<count).map { _ in UInt8.random(in: 0...1, using: &random) }
            for flags in [mask, nil] {
                var sums = (0..<groupCount).map { Int64($0) }
                var counts = [Int64](repeating: 7, count: groupCount)
                var expected = (sums: sums, counts: counts)
                for row in 0..<count where flags.map({ $0[row] == 1 }) ?? true {
                    expected.sums[Int(groups[row])] &+= values[row]
                    expected.counts[Int(groups[row])] += 1
                }
                let isSound =
                    if let flags {
                        unsafe ck_add_grouped(values, flags, groups, count, groupCount, &sums, &counts)
                    } else {
                        unsafe ck_add_grouped(values, nil, groups, count, groupCount, &sums, &counts)
                    }
                #expect(isSound == 1)
                #expect(sums == expected.sums)
                #expect(counts == expected.counts)
            }
            guard count > 0 else { continue }
            for stranger in [UInt32(groupCount), UInt32.max, 1 << 31] {
                var strange = groups
                strange[count / 2] = stranger
                var (sums, counts) = ([Int64](repeating: 1, count: groupCount), [Int64](repeating: 2, count: groupCount))
                let isSound = unsafe ck_add_grouped(values, nil, strange, count, groupCount, &sums, &counts)
                #expect(isSound == 0)
                #expect(sums.allSatisfy { $0 == 1 } && counts.allSatisfy { $0 == 2 })
            }
        }
    }

    @Test("the extremes of groups are kept, ends of the range among them", arguments: [1, 3, 500])
    func extremes(groupCount: Int) {
        var random = SeededRandom(seed: UInt64(groupCount))
        for count in lengths() {
            for isMaximum in [false, true] {
                let values = (0..<count).map { $0 % 7 == 0 ? [Int64.min, .max][$0 % 2] : Int64.random(in: -50...50, using: &random) }
                let groups = values.map { _ in UInt32.random(in: 0..<UInt32(groupCount), using: &random) }
                let mask = values.map { _ in UInt8.random(in: 0...1, using: &random) }
                for flags in [mask, nil] {
                    let neutral = isMaximum ? Int64.min : .max
                    var best = (0..<groupCount).map { $0 % 2 == 0 ? neutral : 7 }
                    var present = (0..<groupCount).map { UInt8($0 % 2) }
                    var expected = (best: best, present: present)
                    for row in 0..<count where flags.map({ $0[row] == 1 }) ?? true {
                        let group = Int(groups[row])
                        expected.best[group] = isMaximum ? max(expected.best[group], values[row]) : min(expected.best[group], values[row])
                        expected.present[group] = 1
                    }
                    let isSound =
                        if let flags {
                            unsafe ck_take_extremes(values, flags, groups, count, groupCount, isMaximum ? 1 : 0, &best, &present)
                        } else {
                            unsafe ck_take_extremes(values, nil, groups, count, groupCount, isMaximum ? 1 : 0, &best, &present)
                        }
                    #expect(isSound == 1)
                    #expect(best == expected.best)
                    #expect(present == expected.present)
                    guard count > 0 else { continue }
                    var strange = groups
                    strange[count / 2] = UInt32(groupCount)
                    #expect(unsafe ck_take_extremes(values, nil, strange, count, groupCount, 0, &best, &present) == 0)
                    #expect(best == expected.best)
                }
            }
        }
    }

    @Test("keys are found at their own places") func findDirect() {
        var random = SeededRandom(seed: 31)
        for count in lengths() {
            let table = (0..<20).map { _ in UInt32.random(in: 0...3, using: &random) }
            let keys = (0..<count).map { _ in UInt64.random(in: 990...1030, using: &random) } + [0, .max]
            var found = [UInt32](repeating: 99, count: keys.count)
            unsafe ck_find_direct(keys, keys.count, 1000, table, table.count, &found)
            #expect(found == keys.map { (1000..<1020).contains($0) ? table[Int($0) - 1000] &- 1 : .max })
            let halves = keys.map { UInt32(truncatingIfNeeded: $0) }
            unsafe ck_find_direct_32(halves, halves.count, 1000, table, table.count, &found)
            #expect(found == halves.map { (1000..<1020).contains($0) ? table[Int($0) - 1000] &- 1 : .max })
        }
    }

    @Test("numbers are compared at every level", arguments: levels) func compare(level: Int32) {
        var random = SeededRandom(seed: 33)
        let operators: [(Int32, (Int64, Int64) -> Bool)] = [
            (CK_EQUAL, ==), (CK_NOT_EQUAL, !=), (CK_LESS, <), (CK_LESS_OR_EQUAL, <=), (CK_GREATER, >), (CK_GREATER_OR_EQUAL, >=),
        ]
        for count in lengths() {
            func rows() -> [Int64] {
                (0..<count).map { _ in [Int64.min, .max, Int64.random(in: -3...3, using: &random)].randomElement(using: &random)! }
            }
            let (left, right) = (rows(), rows())
            for (number, compare) in operators {
                var mask = [UInt8](repeating: 9, count: count)
                unsafe ck_compare_rows(level, number, left, right, count, &mask)
                #expect(mask == zip(left, right).map { compare($0, $1) ? 1 : 0 })
                for constant in [Int64.min, -1, 0, 2, .max] {
                    unsafe ck_compare_constant(level, number, left, constant, count, &mask)
                    #expect(mask == left.map { compare($0, constant) ? 1 : 0 })
                }
            }
        }
    }

    @Test("mask bytes become row numbers at every level", arguments: levels) func maskRows(level: Int32) {
        var random = SeededRandom(seed: 17)
        for count in lengths() {
            for share in [0, 1, 6, 12] {
                let mask = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                let expected = mask.indices.filter { mask[$0] == 1 }.map { Int32($0) }
                var rows = [Int32](repeating: 99, count: expected.count + Int(CK_MASK_ROWS_SLACK))
                #expect(unsafe ck_mask_rows(level, mask, count, &rows) == expected.count)
                #expect(Array(rows[..<expected.count]) == expected)
            }
        }
    }

    @Test("runs are spread over their rows, whatever their lengths") func runs() {
        var random = SeededRandom(seed: 19)
        for count in lengths() {
            for longest in [0, 1, 3, 8, 9, 40] {
                let runLengths = (0..<count).map { _ in Int.random(in: 0...longest, using: &random) }
                let starts = runLengths.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1)) }
                let runOfRow = runLengths.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
                let room = runOfRow.count + Int(CK_RUN_SLACK)
                var rows = [Int32](repeating: 99, count: room)
                unsafe ck_run_of_row(starts, count, &rows)
                #expect(rows.prefix(runOfRow.count).map { Int($0) } == runOfRow)
                let mask = (0..<count).map { _ in UInt8.random(in: 0...1, using: &random) }
                let masked = runOfRow.indices.filter { mask[runOfRow[$0]] == 1 }
                rows = [Int32](repeating: 99, count: masked.count + Int(CK_RUN_SLACK))
                #expect(unsafe ck_run_rows(starts, count, mask, &rows) == masked.count)
                #expect(rows.prefix(masked.count).map { Int($0) } == masked)
                let values = (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }
                #expect(spread(values, starts) == runOfRow.map { values[$0] })
                #expect(spread(values.map { UInt8(truncatingIfNeeded: $0) }, starts) == runOfRow.map { UInt8(truncatingIfNeeded: values[$0]) })
                #expect(spread(values.map { Int32(truncatingIfNeeded: $0) }, starts) == runOfRow.map { Int32(truncatingIfNeeded: values[$0]) })
                #expect(spread(values.map { Int128($0) << 40 }, starts) == runOfRow.map { Int128(values[$0]) << 40 })
            }
        }
    }

    @Test("runs keep what is selected of them at every level", arguments: levels) func runSelection(level: Int32) {
        var random = SeededRandom(seed: 23)
        for count in lengths() {
            for (longest, share) in [(0, 1), (1, 2), (3, 1), (6, 2), (9, 9), (40, 1), (40, 7)] {
                let starts = (0..<count).reduce(into: [Int32(0)]) { starts, _ in
                    starts.append(starts[starts.count - 1] + Int32.random(in: 0...Int32(longest), using: &random))
                }
                let selection = (0..<starts[count]).filter { _ in Int.random(in: 0..<share, using: &random) == 0 }
                let expected = starts.map { start in Int32(selection.count { $0 < start }) }
                var kept = [Int32](repeating: 99, count: count + 1)
                unsafe ck_run_select(level, starts, count, selection, selection.count, &kept)
                #expect(kept == expected)
            }
        }
    }

    @Test("rows find their runs, empty ones among them, at every level", arguments: levels) func runsOfRows(level: Int32) {
        var random = SeededRandom(seed: 24)
        for count in lengths() where count > 0 {
            for longest in [1, 3, 40] {
                let starts = (0..<count).reduce(into: [Int32(0)]) { starts, _ in
                    starts.append(starts[starts.count - 1] + Int32.random(in: 0...Int32(longest), using: &random))
                }
                // Close together, and far apart.
                for share in [3, 60, 2000] {
                    let rows = (0..<starts[count]).filter { _ in Int.random(in: 0..<share, using: &random) == 0 }
                    var runs = [Int32](repeating: 99, count: rows.count + 1)
                    unsafe ck_runs_of_rows(level, starts, count, rows, rows.count, &runs)
                    let expected = rows.map { row in Int32((0..<count).last { starts[$0] <= row && row < starts[$0 + 1] } ?? -1) }
                    #expect(runs == expected + [99])
                }
            }
        }
    }

    @Test("bytes before places are counted at every level", arguments: levels) func ranking(level: Int32) {
        var random = SeededRandom(seed: 15)
        for count in lengths() {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...3, using: &random) }
            for share in [1, 3, 70] {
                var places = (0...Int32(count)).filter { _ in Int.random(in: 0..<share, using: &random) == 0 }
                if let last = places.last { places.append(last) }
                let expected = places.map { place in Int32(bytes[..<Int(place)].count { $0 == 3 }) }
                var ranks = [Int32](repeating: 99, count: places.count)
                let found = unsafe ck_ranks(level, bytes, 3, places, places.count, &ranks)
                #expect(ranks == expected)
                #expect(found == Int(expected.last ?? 0))
            }
        }
    }

    @Test("values are repeated at every level", arguments: levels) func repeating(level: Int32) {
        var random = SeededRandom(seed: 13)
        for count in lengths() where count > 0 {
            for share in [0, 1, 6, 12] {
                var flags = (0..<count).map { _ -> UInt8 in Int.random(in: 0..<12, using: &random) < share ? 1 : 0 }
                flags[0] = 1
                let values = flags.filter { $0 == 1 }.map { _ in Int64.random(in: .min ... .max, using: &random) }
                var run = -1
                let expected = flags.map { flag -> Int64 in
                    run += Int(flag)
                    return values[run]
                }
                var rows = [Int64](repeating: 99, count: count)
                #expect(unsafe ck_repeat(level, values, values.count, bits(flags), count, &rows) == values.count)
                #expect(rows == expected)
            }
        }
    }

    @Test("products are rounded half away from zero at every level", arguments: levels) func products(level: Int32) {
        var random = SeededRandom(seed: 14)
        for divisor: Int64 in [1, 2, 3, 10, 100, 10_000, 100_000_000, 1_000_000_000_000_000_000] {
            for magnitude: Int64 in [3, 1000, 1 << 26, 1 << 31, .max] {
                for count in [1, 7, 8, 9, 64, 257] {
                    var left = (0..<count).map { _ in Int64.random(in: -magnitude...magnitude, using: &random) }
                    var right = (0..<count).map { _ in Int64.random(in: -magnitude...magnitude, using: &random) }
                    // Exact halves, and the ends of the range.
                    if count > 8 {
                        (left[3], right[3], left[4], right[4]) = (divisor / 2, 1, -(divisor / 2), 1)
                        (left[5], right[5], left[6], right[6]) = (.min, 1, .min, -1)
                        (left[7], right[7]) = (divisor, 3)
                    }
                    let expected = zip(left, right).map { left, right -> Int64 in
                        let product = Int128(left &* right)
                        let twice = 2 * product.magnitude + UInt128(divisor)
                        let quotient = Int128(twice / (2 * UInt128(divisor)))
                        return Int64(truncatingIfNeeded: product < 0 ? -quotient : quotient)
                    }
                    var values = [Int64](repeating: 99, count: count)
                    unsafe ck_products(level, left, right, count, divisor, &values)
                    #expect(values == expected)
                }
            }
        }
    }
}
