import Columns
import Storage
import Testing

@Suite("Text domains at ingest")
struct TextDomainBuilderTests {
    private func strings(_ texts: [String]) -> StringColumn {
        var column = StringColumn()
        for text in texts { column.append(text) }
        return column
    }

    private func builder() throws -> (TextDomainBuilder, StoreTransaction) {
        let transaction = try StoreTransaction.begin("/store", fileSystem: MemoryFileSystem())
        try transaction.createTable("t", schema: Schema([Field(name: "a", type: .text)]))
        return (try transaction.textDomain(of: 0, in: "t"), transaction)
    }

    @Test("few strings make a dictionary, with codes in order of first appearance")
    func dictionary() throws {
        let (domain, transaction) = try builder()
        #expect(domain.kind == nil)
        guard case .codes32(let none) = domain.codes(for: strings([]), rowCount: 5) else { return #expect(Bool(false)) }
        #expect(none.isEmpty && domain.kind == nil)
        guard case .codes32(let first) = domain.codes(for: strings(["b", "a", ""]), rowCount: 100) else {
            return #expect(Bool(false))
        }
        #expect(first == [0, 1, 2])
        guard case .codes32(let second) = domain.codes(for: strings(["c", "a"]), rowCount: 100) else {
            return #expect(Bool(false))
        }
        #expect(second == [3, 1])
        #expect(domain.kind == .dictionary)
        transaction.abort()
    }

    @Test("many strings of few shapes make identifiers; others are exceptions, and a string keeps its code for ever")
    func identifiers() throws {
        let (domain, transaction) = try builder()
        var texts = (0..<2000).map { "P110101" + String(1_000_000 + $0 * 7) }
        texts += (0..<100).map { "Q\($0 + 100)" } + ["odd one", "8312345678901234567890"]
        guard case .codes64(let codes) = domain.codes(for: strings(texts), rowCount: 4000) else {
            return #expect(Bool(false))
        }
        #expect(domain.kind == .identifier)
        #expect(Set(codes).count == texts.count)
        #expect(codes.filter { $0 >> 60 == 15 }.count <= 2)
        let late = (0..<200).map { "NEW" + String(1000 + $0) }
        guard case .codes64(let more) = domain.codes(for: strings(late + ["odd one", texts[5]]), rowCount: 300) else {
            return #expect(Bool(false))
        }
        #expect(more.prefix(200).allSatisfy { $0 >> 60 < 15 })
        #expect(more[200] == codes[2100] && more[201] == codes[5])
        transaction.abort()
    }

    @Test("identifiers come back after reopening, and a later batch gives them the same codes")
    func reopened() throws {
        let fileSystem = MemoryFileSystem()
        let texts = (0..<3000).map { "A" + String(10_000 + $0) } + ["x-ray", "项目"]
        for batch in 1...2 {
            let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
            let schema = Schema([Field(name: "a", type: .text)])
            if batch == 1 { try transaction.createTable("t", schema: schema) }
            guard
                case .codes64(let codes) = try transaction.textDomain(of: 0, in: "t").codes(
                    for: strings(texts), rowCount: texts.count)
            else { return #expect(Bool(false)) }
            let columns = [EncodableColumn(.codes64(codes))]
            let segment = try SegmentEncoder.encode(
                schema: schema, columns: columns, rowCount: texts.count, groupKeyColumn: nil)
            try transaction.add(segment, to: "t", order: 0)
            let snapshot = try transaction.commit(batch: nil)
            let table = try #require(snapshot.table("t"))
            guard case .identifier(let found, let domain) = try table.readSegment(batch - 1, columns: [0])[0].values
            else { return #expect(Bool(false)) }
            #expect(found == codes)
            #expect(texts.allSatisfy { domain.code(of: Array($0.utf8)) != nil })
            #expect(domain[found[7]] == texts[7] && domain[found[3001]] == "项目")
        }
    }

    @Test("names of many things are identifiers from the first few on, if their digits tell", arguments: [1, 3, 300, 3000])
    func names(count: Int) throws {
        func kind(_ texts: [String], rowCount: Int, use: TextUse = .names) throws -> TextKind? {
            let (domain, transaction) = try builder()
            defer { transaction.abort() }
            _ = domain.codes(for: strings(texts), rowCount: rowCount, use: use)
            return domain.kind
        }
        let long = (0..<count).map { "97" + String(100_000_000_000_000_000 + $0 * 77_777) }
        #expect(try kind(long, rowCount: count * 20) == .identifier)
        #expect(try kind(long, rowCount: count * 20, use: .unknown) == .dictionary)
        // Counters of each day and place would take a format each.
        let short = (0..<count).map { "H9701\($0 % 40)-20250101-\(1000 + $0)" }
        #expect(try kind(short, rowCount: count * 20) == .dictionary)
        // What names things comes again, however different most of the first rows are, but where all have their own.
        let letters = (0..<count).map { "id-\(String($0 * 7919, radix: 36))-x" }
        #expect(try kind(letters, rowCount: count * 4 / 3) == .dictionary)
        #expect(try kind(letters, rowCount: count) == (count < 1024 ? .dictionary : .plain))
        // The codes of packs, of twenty digits, of which eighteen are one number.
        let packs = (0..<count).map { "8\($0 % 10)" + String(100_000_000_000_000_000 + $0 * 77_777) }
        #expect(try kind(packs, rowCount: count) == .identifier)
    }

    @Test("mostly different texts stay plain")
    func plain() throws {
        let (domain, transaction) = try builder()
        let texts = (0..<2000).map { "remark \($0) of \($0 * 31 % 17)!" }
        guard case .plain = domain.codes(for: strings(texts), rowCount: 2100) else { return #expect(Bool(false)) }
        #expect(domain.kind == .plain)
        transaction.abort()
    }
}
