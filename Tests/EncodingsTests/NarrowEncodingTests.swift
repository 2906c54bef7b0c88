import Encodings
import Testing

/// Streams of few bits, flags told by codes, and runs apart from rows.
@Suite("Streams, marks and runs")
struct NarrowEncodingTests {
    /// Each byte of the node changed, and the node cut at each length: it throws or gives as many values, and never traps.
    private func expectSound<Encoding: IntegerEncoding>(
        _ encoding: Encoding.Type, _ input: EncodingInput, _ references: FixedReferences = FixedReferences()
    ) throws {
        var random = SeededRandom(seed: 31)
        var writer = ByteWriter()
        let candidate = try #require(encoding.candidate(for: input))
        candidate.write(&writer)
        func read(_ bytes: [UInt8]) -> Bool {
            var reader = BlockReader(bytes: bytes)
            let values = try? encoding.decode(
                &reader, count: input.values.count, context: DecodingContext(references: references))
            return values == nil || values?.count == input.values.count
        }
        let step = max(1, writer.bytes.count / 400)
        for place in stride(from: 0, to: writer.bytes.count, by: step) {
            var damaged = writer.bytes
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            #expect(read(damaged))
            #expect(read(Array(writer.bytes.prefix(place))))
        }
    }

    @Test("numbers of one to four bits, even and uneven", arguments: [1024, 1025, 1055, 4096, 5000])
    func streams(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        for width in 1...4 {
            for base: Int64 in [0, -7, .min, .max - 15] {
                let largest = Int64(1) << Int64(width) - 1
                for share in [1, 12] {
                    var values = (0..<count).map { _ in
                        Int.random(in: 0..<12, using: &random) < share ? base + Int64.random(in: 0...largest, using: &random) : base
                    }
                    (values[3], values[4]) = (base, base + largest)
                    let input = EncodingInput(values: values)
                    #expect(try roundTrip(input).contains("bitstream"))
                }
            }
        }
        let flags = (0..<count).map { Int64($0 % 8 == 0 ? 1 : 0) }
        try expectSound(BitstreamEncoding.self, EncodingInput(values: flags))
        // What cannot be packed lies there as it is.
        let even = (0..<count).map { _ in Int64.random(in: 0...1, using: &random) }
        try expectSound(BitstreamEncoding.self, EncodingInput(values: even))
    }

    @Test("a stream is chosen where its numbers are uneven, and only there") func unevenStreams() throws {
        var random = SeededRandom(seed: 77)
        let uneven = (0..<60_000).map { _ in Int.random(in: 0..<10, using: &random) < 7 ? 1 : Int64.random(in: 0...3, using: &random) }
        let even = (0..<60_000).map { _ in Int64.random(in: 0...3, using: &random) }
        for (values, name) in [(uneven, "bitstream"), (even, "packed")] {
            var writer = ByteWriter()
            EncodingChooser.encode(EncodingInput(values: values), into: &writer)
            #expect(writer.trace.text == name)
        }
    }

    /// Codes of which a third have always the one flag, a third always the other, and a third both.
    private func marks(count: Int, span: Int64, seed: UInt64) -> (flags: [Int64], input: EncodingInput, source: FixedReferences) {
        var random = SeededRandom(seed: seed)
        let codes = (0..<count).map { _ in Int64.random(in: 0..<span, using: &random) + 900 }
        let flags = codes.map { code -> Int64 in
            code % 3 < 2 ? code % 3 : Int.random(in: 0..<10, using: &random) < (code % 2 == 0 ? 2 : 9) ? 1 : 0
        }
        let reference = EncodingInput.Reference(column: 5, values: codes, kind: .code)
        return (flags, EncodingInput(values: flags, kind: .code, references: [reference]), FixedReferences(columns: [5: codes]))
    }

