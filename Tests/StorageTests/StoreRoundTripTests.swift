import Columns
import Storage
import Testing

@Suite("Store round trips")
struct StoreRoundTripTests {
    @Test("rows come back as they went in, over segments, batches and reopening")
    func roundTrip() throws {
        let fileSystem = MemoryFileSystem()
        let first = [SampleTable(rowCount: 3000, seed: 1), SampleTable(rowCount: 1, seed: 2, firstClaim: 5000)]
        let second = [SampleTable(rowCount: 1500, seed: 3, firstClaim: 6000)]
        try load(first, into: "/store", fileSystem: fileSystem, rejects: "file,line\n")
        try load(second, into: "/store", fileSystem: fileSystem)
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        #expect(snapshot.commitNumber == 2)
        #expect(snapshot.damage.isEmpty)
        #expect(snapshot.batches.map { $0.id } == [1, 2])
        #expect(snapshot.batches[0].details == ["amount": "12.50", "a\"\n": "\\费"])
        let table = try #require(snapshot.table("claims"))
        #expect(table.schema == SampleTable.schema)
        #expect(table.rowCount == 4501)
        let expected = (first + second).flatMap { $0.rows }
        let found = try allRows(table)
        for (row, (left, right)) in zip(found, expected).enumerated() where left != right {
            Issue.record("row \(row): \(left) instead of \(right)")
            break
        }
        #expect(found.count == expected.count)
        #expect(fileSystem.files["/store/rejects/1.csv"] == Array("file,line\n".utf8))
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [])
    }

    @Test("any row count comes back", arguments: [0, 1, 63, 64, 65, 1023, 1024, 1025])
    func edgeCounts(rowCount: Int) throws {
        let fileSystem = MemoryFileSystem()
        let rows = SampleTable(rowCount: rowCount, seed: UInt64(rowCount))
        let snapshot = try load([rows], into: "/store", fileSystem: fileSystem)
        #expect(try allRows(try #require(snapshot.table("claims"))) == rows.rows)
    }

    @Test("claims are grouped with one shared run map, constants are constants, text is coded")
    func shapes() throws {
        let fileSystem = MemoryFileSystem()
        let rows = SampleTable(rowCount: 20_000, seed: 1)
        let table = try #require(try load([rows], into: "/store", fileSystem: fileSystem).table("claims"))
        let vectors = try table.readSegment(0, columns: [0, 3, 17, 16, 6, 1])
        guard case .runs(let claims, let map) = vectors[0].values, case .runs(_, let other) = vectors[1].values else {
            Issue.record("claim columns are not grouped")
            return
        }
        #expect(map === other)
        #expect(map.rowCount == 20_000)
        guard case .identifier(_, let domain) = claims.values else {
            Issue.record("claim ids are not identifiers")
            return
        }
        #expect(domain.formats.count == 1)
        guard case .constant(.text("one source")) = vectors[2].values, case .constant(.null) = vectors[3].values else {
            Issue.record("constants are not constant")
            return
        }
        guard case .dictionary(_, let items) = vectors[4].values,
            case .dictionary(let dictionary)? = try table.textDomain(6)
        else {
            Issue.record("items are not coded")
            return
        }
        #expect(items === dictionary)
        let again = try table.readSegment(0, columns: [3])
        guard case .runs(_, let sameMap) = again[0].values else { return }
        #expect(sameMap === map)
        let statistics = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().statistics().first)
        #expect(statistics.columns[10].encodings == ["product(constant)"])
        #expect(statistics.columns[1].encodings == ["ordinal(constant)"])
        #expect(statistics.columns[4].groupedSegmentCount == 1)
        #expect(statistics.storedSize * 4 < statistics.rawSize)
    }

    @Test("rows read by themselves are those of the whole columns, whatever was read before", arguments: [1500, 20_000])
    func chosenRows(rowCount: Int) throws {
        let fileSystem = MemoryFileSystem()
        let sample = SampleTable(rowCount: rowCount, seed: 9)
        let table = try #require(try load([sample], into: "/store", fileSystem: fileSystem).table("claims"))
        var random = SeededRandom(seed: 4)
        let fields = Array(table.schema.fields.indices)
        for segment in table.segments.indices {
            let lines = try fields.filter { try !table.segments[segment].isConstantInRuns($0) }
            #expect(lines.count > 4)
            let whole = try table.readSegment(segment, columns: fields)
            for share in [1, 12, 400] {
                let rows = (0..<Int32(table.segments[segment].rowCount)).filter { _ in
                    Int.random(in: 0..<share, using: &random) == 0
                }
                for readBefore in [[], [lines[0]], Array(lines.suffix(3))] {
                    let columns = try table.segmentColumns(segment)
                    _ = try columns.columns(readBefore)
                    // Twice with other rows in between: what is kept of one choice must not be taken for another's.
                    for rows in [rows, Array(rows.dropFirst()), rows] {
                        for (field, vector) in zip(lines, try columns.columns(lines, at: rows)) {
                            #expect(vector.count == rows.count)
                            let expected = whole[field].gathered(rows)
                            for row in 0..<rows.count where vector.scalar(at: row) != expected.scalar(at: row) {
                                Issue.record("\(table.schema.fields[field].name), row \(rows[row])")
                                break
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("which rows are present is read without their values", arguments: [1, 65, 1500, 20_000])
    func presence(rowCount: Int) throws {
        let fileSystem = MemoryFileSystem()
        let sample = SampleTable(rowCount: rowCount, seed: 9)
        let table = try #require(try load([sample], into: "/store", fileSystem: fileSystem).table("claims"))
        var known = 0
        for segment in table.segments.indices {
            let whole = try table.readSegment(segment, columns: Array(table.schema.fields.indices))
            for field in table.schema.fields.indices {
                let columns = try table.segmentColumns(segment)
                let expected = (0..<whole[field].count).map { whole[field].scalar(at: $0) == .null ? UInt8(0) : 1 }
                // The values are read rightly afterwards, and what has been read is not read again.
                if let flags = try columns.presence(field) {
                    #expect(flags == expected, "\(table.schema.fields[field].name)")
                    known += flags.contains(0) ? 1 : 0
                }
                let vector = try columns.columns([field])[0]
                for row in 0..<vector.count where vector.scalar(at: row) != whole[field].scalar(at: row) {
                    Issue.record("\(table.schema.fields[field].name), row \(row)")
                    break
                }
            }
        }
        #expect(rowCount < 100 || known > 0)
    }

    @Test("the same rows make the same bytes")
    func deterministic() throws {
        let one = MemoryFileSystem()
        let two = MemoryFileSystem()
        for fileSystem in [one, two] {
            try load([SampleTable(rowCount: 5000, seed: 8)], into: "/store", fileSystem: fileSystem)
        }
        #expect(one.files == two.files)
    }

    @Test("zone maps never hide a row and skip what cannot be there")
    func pruning() throws {
        let fileSystem = MemoryFileSystem()
        let rows = SampleTable(rowCount: 500, seed: 4)
        let table = try #require(try load([rows], into: "/store", fileSystem: fileSystem).table("claims"))
        let segment = table.segments[0]
        for (column, field) in SampleTable.schema.fields.enumerated() {
            for row in rows.rows where !row[column].isNull {
                #expect(try segment.mightContain(column, minimum: row[column], maximum: row[column]), "\(field.name)")
            }
        }
        #expect(try !segment.mightContain(3, minimum: .timestamp(1_800_000_000_000_000), maximum: nil))
        #expect(try !segment.mightContain(3, minimum: nil, maximum: .date(20_000)))
        #expect(try !segment.mightContain(8, minimum: .integer(1000), maximum: nil))
        #expect(try !segment.mightContain(16, minimum: nil, maximum: nil))
        #expect(try !segment.mightContain(6, code: 100_000))
        #expect(segment.timeRange != nil)
    }

    @Test("columns added later are NULL in older rows; tables and views come and go")
    func changes() throws {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 10, seed: 1)], into: "/store", fileSystem: fileSystem)
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try transaction.addColumns([Field(name: "extra", type: .text)], to: "claims")
        try transaction.setView("live", sql: "select 1")
        try transaction.createTable("deaths", schema: Schema([Field(name: "patient_id", type: .text)]))
        let snapshot = try transaction.commit(batch: nil)
        #expect(snapshot.views == ["live": "select 1"])
        #expect(snapshot.tables.map { $0.name } == ["claims", "deaths"])
        let claims = try #require(snapshot.table("claims"))
        let extra = try claims.readSegment(0, columns: [18])[0]
        #expect(extra.scalar(at: 9) == .null)
        let next = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try next.dropView("live")
        try next.dropTable("deaths")
        try next.replaceTable("claims", schema: Schema([Field(name: "a", type: .bigint)]))
        #expect(throws: StorageError.self) { try next.setView("claims", sql: "select 1") }
        #expect(throws: StorageError.self) { try next.createTable("claims", schema: Schema([])) }
        let last = try next.commit(batch: nil)
        #expect(last.views.isEmpty)
        #expect(last.table("claims")?.rowCount == 0)
        #expect(last.table("claims")?.schema.fields.count == 1)
    }
}
