import CSV
import Columns
import Diagnostics
import Engine
import Foundation
import Testing

@Suite("Files into tables nobody described")
struct InferredImportTests {
    /// What a file of this text is to the planner.
    private static func file(_ text: String, hasHeader: Bool = true) throws -> IngestFile {
        let path = NSTemporaryDirectory() + "inferred-\(UUID().uuidString).csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let options = CSVOptions(delimiter: 0x2C, hasHeader: hasHeader)
        let types = try TypeSummary.ofWholeFile(CSVReader(path: path, options: options))
        return IngestFile(headers: try CSVReader(path: path, options: options).header, hasHeader: hasHeader, types: types)
    }

    private static func stored(_ fields: [(String, LogicalType)], digits: Int? = nil, isUntried: Bool = false) -> ExistingTable {
        ExistingTable(
            schema: Schema(fields.map { Field(name: $0.0, type: $0.1) }), rowCount: isUntried ? 0 : 5,
            hasUntriedTypes: isUntried
        ) { _ in digits }
    }

    private static func types(_ plan: IngestPlan) -> [LogicalType] { plan.columns.map(\.field.type) }

    @Test("a new table has the file's columns, with types from all rows unless they were chosen") func newTable() throws {
        let file = try Self.file("Code,价,Price\n007,1,2.50\n8,2,10\n")
        let plain = try InferredImport(table: "t").plan(file, stored: nil)
        #expect(plain.columns.map(\.field.name) == ["Code", "价", "Price"])
        #expect(Self.types(plain) == [.text, .bigint, .numeric(precision: 4, scale: 2)])
        #expect(plain.columns.map(\.fileIndex) == [0, 1, 2])
        let chosen = InferredImport(table: "t", chosenTypes: [("价", .text), ("PRICE", .double)])
        #expect(Self.types(try chosen.plan(file, stored: nil)) == [.text, .text, .double])
    }

    @Test("a chosen column that is not there is refused by name") func unknownChoice() throws {
        let file = try Self.file("code,price\n1,2\n")
        let planner = InferredImport(table: "t", chosenTypes: [("prise", .text)])
        let error = #expect(throws: Diagnostic.self) { try planner.plan(file, stored: nil) }
        #expect(error?.kind == .usage && error?.message.contains("did you mean \"price\"") == true)
    }

    @Test("a further file goes by names: columns in any order, new ones added, missing ones NULL") func byName() throws {
        let stored = Self.stored([("a", .bigint), ("b", .text), ("c", .date)])
        let plan = try InferredImport(table: "t").plan(try Self.file("new,B,A\n1.5,x,7\n"), stored: stored)
        #expect(plan.columns.map(\.field.name) == ["a", "b", "c", "new"])
        #expect(plan.columns.map(\.fileIndex) == [2, 1, nil, 0])
        #expect(Self.types(plan) == [.bigint, .text, .date, .numeric(precision: 2, scale: 1)])
        #expect(plan.notes.map(\.title) == ["added", "not in file"])
    }

    @Test("a file without a common name is refused, also one without a header") func noCommonName() throws {
        let stored = Self.stored([("a", .bigint), ("b", .text)])
        for (text, hasHeader) in [("x,y\n1,2\n", true), ("1,2\n", false)] {
            let file = try Self.file(text, hasHeader: hasHeader)
            let error = #expect(throws: Diagnostic.self) { try InferredImport(table: "t").plan(file, stored: stored) }
            #expect(error?.kind == .badData && error?.message.contains("a, b") == true)
        }
    }

    @Test(
        "a stored column takes what it holds exactly, and becomes wider where that changes no value",
        arguments: [
            (.text, "x", nil, .text), (.text, "1", nil, .text), (.bigint, "", nil, .bigint),
            (.bigint, "123456789012345678", nil, .bigint), (.bigint, "1.5", 3, .numeric(precision: 4, scale: 1)),
            (.bigint, "1.5", 17, .numeric(precision: 18, scale: 1)), (.bigint, "1.5", 18, nil), (.bigint, "1.5", nil, nil),
            (.bigint, "1e3", 1, nil), (.bigint, "x", 1, nil), (.bigint, "2025-01-01", 1, nil), (.bigint, "true", 1, nil),
            (.integer, "123456789", nil, .integer), (.integer, "1234567890", nil, .bigint),
            (.numeric(precision: 4, scale: 2), "99.5", nil, .numeric(precision: 4, scale: 2)),
            (.numeric(precision: 4, scale: 2), "100", nil, .numeric(precision: 5, scale: 2)),
            (.numeric(precision: 4, scale: 2), "1.125", nil, .numeric(precision: 5, scale: 3)),
            (.numeric(precision: 18, scale: 2), "1.125", 15, .numeric(precision: 18, scale: 3)),
            (.numeric(precision: 18, scale: 2), "1.125", 16, nil), (.numeric(precision: 18, scale: 2), "1.125", nil, nil),
            (.numeric(precision: 20, scale: 2), "1", 1, nil),
            (.double, "1", nil, .double), (.double, "2.5e3", nil, .double), (.double, "x", nil, nil),
            (.boolean, "true", nil, .boolean), (.boolean, "1", nil, nil),
            (.date, "2025-01-01", nil, .date), (.date, "2025-01-01 10:00:00", nil, .timestamp),
            (.timestamp, "2025-01-01", nil, .timestamp), (.date, "20250101", nil, nil),
        ] as [(LogicalType, String, Int?, LogicalType?)])
    func fits(type: LogicalType, value: String, storedDigits: Int?, expected: LogicalType?) throws {
        let stored = Self.stored([("a", type), ("b", .text)], digits: storedDigits)
        let file = try Self.file("a,b\n\(value),x\n")
        guard let expected else {
            let error = #expect(throws: Diagnostic.self) { try InferredImport(table: "t").plan(file, stored: stored) }
            #expect(error?.kind == .badData)
            for word in ["\"a\"", type.name, "--types a:"] { #expect(error.map { ($0.message + ($0.mend ?? "")).contains(word) } == true) }
            return
        }
        let plan = try InferredImport(table: "t").plan(file, stored: stored)
        #expect(plan.columns[0].field.type == expected)
        #expect(plan.notes.map(\.title) == (expected == type ? [] : ["widened"]))
    }

    @Test("chosen types of a stored table are those it has, then rows that do not fit are rejects") func chosenForStored() throws {
        let stored = Self.stored([("a", .bigint)])
        let file = try Self.file("a\nx\n")
        let same = InferredImport(table: "t", chosenTypes: [("a", .bigint)])
        #expect(Self.types(try same.plan(file, stored: stored)) == [.bigint])
        let other = InferredImport(table: "t", chosenTypes: [("a", .text)])
        let error = #expect(throws: Diagnostic.self) { try other.plan(file, stored: stored) }
        #expect(error?.kind == .usage)
    }

    @Test("a table made from files without rows takes the types of the first that has some") func untried() throws {
        let stored = Self.stored([("a", .text), ("z", .text)], isUntried: true)
        let plan = try InferredImport(table: "t").plan(try Self.file("a,b\n1,2025-01-01\n"), stored: stored)
        #expect(plan.columns.map(\.field.name) == ["a", "b"])
        #expect(Self.types(plan) == [.bigint, .date])
        #expect(plan.replacesEmptyTable)
    }
}
