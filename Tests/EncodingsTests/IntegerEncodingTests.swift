import CKernels
import Encodings
import Testing

/// References held in arrays.
struct FixedReferences: ReferenceSource {
    var columns: [Int: [Int64]] = [:]
    var rows: [Int64]?

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        guard let values = columns[column] else { throw EncodingError("no column \(column)") }
        return values
    }

    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
        guard let rows else { throw EncodingError("no runs") }
        return rows.map { $0 &+ first }
    }
}

/// References as a block without some rows sees them.
private struct PresentReferences: ReferenceSource {
    let base: FixedReferences
    let mask: [UInt8]

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        let all = try base.values(ofColumn: column)
        return all.indices.filter { mask[$0] == 1 }.map { all[$0] }
    }

    func allValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? { try base.values(ofColumn: column) }
    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] { throw EncodingError("no runs") }
}

/// References of which some rows were asked for.
private struct AskedReferences: ReferenceSource {
    let base: FixedReferences
    let rows: [Int32]

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] { try base.values(ofColumn: column) }
    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] { try base.rowsInRun(from: first) }

    func askedValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? {
        let values = try base.values(ofColumn: column)
        return rows.map { values[Int($0)] }
    }
}

/// Reads a node at no row, one, some far apart, many and all.
private func expectChosenRows(_ bytes: [UInt8], _ values: [Int64], _ references: FixedReferences, _ name: String,
    _ decode: (inout BlockReader, ChosenRows, DecodingContext) throws -> [Int64]
) throws {
    let count = values.count
    var random = SeededRandom(seed: UInt64(count) &+ 77)
    var choices: [[Int32]] = [[]]
    if count > 0 { choices += [[0], [Int32(count - 1)]] }
    for share in [40, 9, 2, 1] {
        choices.append((0..<Int32(count)).filter { _ in Int.random(in: 0..<share, using: &random) == 0 })
    }
    // All rows of some codes, and not quite all.
    for column in references.columns.keys.sorted() {
        guard let codes = references.columns[column], codes.count == count else { continue }
        let some = (0..<Int32(count)).filter { codes[Int($0)] & 15 == 5 }
        choices += [some, Array(some.dropFirst()), some.filter { $0 % 3 != 1 }]
    }
    for rows in choices {
        let expected = rows.map { values[Int($0)] }
        for source in [references, AskedReferences(base: references, rows: rows)] as [any ReferenceSource] {
            var reader = BlockReader(bytes: bytes)
            let found = try decode(&reader, ChosenRows(rows), DecodingContext(references: source))
            #expect(found == expected, "\(name) at \(rows.count) of \(count) rows")
            #expect(reader.remaining == 0, "\(name)")
        }
    }
}

/// A node of the encoding of this name.
private func nodeBytes(_ input: EncodingInput, _ name: String) throws -> [UInt8] {
    var writer = ByteWriter()
    for encoding in EncodingCatalog.all where encoding.name == name {
        guard let candidate = encoding.candidate(for: input) else { continue }
        writer.append(encoding.identifier)
        candidate.write(&writer)
    }
    try #require(!writer.bytes.isEmpty)
    return writer.bytes
}

/// Reads a node as codes of 32 bits: all values come back, or it has no such form and nothing is read. Returns whether it has.
@discardableResult
private func expectCodes(_ bytes: [UInt8], _ values: [Int64], _ references: FixedReferences) throws -> Bool {
    var reader = BlockReader(bytes: bytes)
    let codes = try EncodingChooser.decodeCodes(&reader, count: values.count, context: DecodingContext(references: references))
    guard let codes else {
        #expect(reader.position == 0)
        return false
    }
    #expect(reader.remaining == 0)
    #expect(codes.lanes == values)
    let last = Int(values.max() ?? 0)
    #expect(codes.areBelow(last + 1))
    #expect(values.isEmpty || !codes.areBelow(last))
    let some = (0..<Int32(values.count)).filter { $0 % 7 == 3 }
    #expect(codes.gathered(some).lanes == some.map { values[Int($0)] })
    return true
}

