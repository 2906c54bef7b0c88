import Columns
import Diagnostics
import Encodings
import Storage
import Testing

/// What segments keep of whole runs, beside the lines it must follow from.
@Suite("Measures of runs")
struct RunMeasureTests {
    private static let measured = [8, 10, 11]

    /// One segment of claims with quantities of both signs, and fund amounts that are NULL here and there, in whole runs too.
    private func table(_ fileSystem: MemoryFileSystem, rowCount: Int, seed: UInt64, nulls: Bool) throws -> TableSnapshot {
        var rows = SampleTable(rowCount: rowCount, seed: seed)
        var random = SeededRandom(seed: seed)
        for row in rows.rows.indices {
            let claim = rows.rows[row][0]
            let isReversal = row > 0 && rows.rows[row - 1][0] == claim ? nil : Int.random(in: 0..<7, using: &random)
            let quantity = Int128(Int.random(in: 1...9, using: &random) * 10_000) * (isReversal == 3 ? -1 : 1)
            let price = Int128(Int.random(in: 1...900, using: &random) * 10_000)
            rows.rows[row][8] = .numeric(unscaled: quantity, scale: 4)
            rows.rows[row][9] = .numeric(unscaled: price, scale: 6)
            let amount = quantity * price / 100_000_000
            rows.rows[row][10] = .numeric(unscaled: amount, scale: 2)
            rows.rows[row][11] =
                nulls && (Int.random(in: 0..<9, using: &random) == 0 || claim == rows.rows[0][0])
                ? .null : .numeric(unscaled: amount, scale: 2)
        }
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try transaction.createTable("claims", schema: SampleTable.schema)
        let columns = try rows.columns { column, entries in
            try transaction.textDomain(of: column, in: "claims").codes(for: entries, rowCount: rows.rows.count)
        }
        let segment = try SegmentEncoder.encode(
            schema: SampleTable.schema, columns: columns, rowCount: rowCount, groupKeyColumn: 0, timeColumn: 3,
            measureColumns: Self.measured)
        try transaction.add(segment, to: "claims", order: 0)
        return try #require(try transaction.commit(batch: nil).table("claims"))
    }

    @Test("signs and sums are those of the lines", arguments: [false, true]) func measures(nulls: Bool) throws {
        for seed in 1...6 {
            let fileSystem = MemoryFileSystem()
            let table = try table(fileSystem, rowCount: 2500, seed: UInt64(seed), nulls: nulls)
            let segment = table.segments[0]
            let starts = try #require(try segment.runMap()).starts
            var sumCount = 0
            for column in Self.measured where try !segment.isConstantInRuns(column) {
                let lines = try table.readSegment(0, columns: [column])[0].flattened()
                let signs = try #require(try segment.runSigns(column))
                let sums = try segment.runSums(column)
                if sums != nil { sumCount += 1 }
                for run in 0..<(starts.count - 1) {
                    let values = (Int(starts[run])..<Int(starts[run + 1])).map { lines.scalar(at: $0) }
                    let numbers = values.compactMap { if case .numeric(let unscaled, _) = $0 { unscaled } else { nil } }
                    let sign: UInt8 =
                        numbers.count == values.count && numbers.allSatisfy { $0 > 0 }
                        ? 0 : numbers.count == values.count && numbers.allSatisfy { $0 < 0 } ? 1 : 2
                    #expect(signs[run] == sign)
                    guard let sums else { continue }
                    let expected: ScalarValue =
                        numbers.isEmpty ? .null : .numeric(unscaled: numbers.reduce(0, +), scale: 2)
                    #expect(sums.scalar(at: run) == expected)
                }
            }
            #expect(sumCount > 0, "Amounts are computed from quantity and price: their sums are kept.")
            #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems.isEmpty)
        }
    }

    @Test("a flipped bit in any block of measures is found") func damage() throws {
        let fileSystem = MemoryFileSystem()
        let table = try table(fileSystem, rowCount: 2500, seed: 9, nulls: true)
        let path = "/store/" + "segments/" + table.segments[0].fileName
        let sound = try #require(fileSystem.files[path])
        let store = try Store.open("/store", fileSystem: fileSystem)
        let blocks = SegmentAnatomy(sound).blocks
        for (number, block) in blocks.enumerated() {
            var damaged = sound
            damaged[block.offset + block.size / 2] ^= 16
            fileSystem.files[path] = damaged
            #expect(try store.verify(deep: false).problems.contains { $0.block == number })
        }
        #expect(blocks.count > SampleTable.schema.fields.count - 4)
    }

    @Test("segments without measures say nothing") func absent() throws {
        let fileSystem = MemoryFileSystem()
        let snapshot = try load([SampleTable(rowCount: 300, seed: 1)], into: "/store", fileSystem: fileSystem)
        let segment = try #require(snapshot.table("claims")).segments[0]
        #expect(try segment.runSigns(8) == nil)
        #expect(try segment.runSums(10) == nil)
    }
}
