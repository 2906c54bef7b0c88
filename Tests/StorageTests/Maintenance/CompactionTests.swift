import Columns
import Diagnostics
import Storage
import Testing

/// Compacts a table in one commit at time 1, all steps in their order.
@discardableResult
func compactTable(
    _ table: String, in path: String, fileSystem: any FileSystem,
    targetRowCount: Int = Compaction.defaultTargetRowCount, backwards: Bool = false
) throws -> CompactionReport {
    let transaction = try StoreTransaction.begin(path, fileSystem: fileSystem)
    let compaction = try Compaction(transaction, table: table, targetRowCount: targetRowCount)
    let segments = Array(0..<compaction.segmentCount)
    for index in backwards ? segments.reversed() : segments { try compaction.survey(index) }
    let steps = Array(0..<compaction.plan())
    for step in backwards ? steps.reversed() : steps { try compaction.write(step) }
    let report = try compaction.finish()
    if report.hasChanged { try transaction.commit(batch: nil, note: report.note, time: 1) } else { transaction.abort() }
    return report
}

@Suite("Compaction")
struct CompactionTests {
    /// Fifteen batches: thirteen whose claims follow each other in time, and two that fall into the time of earlier ones.
    private static let batches: [SampleTable] =
        (0..<13).map { SampleTable(rowCount: 90 + $0 * 7, seed: UInt64($0), firstClaim: $0 * 400) } + [
            SampleTable(rowCount: 300, seed: 90, firstClaim: 10), SampleTable(rowCount: 250, seed: 91, firstClaim: 1205),
        ]