/// Writes `input` with every encoding that applies and with the chooser's choice, and reads it back; returns the names.
@discardableResult
func roundTrip(_ input: EncodingInput, references: FixedReferences = FixedReferences()) throws -> [String] {
    var names: [String] = []
    for encoding in EncodingCatalog.all {
        guard let candidate = encoding.candidate(for: input) else { continue }
        names.append(encoding.name)
        var writer = ByteWriter()
        candidate.write(&writer)
        var reader = BlockReader(bytes: writer.bytes)
        let decoded = try encoding.decode(
            &reader, count: input.values.count, context: DecodingContext(references: references))
        #expect(decoded == input.values, "\(encoding.name)")
        #expect(reader.remaining == 0, "\(encoding.name)")
        try expectChosenRows(writer.bytes, input.values, references, encoding.name) { reader, rows, context in
            try encoding.decode(&reader, count: input.values.count, at: rows, context: context)
        }
    }
    for bytes in try names.map({ try nodeBytes(input, $0) }) { try expectCodes(bytes, input.values, references) }
    var first = ByteWriter()
    EncodingChooser.encode(input, into: &first)
    var second = ByteWriter()
    EncodingChooser.encode(input, into: &second)
    #expect(first.bytes == second.bytes)
    var reader = BlockReader(bytes: first.bytes)
    let decoded = try EncodingChooser.decode(
        &reader, count: input.values.count, context: DecodingContext(references: references))
    #expect(decoded == input.values)
    try expectChosenRows(first.bytes, input.values, references, "the chooser") { reader, rows, context in
        try EncodingChooser.decode(&reader, count: input.values.count, at: rows, context: context)
    }
    return names
}

@Suite("Integer encodings")
struct IntegerEncodingTests {
    static let edgeCounts = [0, 1, 2, 63, 64, 65, 1023, 1024, 1025, 2049]

