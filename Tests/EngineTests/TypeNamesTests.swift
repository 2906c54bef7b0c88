import Columns
import Diagnostics
import Engine
import Testing

@Suite("Types named by the user")
struct TypeNamesTests {
    @Test(
        "types are called as in PostgreSQL and DuckDB, in any case",
        arguments: [
            ("boolean", .boolean), ("BOOL", .boolean), ("integer", .integer), ("int", .integer), ("bigint", .bigint),
            ("Int8", .bigint), ("numeric(12,2)", .numeric(precision: 12, scale: 2)),
            ("DECIMAL( 18 , 0 )", .numeric(precision: 18, scale: 0)), ("numeric(5)", .numeric(precision: 5, scale: 0)),
            ("double precision", .double), ("double", .double), ("varchar", .text), ("text", .text), ("date", .date),
            ("timestamp", .timestamp), ("numeric", nil), ("numeric(19,2)", nil), ("numeric(2,3)", nil),
            ("numeric(0,0)", nil), ("numeric(5,2,1)", nil), ("blob", nil), ("", nil), ("numeric(-1)", nil),
        ] as [(String, LogicalType?)])
    func named(text: String, type: LogicalType?) {
        #expect(TypeNames.type(named: text) == type)
    }

    @Test("a list of columns, names quoted where they have commas or colons") func list() throws {
        let parsed = try TypeNames.parse("code:text, 单价:numeric(12,2),\"a,b:\"\"c\"\"\":date,x y:bigint")
        #expect(parsed.map(\.column) == ["code", "单价", "a,b:\"c\"", "x y"])
        #expect(parsed.map(\.type) == [.text, .numeric(precision: 12, scale: 2), .date, .bigint])
    }

    @Test(
        "what is no such list is a usage error",
        arguments: ["", "code", "code:", ":text", "code:text,", "code:tuxt", "\"code:text", "a:text,a:date", "a:numeric(3,2"])
    func malformed(text: String) {
        let error = #expect(throws: Diagnostic.self) { _ = try TypeNames.parse(text) }
        #expect(error?.kind == .usage && error?.message.contains("--types") == true)
    }
}
