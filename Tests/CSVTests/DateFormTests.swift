import CSV
import Columns
import Testing

@Suite("Date forms")
struct DateFormTests {
    @Test("the first value of a column in file order decides, whatever the chunks", arguments: [20, 64, 1 << 20])
    func firstDecides(chunkSize: Int) throws {
        let text = "a,b\n,1\n,2\nbad,3\n2025/1/3,4\n2025-01-03,5\n2025/01/04,6\n20250105,7\n"
        let parsed = try ParsedFile(text, types: [.date], options: CSVOptions(chunkSize: chunkSize))
        #expect(parsed.rows.map { $0[1] } == ["1", "2", "4", "6"])
        #expect(parsed.rejects.map(\.reason) == [.notADate, .dateFormat, .dateFormat])
        #expect(parsed.dateForms[0] == .slashed)
    }

    @Test("each column has its own form, and times do not make another one")
    func perColumn() throws {
        let parsed = try ParsedFile(
            "a,b\n20250103,2025-01-03 08:00:00\n20250104 10:00:00,2025-01-04\n", types: [.date, .timestamp])
        #expect(parsed.rejects.isEmpty)
        #expect(parsed.dateForms == [.compact, .dashed])
    }

    @Test("threads that parse chunks out of turn agree on the form of the earliest")
    func outOfTurn() async throws {
        // Early chunks are NULL but for the last row of the first, so that later chunks have to wait for it.
        var text = "a,b\n"
        for row in 0..<4000 { text += (row == 1500 ? "20250101" : row < 1500 ? "" : "2025-01-02") + ",\(row)\n" }
        let file = try TemporaryFile(text)
        for _ in 0..<5 {
            let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: 2000))
            let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 0, name: "a", type: .date)])
            let counts = try await withThrowingTaskGroup(of: (rows: Int, rejects: Int).self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        var counts = (rows: 0, rejects: 0)
                        while let chunk = try reader.nextChunk() {
                            let parsed = chunk.parse(plan)
                            counts.rows += parsed.rowCount
                            counts.rejects += parsed.rejects.count
                        }
                        return counts
                    }
                }
                return try await group.reduce((0, 0)) { ($0.0 + $1.rows, $0.1 + $1.rejects) }
            }
            #expect(counts == (1501, 2499))
            #expect(reader.dateForm(ofColumn: 0) == .compact)
        }
    }

    @Test("a chunk that is let go of does not hold up the later ones")
    func letGo() throws {
        let file = try TemporaryFile("a,b\n,1\n,2\n,3\n,4\n2025-01-01,5\n")
        let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: 4))
        let plan = try CSVParsePlan(requests: [CSVColumnRequest(fileColumn: 0, name: "a", type: .date)])
        for _ in 0..<4 { _ = try reader.nextChunk() }
        let last = try #require(try reader.nextChunk())
        #expect(last.parse(plan).rowCount == 1)
    }
}