    @Test("give back every shape of column at every edge count", arguments: edgeCounts)
    func shapes(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        let shapes: [[Int64]] = [
            (0..<count).map { _ in 7 },
            (0..<count).map { Int64($0) },
            (0..<count).map { Int64($0) * -3 + Int64.random(in: 0...2, using: &random) },
            (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) },
            (0..<count).map { _ in Bool.random(using: &random) ? Int64.min : Int64.max },
            (0..<count).map { _ in Int64.random(in: -100...100, using: &random) * 10_000 },
            (0..<count).map { Int64($0 / 17) * 1_000_000_007 },
            (0..<count).map { Int64($0 * 2 / 5 % 300) * 2_500 - 70_000 },
            (0..<count).map { Int64($0 / 2 % 9) * 86_400_000_000 },
            (0..<count).map { $0 % 97 == 5 ? Int64.random(in: 0...1_000_000, using: &random) : 3 },
            (0..<count).map { _ in [0, 1 << 40, -5, 1 << 62][Int.random(in: 0..<4, using: &random)] },
            (0..<count).map { _ in Int64(bitPattern: 2 << 60 | UInt64.random(in: 0..<(1 << 59), using: &random)) },
            (0..<count).map { _ in Int64.random(in: 0...Int64(1 << 17), using: &random) & ~0xFF00 },
        ]
        for shape in shapes { try roundTrip(EncodingInput(values: shape)) }
    }

    @Test("numbers near the smallest and the largest there are come back, whatever their spread", arguments: 0...62)
    func edges(spread: Int) throws {
        var random = SeededRandom(seed: UInt64(spread))
        let distances = (0..<400).map { _ in Int64.random(in: 0...(1 << Int64(spread)) - 1, using: &random) }
        for kind in [ValueKind.other, .second] {
            for base in [Int64.max, Int64.min, 0] {
                let values = distances.map { base < 0 ? base &+ $0 : base &- $0 }
                try roundTrip(EncodingInput(values: values, kind: kind))
            }
            // Most near one end, some far away.
            let mixed = distances.enumerated().map { $0 % 9 == 0 ? $1 : Int64.max - $1 % 128 }
            try roundTrip(EncodingInput(values: mixed, kind: kind))
        }
    }

    @Test("bit packing holds every width", arguments: 0...64)
    func widths(width: Int) throws {
        var random = SeededRandom(seed: UInt64(width))
        let mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
        for count in [1, 64, 1024, 1500, 3072] {
            let values = (0..<count).map { _ in Int64(bitPattern: random.next() & mask) &- 12 }
            let words = PackKernels.pack(values, base: -12, width: width)
            var back = [Int64](repeating: 0, count: count)
            unpack(words, base: -12, factor: 1, width: width, into: &back)
            #expect(back == values)
            unpack(words, base: 5, factor: 10_000, width: width, into: &back)
            #expect(back == values.map { ($0 &+ 12) &* 10_000 &+ 5 })
        }
    }

    @Test("a few very common values stand apart, in any order and with one, two or three of them", arguments: 1...4)
    func frequent(kinds: Int) throws {
        var random = SeededRandom(seed: UInt64(kinds))
        let common: [Int64] = [900, -3, 1 << 40, 77]
        let values = (0..<3000).map { _ in
            Int.random(in: 0..<10, using: &random) < 7
                ? common[Int.random(in: 0..<kinds, using: &random)] : Int64.random(in: -40_000...40_000, using: &random)
        }
        #expect(try roundTrip(EncodingInput(values: values)).contains("frequent"))
        let most = FrequentEncoding.commonValues([5, 5, 1, 1, 9, 9, 9, 2])
        #expect(most.values[0] == 9 && most.values[1] == 1 && most.values[2] == 5 && most.share == 7.0 / 8)
    }

    @Test("rates of an amount are read where they lie among rows that are absent", arguments: [280, 1000, 4097])
    func spreadRatio(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        let amounts = (0..<count).map { _ in Int64.random(in: -90_000...900_000, using: &random) }
        let rates: [Int64] = [500, 700, 0, 1000]
        let values = amounts.enumerated().map { row, amount -> Int64 in
            let product = amount * rates[row / 5 % 4]
            return product < 0 ? -((-product + 500) / 1000) : (product + 500) / 1000
        }
        for absent in [[], [0], [count - 1], [0, 1, count / 2, count / 2 + 2, count - 2, count - 1], stride(from: 3, to: count, by: 20).map { $0 }] {
            var mask = [UInt8](repeating: 1, count: count)
            for row in absent { mask[row] = 0 }
            let references = PresentReferences(base: FixedReferences(columns: [2: amounts]), mask: mask)
            let present = values.indices.filter { mask[$0] == 1 }.map { values[$0] }
            // A value beside its prediction leaves something to add, and then the node has no such form.
            for strange in [0, 1] as [Int64] {
                var stored = present
                stored[7] += strange
                let input = EncodingInput(
                    values: stored, kind: .number(scale: 2),
                    references: [.init(column: 2, values: try references.values(ofColumn: 2), kind: .number(scale: 2))])
                let bytes = try nodeBytes(input, "ratio")
                let context = DecodingContext(references: references)
                var reader = BlockReader(bytes: bytes)
                let rows = try EncodingChooser.decodeSpread(
                    &reader, rowCount: count, without: absent.map { Int32($0) }, context: context)
                if let rows {
                    #expect(reader.remaining == 0)
                    var next = 0
                    let expected = mask.map { flag -> Int64 in
                        next += Int(flag)
                        return flag == 1 ? stored[next - 1] : 0
                    }
                    #expect(rows == expected)
                } else {
                    #expect(strange == 1)
                    #expect(reader.position == 0)
                }
                reader = BlockReader(bytes: bytes)
                #expect(try EncodingChooser.decode(&reader, count: stored.count, context: context) == stored)
            }
        }
    }

    @Test("codes are read in 32 bits, where all of them are codes", arguments: edgeCounts + [5000])
    func narrowCodes(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count) + 5)
        let items = (0..<count).map { _ in
            Int.random(in: 0..<10, using: &random) < 5 ? [900, 7, 3000][Int.random(in: 0..<3, using: &random)] : Int64.random(in: 40...6000, using: &random)
        }
        let categories = items.map { $0 % 7 + 2 }
        let references = FixedReferences(columns: [4: items])
        let reference = EncodingInput.Reference(column: 4, values: items, kind: .code)
        let names = try roundTrip(EncodingInput(values: items, kind: .code))
        #expect(try expectCodes(try nodeBytes(EncodingInput(values: items), "packed"), items, references))
        if names.contains("frequent") {
            #expect(try expectCodes(try nodeBytes(EncodingInput(values: items), "frequent"), items, references))
        }
        let input = EncodingInput(values: categories, kind: .code, references: [reference])
        if try roundTrip(input, references: references).contains("mapped") {
            #expect(try expectCodes(try nodeBytes(input, "mapped"), categories, references))
        }
        try roundTrip(EncodingInput(values: items.map { $0 + 12 }, kind: .code, references: [reference]), references: references)
        // The last code there may be, one behind it, and one below all.
        if count == 0 { return }
        let most = items.map { $0 + Int64(Int32.max) - (items.max() ?? 0) }
        try expectCodes(try nodeBytes(EncodingInput(values: most), "packed"), most, references)
        for strange in [most.map { $0 + 1 }, items.map { -1 - $0 }] { try roundTrip(EncodingInput(values: strange)) }
        #expect(try !expectCodes(try nodeBytes(EncodingInput(values: most.map { $0 + 1 }), "packed"), most, references))
        #expect(try !expectCodes(try nodeBytes(EncodingInput(values: items.map { -1 - $0 }), "packed"), items, references))
    }

    @Test("packing whole groups gives the same words by every variant", arguments: [1, 2, 7, 8, 13, 16, 17, 31, 32])
    func packVariants(width: Int) {
        var random = SeededRandom(seed: UInt64(width))
        let values = (0..<2048).map { _ in Int64.random(in: 0..<(1 << Int64(width)), using: &random) - 40 }
        let variants = (CK_LEVEL_PORTABLE...ck_best_level()).map { level in
            var words = [UInt64](repeating: 0, count: 2 * 16 * width)
            unsafe ck_pack32_at_level(level, values, 2, -40, UInt32(width), &words)
            return words
        }
        for words in variants { #expect(words == variants[0]) }
        for level in CK_LEVEL_PORTABLE...ck_best_level() {
            for (base, factor) in [(Int64(-40), UInt32(1)), (.max - 3, 7), (0, .max)] {
                var unpacked = [Int64](repeating: 0, count: 2048)
                unsafe ck_unpack32(level, variants[0], 2, base, factor, UInt32(width), &unpacked)
                #expect(unpacked == values.map { base &+ ($0 + 40) &* Int64(factor) })
            }
            var bytes = [UInt8](repeating: 0, count: 2048)
            unsafe ck_unpack32_bytes(level, variants[0], 2, UInt32(width), &bytes)
            #expect(bytes == values.map { UInt8(truncatingIfNeeded: $0 + 40) })
        }
        // Number i of a group is row i / 32 of lane i mod 32.
        for index in [0, 31, 32, 1023, 1024, 2047] {
            let (group, row, lane) = (index / 1024, index % 1024 / 32, index % 32)
            var number: UInt64 = 0
            for bit in 0..<width {
                let place = row * width + bit
                let word = (place / 32 * 32 + lane) + group * 32 * width
                let half = variants[0][word / 2] >> UInt64(word % 2 * 32) & 0xFFFF_FFFF
                number |= (half >> UInt64(place % 32) & 1) << UInt64(bit)
            }
            #expect(Int64(number) - 40 == values[index])
        }
    }

    @Test("numbers in two parts come back: times of day, decimals, outliers, the ends of the range") func split() throws {
        var random = SeededRandom(seed: 8)
        func names(_ values: [Int64], _ kind: ValueKind = .number(scale: 0)) throws -> [String] {
            try roundTrip(EncodingInput(values: values, kind: kind))
        }
        let times = (0..<3000).map { _ in
            Int64.random(in: -400...20_000, using: &random) * 86_400 + Int64.random(in: 0..<24, using: &random) * 3600
        }
        #expect(try names(times, .second).contains("split"))
        let money = (0..<3000).map { row in
            Int64.random(in: -900...900, using: &random) * 100 + (row % 20 == 0 ? Int64.random(in: 0..<100, using: &random) : 0)
        }
        #expect(try names(money).contains("split"))
        for base in [Int64(0), .min, .max - 255, -1000] {
            let mostlyNear = (0..<3000).map { row in
                base &+ Int64.random(in: 0...255, using: &random) &+ (row % 50 == 7 && base != .max - 255 ? 1 << 40 : 0)
            }
            let used = try names(mostlyNear)
            if base != .max - 255 { #expect(used.contains("split"), "\(base)") }
        }
        let belowTheEnd = (0..<3000).map { row in
            Int64.max - Int64.random(in: 0...255, using: &random) - (row % 50 == 7 ? 1 << 40 : 0)
        }
        _ = try names(belowTheEnd)
    }

    private func unpack(_ words: [UInt64], base: Int64, factor: UInt32, width: Int, into values: inout [Int64]) {
        var rows = values.mutableSpan
        PackKernels.unpack(words, from: 0, base: base, factor: factor, width: width, into: &rows)
    }

    @Test("each encoding is tried where it is made for")
    func tried() throws {
        var random = SeededRandom(seed: 1)
        let few: [Int64] = (0..<2000).map { _ in [5, 1 << 30, 1 << 50][Int.random(in: 0..<3, using: &random)] }
        #expect(try roundTrip(EncodingInput(values: few)).contains("dictionary"))
        let sparse: [Int64] = (0..<2000).map { $0 % 100 == 0 ? Int64($0) : 0 }
        #expect(try roundTrip(EncodingInput(values: sparse)).contains("sparse"))
        let runs: [Int64] = (0..<2000).map { Int64($0 / 10) * 77 }
        #expect(try roundTrip(EncodingInput(values: runs)).contains("runlength"))
        let shortRuns: [Int64] = (0..<2000).map { Int64($0 / 2 * 7919 % 1013) }
        #expect(try roundTrip(EncodingInput(values: shortRuns)).contains("repeated"))
        let rising: [Int64] = (0..<2000).map { Int64($0) * 1000 }
        #expect(try roundTrip(EncodingInput(values: rising)).contains("delta"))
        #expect(try roundTrip(EncodingInput(values: rising)).contains("scaled"))
        let skewed: [Int64] = (0..<4000).map { _ in Int64.random(in: 0...3, using: &random) * 65536 }
        #expect(try roundTrip(EncodingInput(values: skewed)).contains("byteplanes"))
    }
}

@Suite("Predicted encodings")
struct PredictedEncodingTests {
    let codes: [Int64]
    let quantities: [Int64]
    let prices: [Int64]
    let rows: [Int64]

    init() {
        var random = SeededRandom(seed: 42)
        let base = (0..<50).map { _ in Int64.random(in: 1...90_000, using: &random) }
        codes = (0..<3000).map { _ in Int64.random(in: 0..<50, using: &random) }
        quantities = (0..<3000).map { _ in Int64.random(in: -3...12, using: &random) * 5_000 }
        prices = codes.map { (base[Int($0)] + Int64.random(in: 0...7, using: &random)) * 10_000 }
        rows = (0..<3000).map { Int64($0 % 6) }
    }

    func input(_ values: [Int64], _ kind: ValueKind) -> (EncodingInput, FixedReferences) {
        let references = [
            EncodingInput.Reference(column: 0, values: codes, kind: .code),
            EncodingInput.Reference(column: 3, values: quantities, kind: .number(scale: 4)),
            EncodingInput.Reference(column: 4, values: prices, kind: .number(scale: 6)),
        ]
        let source = FixedReferences(columns: [0: codes, 3: quantities, 4: prices], rows: rows)
        return (EncodingInput(values: values, kind: kind, references: references, rowsInRun: rows), source)
    }

    @Test("an amount is the rounded product of two columns, with exceptions")
    func product() throws {
        var amounts = zip(quantities, prices).map { pair -> Int64 in
            let product = Int128(pair.0) * Int128(pair.1)
            let half: Int128 = product < 0 ? -50_000_000 : 50_000_000
            return Int64((product + half) / 100_000_000)
        }
        amounts[17] += 1
        amounts[2000] = 0
        let (encoded, source) = input(amounts, .number(scale: 2))
        #expect(try roundTrip(encoded, references: source).contains("product"))
        #expect(chosen(encoded) == 10)
    }

    @Test("a price is what its item had last, with new ones now and then") func recalled() throws {
        var random = SeededRandom(seed: 9)
        var last = [Int64](repeating: 0, count: 50)
        let values = codes.map { code in
            if last[Int(code)] == 0 || Int.random(in: 0..<10, using: &random) < 3 {
                last[Int(code)] = Int64.random(in: 1...90_000, using: &random) * 100
            }
            return last[Int(code)]
        }
        let (made, source) = input(values, .number(scale: 6))
        #expect(try roundTrip(made, references: source).contains("recalled"))
        // A value of 0 is known before the first row of its code.
        let (zeros, again) = input(codes.map { $0 % 2 == 0 ? 0 : 1_000 }, .number(scale: 6))
        try roundTrip(zeros, references: again)
    }

    @Test("a new price lies near its item's, in whole places mostly", arguments: [1, 100]) func recalledMapping(factor: Int64) throws {
        for seed in 1...6 {
            var random = SeededRandom(seed: UInt64(seed))
            var last = [Int64](repeating: 0, count: 4096)
            let widths = (0..<4096).map { _ in Int64(1) << Int64.random(in: 0...9, using: &random) }
            let values = codes.map { code in
                let item = Int(code)
                if last[item] == 0 || Int.random(in: 0..<10, using: &random) < 7 {
                    let number = code * 50_000 + Int64.random(in: 0..<widths[item], using: &random)
                    let rest = factor > 1 && Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 1..<factor, using: &random) : 0
                    last[item] = number * factor * 100 + rest * 100
                }
                return last[item]
            }
            let (made, source) = input(values, .number(scale: 6))
            var writer = ByteWriter()
            try #require(RecalledEncoding.candidate(for: made)).write(&writer)
            let trace = writer.bytes
            try roundTrip(made, references: source)
            // No byte of the node may lead beyond its tables.
            for place in stride(from: 0, to: trace.count, by: max(1, trace.count / 300)) {
                var damaged = trace
                damaged[place] ^= UInt8.random(in: 1...255, using: &random)
                var reader = BlockReader(bytes: damaged)
                let read = try? RecalledEncoding.decode(&reader, count: values.count, context: DecodingContext(references: source))
                #expect(read == nil || read?.count == values.count)
            }
        }
    }

    @Test("shares of numbers at the ends of 64 bits are no shares") func largeShares() throws {
        let rows = (0..<300).map { Int64($0) }
        for others in [rows.map { Int64.max - 1 - $0 * $0 }, rows.map { Int64.min + $0 * $0 }, rows.map { _ in Int64.min }] {
            let reference = EncodingInput.Reference(column: 4, values: others, kind: .number(scale: 0))
            var source = FixedReferences()
            source.columns[4] = others
            let values = rows.map { 1_000_000_000_000_000 + 7919 * $0 * $0 }
            try roundTrip(EncodingInput(values: values, kind: .number(scale: 0), references: [reference]), references: source)
        }
    }

    @Test("a price varies little around its item")
    func mappedPrice() throws {
        var random = SeededRandom(seed: 6)
        let varied = codes.map { $0 * 7919 % 1013 * (1 << 40) + Int64.random(in: 0..<4096, using: &random) }
        let (encoded, source) = input(varied, .other)
        #expect(try roundTrip(encoded, references: source).contains("mapped"))
        #expect(chosen(encoded) == 11)
    }

    @Test("a name is a function of a code, with exceptions")
    func mappedName() throws {
        var names = codes.map { ($0 * 7919) % 1013 }
        names[5] = 4000
        let (encoded, source) = input(names, .code)
        #expect(try roundTrip(encoded, references: source).contains("mapped"))
    }

    @Test("a column near another one is stored as the difference")
    func difference() throws {
        let (encoded, source) = input(prices.map { $0 + 600 }, .number(scale: 6))
        #expect(try roundTrip(encoded, references: source).contains("difference"))
        #expect(chosen(encoded) == 9)
    }

    @Test("a time is told by seconds from another one, before or behind it, in order and out of it", arguments: [-1, 1] as [Int64])
    func timeDifference(direction: Int64) throws {
        var random = SeededRandom(seed: 61)
        let ordered = (0..<3000).map { 1_735_000_000_000_000 + Int64($0) * 4_000_000 }
        for settled in [ordered, ordered.shuffled(using: &random)] {
            let times = settled.map { $0 + direction * Int64.random(in: 20..<500, using: &random) * 1_000_000 }
            let reference = EncodingInput.Reference(column: 4, values: settled, kind: .time)
            var source = FixedReferences()
            source.columns[4] = settled
            let encoded = EncodingInput(values: times, kind: .time, references: [reference])
            #expect(try roundTrip(encoded, references: source).contains("difference"))
            #expect(chosen(encoded) == 9)
            var block = ByteWriter()
            EncodingChooser.encode(encoded, into: &block)
            #expect(block.bytes.count < 3000 * 9 / 8 + 100, "nine bits a row")
        }
    }

    @Test("multiples below zero are scaled as those above") func negativeMultiples() throws {
        var random = SeededRandom(seed: 62)
        for base in [0, 700, -700] as [Int64] {
            let values = (0..<2000).map { _ in base + 10_000 * Int64.random(in: -40...90, using: &random) }
            let encoded = EncodingInput(values: values, kind: .number(scale: 4))
            #expect(try roundTrip(encoded, references: FixedReferences()).contains("scaled"))
            #expect(chosen(encoded) == 3)
        }
    }

    @Test("line numbers count within the run")
    func ordinal() throws {
        let (encoded, source) = input(rows.map { $0 + 1 }, .other)
        #expect(try roundTrip(encoded, references: source).contains("ordinal"))
        #expect(chosen(encoded) == 8)
    }

    @Test("the fund's part is a rate of the amount, with exceptions")
    func ratio() throws {
        var random = SeededRandom(seed: 5)
        let rates: [Int64] = [0, 500, 700, 850]
        let parts = prices.enumerated().map { row, price -> Int64 in
            row % 200 == 0 ? 77 : (price * rates[(row / 6) % 4] + 500) / 1000 + (Bool.random(using: &random) ? 0 : 0)
        }
        let (encoded, source) = input(parts, .number(scale: 6))
        #expect(try roundTrip(encoded, references: source).contains("ratio"))
    }

    /// The identifier of the encoding the chooser takes.
    func chosen(_ input: EncodingInput) -> UInt8 {
        var writer = ByteWriter()
        EncodingChooser.encode(input, into: &writer)
        return writer.bytes[0]
    }
}

