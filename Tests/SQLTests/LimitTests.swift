import SQL
import Testing

@Suite("Limits against deep and huge statements")
struct LimitTests {
    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test(
        "a deep statement is refused, never a crash",
        arguments: [
            "select " + repeated("not ", 100_000) + "true", "select " + repeated("not ", 5_000) + "true",
            "select 1" + repeated("+1", 99_000), "select 1" + repeated("+1", 2_000),
            "select " + repeated("- ", 9_000) + "a",
            "select " + repeated("(", 600) + "1" + repeated(")", 600), "select " + repeated("(", 100_000),
            "select " + repeated("(select ", 499) + "1", "select 1" + repeated("::text", 60_000),
            "select 1" + repeated(" is null", 60_000), "select a" + repeated("[1]", 40_000),
            "select 'a'" + repeated("||'a'", 60_000),
            "select 1" + repeated(" union select 1", 40_000), "select * from a" + repeated(" cross join b", 40_000),
            "select " + repeated("case when true then ", 9_000) + "1",
            "select 1" + repeated(" at time zone 'x'", 20_000),
            repeated("explain ", 1_000) + "select 1", "select " + repeated("array[", 700) + "1" + repeated("]", 700),
            "select 1" + repeated(" in (select 1)", 25_000), "select 1" + repeated(" or (1", 499) + repeated(")", 200),
            repeated("with a as (", 499) + "select 1" + repeated(") select 1", 499),
        ])
    func deep(text: String) {
        // Some of them are syntax errors, or just within the limits: either way the parser comes back.
        if let error = failure(text) { #expect(!error.message.isEmpty) }
    }

    @Test(
        "names the depth as the cause",
        arguments: [
            "select 1" + repeated("+1", 1_001), "select 1" + repeated("+1", 99_000),
            "select " + repeated("not ", 1_001) + "true",
            "select " + repeated("(", 501) + "1" + repeated(")", 501), "select 1" + repeated(" union select 1", 1_001),
            "select * from a" + repeated(" cross join b", 1_001),
        ])
    func tooDeep(text: String) throws {
        #expect(try #require(failure(text)).message == "statement is nested too deeply")
    }

    @Test("moderate depth and width is fine") func moderate() throws {
        let texts = [
            "select 1" + Self.repeated("+1", 990), "select a" + Self.repeated("||'x'", 990),
            "select true" + Self.repeated(" and true", 20_000),
            "select a in (0" + Self.repeated(",1", 80_000) + ")",
            "select " + Self.repeated("(", 490) + "1" + Self.repeated(")", 490),
            "select 1" + Self.repeated(" union all select 1", 900),
        ]
        for text in texts {
            let printed = SyntaxPrinter.text(of: try PostgresParser.parseOne(text))
            #expect(SyntaxPrinter.text(of: try PostgresParser.parseOne(printed)) == printed)
        }
    }

    @Test("text, tokens, names and NUL are bounded") func bounds() throws {
        let long = try #require(failure("select '" + Self.repeated("x", ParseLimits.textSize) + "'"))
        #expect(long.message.hasSuffix("the limit is 1048576"))
        let tokens = try #require(failure("select 1" + Self.repeated(",1", 100_001)))
        #expect(tokens.message == "statement text has more than 200000 tokens")
        let name = try #require(failure("select 1 as " + Self.repeated("名", 22)))
        #expect(name.message == "name of 66 bytes, the limit is 63")
        #expect(name.position == 12)
        #expect(failure("select 1 as " + Self.repeated("名", 21)) == nil)
        #expect(failure("select 1 as \"" + Self.repeated("x", 63) + "\"") == nil)
        #expect(failure("select 1 as \"" + Self.repeated("x", 64) + "\"") != nil)
        let zero = try #require(failure("select 1;\0 drop table t"))
        #expect(zero.message == "statement text holds a NUL byte")
        #expect(zero.position == 9)
    }

    @Test("any cut of a statement is parsed or refused") func everyPrefix() {
        let text =
            "with a as (select E'x\\'', $t$ ; $t$, \"q\"\"\" /* /* */ */ from b) select -1, 中::numeric(2) from a -- ;\n;"
        let bytes = Array(text.utf8)
        for end in 0...bytes.count {
            _ = failure(String(decoding: bytes[..<end], as: UTF8.self))
            _ = failure(String(decoding: bytes[end...], as: UTF8.self))
        }
    }
}
