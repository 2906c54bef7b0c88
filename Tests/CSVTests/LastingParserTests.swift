import CSV
import Columns
import Testing

/// One parser for all chunks of a file, with what it learns on the way, against each chunk read by itself.
@Suite("Parsers that last from chunk to chunk")
struct LastingParserTests {
    private static let formats = [IdentifierDomain.Format(prefix: Array("P970".utf8), digitCount: 9)]
    private static let longFormats = [
        IdentifierDomain.Format(prefix: Array("97".utf8), digitCount: 18),
        IdentifierDomain.Format(prefix: [], digitCount: 3), IdentifierDomain.Format(prefix: Array("订单号-".utf8), digitCount: 17),
    ]

    /// Claims with repeating header columns, item columns that depend on each other, and the odd field out.
    private static func file(seed: UInt64, rowCount: Int) -> String {
        var random = SeededGenerator(seed: seed)
        var text = "claim,patient,sex,item,name,kind,amount,trace\n"
        var claim = 0
        while claim < rowCount {
            claim += 1
            let patient = Int.random(in: 0..<9, using: &random) == 0 ? "访客" : "P970\(100_000_000 + claim % 37)"
            let sex = ["1", "2", "", "\"1\"", "\"\"", "x,y".debugDescription][Int.random(in: 0..<6, using: &random)]
            let claimText = claim % 41 == 0 ? "\"97\(String(1_000_000_000_000_000_000 + claim).dropFirst())\"" : "\(97_000_000_000_000_000 + claim)9"
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let item = Int.random(in: 0..<12, using: &random)
                let name = item == 3 ? "\"药, \"\"\(item)\"\"\"" : (item == 7 ? "" : "药品名称很长很长的第\(item)种")
                let kind = Int.random(in: 0..<50, using: &random) == 0 ? "odd" : ["drug", "service", ""][item % 3]
                let amount = ["12.50", "-3", "1234567.89", "", " 7 ", "0.1"][Int.random(in: 0..<6, using: &random)]
                let trace =
                    ["", "97\(String(100_000_000_000_000_000 + claim))", "123", "订单号-00000000000000\(claim % 900 + 100)", "odd\(claim)"][
                        Int.random(in: 0..<5, using: &random)]
                text += "\(claimText),\(patient),\(sex),A\(100 + item),\(name),\(kind),\(amount),\(trace)\n"
            }
        }
        return text
    }

    /// Chunks long enough for what is found out in one to serve others, then rows to which none of it applies.
    private static func changingFile(seed: UInt64) -> String {
        var lines = file(seed: seed, rowCount: 1_500).split(separator: "\n")
        var random = SeededGenerator(seed: seed)
        let header = lines.removeFirst()
        lines = lines + lines.shuffled(using: &random)
        return header + "\n" + lines.joined(separator: "\n") + "\n"
    }

    @Test("the same cells, whatever the parser knows", arguments: 1...8 as ClosedRange<UInt64>)
    func sameCells(seed: UInt64) throws {
        try sameCells(Self.file(seed: seed, rowCount: 250), seed: seed, chunkSizes: [1 << 10, 9 << 10, 1 << 20])
    }

    @Test("the same cells where what was found out in a chunk does not hold in the next", arguments: [21, 22] as [UInt64])
    func sameCellsOfAnotherShape(seed: UInt64) throws {
        try sameCells(Self.changingFile(seed: seed), seed: seed, chunkSizes: [80 << 10])
    }

    private func sameCells(_ text: String, seed: UInt64, chunkSizes: [Int]) throws {
        let file = try TemporaryFile(text)
        for chunkSize in chunkSizes {
            let plain = try ParsedFile(text, types: [nil, nil, nil, nil, nil, nil, .numeric(precision: 16, scale: 2)])
            let reader = try CSVReader(path: file.path, options: CSVOptions(chunkSize: chunkSize))
            let plan = try CSVParsePlan(
                requests: reader.header.enumerated().map { column, name in
                    CSVColumnRequest(
                        fileColumn: column, name: name, type: column == 6 ? .numeric(precision: 16, scale: 2) : .text)
                })
            let parser = CSVChunkParser(plan)
            var rows: [[String?]] = []
            var known = [Int](repeating: 0, count: 8)
            while let chunk = try reader.nextChunk() {
                // Formats become known after the first chunk, as they do when a file is loaded.
                let formats: [[IdentifierDomain.Format]] =
                    chunk.index == 0 ? [] : [[], Self.formats, [], [], [], [], [], Self.longFormats]
                let parsed = parser.parse(chunk, formats: formats)
                let columns = parsed.columns.map { $0.expanded() }
                let domains = columns.enumerated().map { place, column in
                    Self.domain(column, formats: place < formats.count ? formats[place] : [])
                }
                for row in 0..<parsed.rowCount {
                    rows.append(columns.indices.map { Self.text(columns[$0], row, domains[$0]) })
                }
                for (place, column) in columns.enumerated() {
                    guard case .text(_, let entries, let knownCount) = column.values else { continue }
                    #expect(knownCount == 0 || knownCount == known[place], "column \(place)")
                    known[place] = entries.count
                }
            }
            #expect(rows.count == plain.rows.count)
            for row in rows.indices where rows[row] != plain.rows[row] {
                Issue.record("seed \(seed), chunk size \(chunkSize), row \(row): \(rows[row]) is not \(plain.rows[row])")
                return
            }
        }
    }

    private static func domain(_ column: ParsedColumn, formats: [IdentifierDomain.Format]) -> IdentifierDomain? {
        guard case .identifiers(_, let misfits) = column.values else { return nil }
        return IdentifierDomain(formats: formats, exceptions: TextDictionary(entries: misfits))
    }

    private static func text(_ column: ParsedColumn, _ row: Int, _ domain: IdentifierDomain?) -> String? {
        guard let domain, case .identifiers(let codes, _) = column.values else { return ParsedFile.text(column, row) }
        return column.validity.isPresent(row) ? domain[codes[row]] : nil
    }

    @Test("a run that goes on in the next block is one run, and a fault in it fails all its rows")
    func runsOverBlocks() throws {
        // More than one block of 128 KiB in one run.
        let padding = String(repeating: "x", count: 900)
        var text = "claim,day,line\n"
        for line in 1...600 { text += "A1\(padding),2025-02-30,\(line)\n" }
        for line in 1...600 { text += "A2\(padding),2025-02-28,\(line)\n" }
        let file = try TemporaryFile(text)
        let reader = try CSVReader(path: file.path)
        let plan = try CSVParsePlan(requests: [
            CSVColumnRequest(fileColumn: 0, name: "claim", type: .text),
            CSVColumnRequest(fileColumn: 1, name: "day", type: .date),
            CSVColumnRequest(fileColumn: 2, name: "line", type: .bigint),
        ])
        let parsed = try #require(try reader.nextChunk()).parse(plan)
        #expect(parsed.rejects.map(\.line) == (2...601).map { $0 })
        #expect(parsed.rowCount == 600)
        #expect(parsed.columns[0].runs?.starts == [0, 600])
        #expect(parsed.columns[1].values == .int32([20_147]))
        #expect(parsed.columns[2].values == .int64((1...600).map { $0 }))
    }
}