@Suite("Damaged blocks")
struct DamagedBlockTests {
    @Test("every flipped byte and every truncation throws or decodes, and never traps")
    func damage() throws {
        var random = SeededRandom(seed: 9)
        let shapes: [[Int64]] = [
            (0..<200).map { Int64($0 / 9) * 1_000_003 },
            (0..<200).map { $0 % 50 == 0 ? Int64($0) : 0 },
            (0..<200).map { Int64($0 / 2 * 7919 % 1013) },
            (0..<200).map { _ in [5, 1 << 30, 1 << 50][Int.random(in: 0..<3, using: &random)] },
            (0..<1500).map { _ in Int64.random(in: 0...3, using: &random) * 65536 },
            (0..<200).map { Int64($0) * 86_400 },
        ]
        for shape in shapes {
            for encoding in EncodingCatalog.all {
                guard let candidate = encoding.candidate(for: EncodingInput(values: shape)) else { continue }
                var writer = ByteWriter()
                writer.append(encoding.identifier)
                candidate.write(&writer)
                for position in 0..<min(writer.bytes.count, 400) {
                    for flip: UInt8 in [0x01, 0x80, 0xFF] {
                        var bytes = writer.bytes
                        bytes[position] ^= flip
                        decode(bytes, count: shape.count)
                    }
                    decode(Array(writer.bytes[0..<position]), count: shape.count)
                }
            }
        }
    }