    private func loaded() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        for (number, batch) in Self.batches.enumerated() {
            try load([batch], into: "/store", fileSystem: fileSystem, rejects: number == 3 ? "x\n" : nil)
        }
        return fileSystem
    }

    /// Rows without their order: how often each occurs.
    private func counted(_ rows: [[ScalarValue]]) -> [[ScalarValue]: Int] { rows.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    private func snapshot(_ fileSystem: MemoryFileSystem) throws -> StoreSnapshot {
        try Store.open("/store", fileSystem: fileSystem).snapshot()
    }

    @Test("no row changes, segments are fewer and lie one behind the other in time", arguments: [150, 700, 100_000])
    func rows(target: Int) throws {
        let fileSystem = try loaded()
        let before = try allRows(try #require(try snapshot(fileSystem).table("claims")))
        try compactTable("claims", in: "/store", fileSystem: fileSystem, targetRowCount: target)
        let table = try #require(try snapshot(fileSystem).table("claims"))
        let after = try allRows(table)
        #expect(counted(after) == counted(before))
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [])
        let ranges = try table.segments.map { try #require($0.timeRange) }
        for (left, right) in zip(ranges, ranges.dropFirst()) { #expect(left.upperBound < right.lowerBound || target == 150) }
        // The largest batch that is alone in its time has 174 rows, and stays.
        #expect(table.segments.allSatisfy { $0.rowCount <= max(target, 174) })
        if target == 100_000 { #expect(table.segments.count == 1) }
        #expect(fileSystem.files["/store/rejects/4.csv"] != nil)
    }

    @Test("claims stay whole: every claim lies in one segment, its lines side by side") func wholeClaims() throws {
        let fileSystem = try loaded()
        // Two batches have the ids of others, so stretches are counted, not claims.
        func stretches(_ table: TableSnapshot) throws -> Int {
            var count = 0
            for index in table.segments.indices {
                let claims = try table.readSegment(index, columns: [0])[0].flattened()
                for row in 0..<claims.count where row == 0 || claims.scalar(at: row) != claims.scalar(at: row - 1) { count += 1 }
            }
            return count
        }
        let before = try stretches(try #require(try snapshot(fileSystem).table("claims")))
        try compactTable("claims", in: "/store", fileSystem: fileSystem, targetRowCount: 150)
        #expect(try stretches(try #require(try snapshot(fileSystem).table("claims"))) <= before)
    }

    @Test("the bytes do not depend on the order in which the steps are done") func anyOrder() throws {
        let (one, two) = (try loaded(), try loaded())
        try compactTable("claims", in: "/store", fileSystem: one, targetRowCount: 300)
        try compactTable("claims", in: "/store", fileSystem: two, targetRowCount: 300, backwards: true)
        #expect(one.files == two.files)
    }

    @Test("every batch can still be dropped, from segments it shares with others", arguments: [1, 4, 14, 15])
    func dropAfterwards(batch: Int) throws {
        let fileSystem = try loaded()
        try compactTable("claims", in: "/store", fileSystem: fileSystem, targetRowCount: 700)
        let counts = try Store.open("/store", fileSystem: fileSystem).rowCountsOfBatches(try snapshot(fileSystem))
        #expect(counts == Dictionary(uniqueKeysWithValues: Self.batches.enumerated().map { ($0 + 1, $1.rows.count) }))
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        let dropped = try transaction.dropBatch(batch)
        #expect(dropped.rewrittenSegmentCount > 0)
        let left = try transaction.commit(batch: nil, note: dropped.note, time: 1)
        let expected = Self.batches.enumerated().filter { $0.offset != batch - 1 }.flatMap { $0.element.rows }
        #expect(counted(try allRows(try #require(left.table("claims")))) == counted(expected))
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [])
        // And compacted once more.
        try compactTable("claims", in: "/store", fileSystem: fileSystem, targetRowCount: 700)
        #expect(counted(try allRows(try #require(try snapshot(fileSystem).table("claims")))) == counted(expected))
    }

    @Test("dictionaries that came in pieces become one, with the same codes") func dictionaries() throws {
        let fileSystem = try loaded()
        let before = try Store.open("/store", fileSystem: fileSystem).verify(deep: false).dictionaryCount
        try compactTable("claims", in: "/store", fileSystem: fileSystem)
        let after = try Store.open("/store", fileSystem: fileSystem).verify(deep: false).dictionaryCount
        #expect(after < before)
        let more = SampleTable(rowCount: 80, seed: 77, firstClaim: 9000)
        try load([more], into: "/store", fileSystem: fileSystem)
        let expected = (Self.batches + [more]).flatMap { $0.rows }
        #expect(counted(try allRows(try #require(try snapshot(fileSystem).table("claims")))) == counted(expected))
    }

    @Test("many loads leave few dictionary files, and every code means what it did") func fewDictionaries() throws {
        let fileSystem = MemoryFileSystem()
        let batches = (0..<40).map { SampleTable(rowCount: 15, seed: UInt64($0), firstClaim: $0 * 10) }
        var snapshot: StoreSnapshot?
        for batch in batches { snapshot = try load([batch], into: "/store", fileSystem: fileSystem) }
        #expect(try allRows(try #require(snapshot?.table("claims"))) == batches.flatMap { $0.rows })
        let report = try Store.open("/store", fileSystem: fileSystem).verify(deep: true)
        // Seven columns of text; without more ado some would have forty.
        #expect(report.problems == [] && report.dictionaryCount < 7 * 14, "\(report.dictionaryCount)")
    }

    @Test("columns added later and columns without any value are merged too") func addedColumns() throws {
        let fileSystem = MemoryFileSystem()
        try load([Self.batches[0]], into: "/store", fileSystem: fileSystem)
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try transaction.addColumns(
            [
                Field(name: "extra", type: .text), Field(name: "day", type: .date), Field(name: "yes", type: .boolean),
                Field(name: "ratio", type: .double), Field(name: "huge", type: .numeric(precision: 30, scale: 1)),
            ], to: "claims")
        let rows = Self.batches[1]
        let schema = try #require(transaction.schema(of: "claims"))
        var columns = try rows.columns { column, entries in
            try transaction.textDomain(of: column, in: "claims").codes(for: entries, rowCount: rows.rows.count)
        }
        let count = rows.rows.count
        var texts = StringColumn()
        texts.append("the same")
        guard case .codes32(let codes) = try transaction.textDomain(of: 18, in: "claims").codes(for: texts, rowCount: count) else {
            Issue.record("one string is a dictionary")
            return
        }
        columns += [
            EncodableColumn(.codes32([UInt32](repeating: codes[0], count: count))),
            EncodableColumn(.int32([Int32](repeating: 20_000, count: count))),
            EncodableColumn(.boolean([UInt8](repeating: 1, count: count))),
            EncodableColumn(.double([Double](repeating: -0.0, count: count))),
            EncodableColumn(.int128([Int128](repeating: 1 << 90, count: count))),
        ]
        let segment = try SegmentEncoder.encode(
            schema: schema, columns: columns, rowCount: count, groupKeyColumn: 0, timeColumn: 3)
        try transaction.add(segment, to: "claims", order: 0)
        let before = try transaction.commit(batch: nil, time: 1)
        let expected = counted(try allRows(try #require(before.table("claims"))))
        let report = try compactTable("claims", in: "/store", fileSystem: fileSystem)
        #expect(report.segmentCountAfter == 1)
        #expect(counted(try allRows(try #require(try snapshot(fileSystem).table("claims")))) == expected)
    }

    @Test("a reader of the commit before is not disturbed, nor one that opens in the middle") func readers() throws {
        let fileSystem = try loaded()
        let before = try #require(try snapshot(fileSystem).table("claims"))
        let expected = counted(try allRows(before))
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        let compaction = try Compaction(transaction, table: "claims", targetRowCount: 300)
        for index in 0..<compaction.segmentCount { try compaction.survey(index) }
        for step in 0..<compaction.plan() {
            try compaction.write(step)
            let opened = try snapshot(fileSystem)
            #expect(opened.commitNumber == Self.batches.count)
            #expect(counted(try allRows(try #require(opened.table("claims")))) == expected)
        }
        _ = try compaction.finish()
        let second = #expect(throws: StorageError.self) { try StoreTransaction.begin("/store", fileSystem: fileSystem) }
        #expect(second?.kind == .busy)
        try transaction.commit(batch: nil, time: 1)
        #expect(counted(try allRows(before)) == expected)
        #expect(counted(try allRows(try #require(try snapshot(fileSystem).table("claims")))) == expected)
    }

    @Test("a compaction that is given up leaves nothing behind") func abandoned() throws {
        let fileSystem = try loaded()
        let sound = fileSystem.files
        do {
            let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
            let compaction = try Compaction(transaction, table: "claims", targetRowCount: 300)
            for index in 0..<compaction.segmentCount { try compaction.survey(index) }
            for step in 0..<compaction.plan() { try compaction.write(step) }
            _ = try compaction.finish()
            #expect(fileSystem.files.count > sound.count)
            transaction.abort()
        }
        #expect(fileSystem.files == sound)
    }
}