    @Test("flags that a code tells, or nearly", arguments: [1024, 1500, 6001])
    func marks(count: Int) throws {
        for span: Int64 in [3, 50, 200] {
            let (flags, input, source) = marks(count: count, span: span, seed: UInt64(count))
            #expect(try roundTrip(input, references: source).contains("marked"))
            try expectSound(MarkedEncoding.self, input, source)
            var writer = ByteWriter()
            writer.append(MarkedEncoding.identifier)
            try #require(MarkedEncoding.candidate(for: input)).write(&writer)
            let context = DecodingContext(references: source)
            var reader = BlockReader(bytes: writer.bytes)
            let bits = try FlagBits.decode(&reader, count: count, context: context)
            #expect(reader.remaining == 0)
            #expect(bits.bytes.map { Int64($0) } == flags)
            #expect(bits.sum == flags.reduce(0) { $0 + Int($1) })
            reader = BlockReader(bytes: writer.bytes)
            #expect(try FlagKernels.decode(&reader, count: count, context: context).map { Int64($0) } == flags)
        }
        // All rows told by their codes.
        let codes = (0..<Int64(count)).map { $0 % 7 }
        let reference = EncodingInput.Reference(column: 5, values: codes, kind: .code)
        let input = EncodingInput(values: codes.map { $0 == 3 ? 1 : 0 }, kind: .code, references: [reference])
        #expect(try roundTrip(input, references: FixedReferences(columns: [5: codes])).contains("marked"))
    }

    @Test("marks and streams lead no further than their rows where other columns say something else") func otherReferences() throws {
        let (_, input, _) = marks(count: 3000, span: 50, seed: 8)
        var writer = ByteWriter()
        try #require(MarkedEncoding.candidate(for: input)).write(&writer)
        for codes in [[], [Int64](repeating: 4, count: 3000), (0..<3000).map { Int64($0) }, (0..<2999).map { Int64($0 % 50) }] {
            var reader = BlockReader(bytes: writer.bytes)
            let source = FixedReferences(columns: [5: codes])
            let values = try? MarkedEncoding.decode(&reader, count: 3000, context: DecodingContext(references: source))
            #expect(values == nil || values?.count == 3000)
        }
    }

    /// Runs of which most have one time for all their rows, ten minutes before another column's; the others a time a row.
    private func times(runCount: Int, seed: UInt64) -> (input: EncodingInput, source: FixedReferences) {
        var random = SeededRandom(seed: seed)
        var values: [Int64] = []
        var settled: [Int64] = []
        var rows: [Int64] = []
        for run in 0..<Int64(runCount) {
            let end = (1_700_000_000 + run * 37) * 1_000_000
            let isSingle = Int.random(in: 0..<5, using: &random) > 0
            for row in 0..<Int64.random(in: 1...(isSingle ? 9 : 40), using: &random) {
                rows.append(row)
                settled.append(end)
                values.append(isSingle ? end - 600_000_000 : end - Int64.random(in: 0...900_000, using: &random) * 1_000_000)
            }
        }
        let reference = EncodingInput.Reference(column: 2, values: settled, kind: .time)
        let input = EncodingInput(values: values, kind: .time, references: [reference], rowsInRun: rows)
        return (input, FixedReferences(columns: [2: settled], rows: rows))
    }

    @Test("runs with one value stand apart from those with a value for each row", arguments: [200, 333, 1000])
    func runs(count: Int) throws {
        let (input, source) = times(runCount: count, seed: UInt64(count))
        #expect(try roundTrip(input, references: source).contains("runsplit"))
        try expectSound(RunSplitEncoding.self, input, source)
        var writer = ByteWriter()
        EncodingChooser.encode(input, into: &writer)
        #expect(writer.trace.text.hasPrefix("runsplit("))
        // Followed as a plan, the same bytes.
        let (again, _) = times(runCount: count, seed: UInt64(count))
        let planned = EncodingInput(
            values: again.values, kind: .time, references: again.references, plan: writer.plans[0], rowsInRun: again.rowsInRun)
        var second = ByteWriter()
        #expect(EncodingChooser.follow(planned, into: &second))
        #expect(second.bytes == writer.bytes)
    }

    @Test("runs of a number below none and of wrong lengths are refused") func wrongRuns() throws {
        let (input, source) = times(runCount: 300, seed: 4)
        var writer = ByteWriter()
        try #require(RunSplitEncoding.candidate(for: input)).write(&writer)
        for rows in [[], [Int64](repeating: 0, count: input.values.count), Array(source.rows!.dropLast()), source.rows!.reversed()] {
            var reader = BlockReader(bytes: writer.bytes)
            let wrong = FixedReferences(columns: source.columns, rows: rows)
            let values = try? RunSplitEncoding.decode(
                &reader, count: input.values.count, context: DecodingContext(references: wrong))
            #expect(values == nil || values?.count == input.values.count)
        }
    }
}