    private func decode(_ bytes: [UInt8], count: Int) {
        var reader = BlockReader(bytes: bytes)
        let context = DecodingContext(references: FixedReferences())
        do throws(EncodingError) {
            let values = try EncodingChooser.decode(&reader, count: count, context: context)
            #expect(values.count == count)
        } catch {
            #expect(!error.message.isEmpty)
        }
    }
}

@Suite("Rounded products and run bases")
struct RoundedPredictionTests {
    @Test("a product is rounded half away from zero at every shift", arguments: 0...8)
    func shifts(shift: Int) throws {
        var random = SeededRandom(seed: UInt64(shift))
        let first = (0..<700).map { _ in Int64.random(in: -99_999...99_999, using: &random) }
        let second = (0..<700).map { _ in Int64.random(in: 1...9_999_999, using: &random) }
        var divisor: Int128 = 1
        for _ in 0..<shift { divisor *= 10 }
        let products = zip(first, second).map { pair -> Int64 in
            let product = Int128(pair.0) * Int128(pair.1)
            let half = divisor / 2
            return Int64((product < 0 ? product - half : product + half) / divisor)
        }
        let references = [
            EncodingInput.Reference(column: 1, values: first, kind: .number(scale: 4)),
            EncodingInput.Reference(column: 2, values: second, kind: .number(scale: shift)),
        ]
        let input = EncodingInput(values: products, kind: .number(scale: 4), references: references)
        let names = try roundTrip(input, references: FixedReferences(columns: [1: first, 2: second]))
        #expect(names.contains("product"))
    }

    @Test("rows near the first of their run are stored as differences from it")
    func runBase() throws {
        var random = SeededRandom(seed: 3)
        var rows: [Int64] = []
        var values: [Int64] = []
        for _ in 0..<300 {
            let base = Int64.random(in: 0...(1 << 40), using: &random)
            for line in 0..<Int64.random(in: 1...9, using: &random) {
                rows.append(line)
                values.append(base + line / 3)
            }
        }
        let input = EncodingInput(values: values, kind: .other, rowsInRun: rows)
        #expect(try roundTrip(input, references: FixedReferences(rows: rows)).contains("runbase"))
    }
}

@Suite("Flags, runs and rounding")
struct KernelTests {
    @Test("flags come back from every encoding of zeros and ones", arguments: [0, 1, 31, 64, 1023, 1024, 1025, 4097])
    func flags(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        for share in [0, 1, 40, 99, 100] {
            let flags = (0..<count).map { _ in Int.random(in: 0..<100, using: &random) < share ? Int64(1) : 0 }
            var writer = ByteWriter()
            EncodingChooser.encode(EncodingInput(values: flags), into: &writer)
            var reader = BlockReader(bytes: writer.bytes)
            let context = DecodingContext(references: NoReferences())
            let bytes = try FlagKernels.decode(&reader, count: count, context: context)
            #expect(bytes.map { Int64($0) } == flags)
            #expect(FlagKernels.sum(bytes) == flags.count(where: { $0 == 1 }))
            #expect(reader.remaining == 0)
            reader = BlockReader(bytes: writer.bytes)
            let bits = try FlagBits.decode(&reader, count: count, context: context)
            #expect(reader.remaining == 0)
            #expect(bits.bytes.map { Int64($0) } == flags)
            #expect(bits.sum == FlagKernels.sum(bytes))
            #expect(bits.rows == FlagKernels.rows(bytes))
            let places = (0...Int32(count)).filter { $0 % 5 != 2 }
            #expect(bits.ranks(at: places) == FlagKernels.ranks(bytes, of: 1, at: places))
            #expect(FlagBits(bytes).bytes == bytes)
        }
    }

    @Test("runs of every length, empty ones too, spread to their rows")
    func runs() {
        var random = SeededRandom(seed: 11)
        for runCount in [0, 1, 2, 9, 300] {
            var starts: [Int32] = [0]
            for run in 0..<runCount { starts.append(starts[run] + Int32.random(in: 0...19, using: &random)) }
            let values = (0..<runCount).map { Int64($0 * 31) }
            var expected: [Int64] = []
            var ordinals: [Int64] = []
            for run in 0..<runCount {
                let length = Int(starts[run + 1] - starts[run])
                expected += [Int64](repeating: values[run], count: length)
                ordinals += (0..<length).map { Int64($0) }
            }
            #expect(RunKernels.expanded(values, starts: starts) == expected)
            #expect(RunKernels.rowsInRun(starts: starts) == ordinals)
            #expect(RunKernels.rowsInRun(starts: starts, from: -3) == ordinals.map { $0 - 3 })
        }
    }

    @Test("products near the limit of 62 bits and negative halves are rounded away from zero")
    func rounding() throws {
        let first: [Int64] = [-5, 5, -15, 15, -4, 4, -6, 6, 0, 1 << 30, -(1 << 30), (1 << 30) - 3]
        let second: [Int64] = [1, 1, 1, 1, 1, 1, 1, 1, 7, 1 << 31, 1 << 31, (1 << 31) - 1]
        let products = zip(first, second).map { pair -> Int64 in
            let product = Int128(pair.0) * Int128(pair.1)
            return Int64((product < 0 ? product - 5 : product + 5) / 10)
        }
        let references = [
            EncodingInput.Reference(column: 1, values: first, kind: .number(scale: 1)),
            EncodingInput.Reference(column: 2, values: second, kind: .number(scale: 0)),
        ]
        let input = EncodingInput(values: products, kind: .number(scale: 0), references: references)
        #expect(try roundTrip(input, references: FixedReferences(columns: [1: first, 2: second])).contains("product"))
    }
}
