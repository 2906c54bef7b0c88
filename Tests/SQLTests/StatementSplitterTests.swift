import SQL
import Testing

@Suite("Finding where statements end")
struct StatementSplitterTests {
    @Test(
        "cuts at semicolons outside quotes and comments",
        arguments: [
            ("", []), (" ; ;", []), ("select 1", ["select 1"]), ("select 1; select 2;", ["select 1", "select 2"]),
            ("select ';'; b", ["select ';'", "b"]), ("select 'it''s;'; b", ["select 'it''s;'", "b"]),
            ("select '\\'; b", ["select '\\'", "b"]), ("select E'\\';'; b", ["select E'\\';'", "b"]),
            ("select e'a'\n'\\';'; b", ["select e'a'\n'\\';'", "b"]),
            ("select e'a' '\\'; b", ["select e'a' '\\'", "b"]),
            ("select e'a' -- x'\n '\\';'; b", ["select e'a' -- x'\n '\\';'", "b"]),
            ("select fe'\\'; b", ["select fe'\\'", "b"]),
            ("select \";\"; b", ["select \";\"", "b"]), ("select \"a\"\";\"; b", ["select \"a\"\";\"", "b"]),
            ("select $$;$$; b", ["select $$;$$", "b"]), ("select $x$;$$;$x$; b", ["select $x$;$$;$x$", "b"]),
            ("select a$b;c$b", ["select a$b", "c$b"]), ("select $1;$2", ["select $1", "$2"]),
            ("select 1 -- ;\n; b", ["select 1", "b"]),
            ("select /* ; /* ; */ ; */ 1; b", ["select /* ; /* ; */ ; */ 1", "b"]), ("select 1--;", ["select 1"]),
            ("/* a */ select 1 /* b */;", ["select 1"]), ("select 1 +-- ;\n 2", ["select 1 +-- ;\n 2"]),
            ("a;'b", ["a", "'b"]),
            ("select '中;文'; 科", ["select '中;文'", "科"]), ("select $中$;$中$; b", ["select $中$;$中$", "b"]), ("$", ["$"]),
            ("a $ b;", ["a $ b"]),
        ] as [(String, [String])])
    func splits(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        let pieces = StatementSplitter.split(text).map { String(decoding: bytes[$0.range], as: UTF8.self) }
        #expect(pieces == expected)
    }

    @Test(
        "tells the prompt what is missing",
        arguments: [
            ("", .empty), (" -- x", .empty), (";", .empty), ("select 1", .open), ("select 1;", .complete),
            ("select 1; -- done", .complete), ("select 1; select", .open), ("select 'a;", .inString),
            ("select 'a''", .inString),
            ("select $q$ ; $q", .inString), ("select \"a;", .inQuotedName), ("select 1 /* ;", .inComment),
            ("select 1 /* /* */ ;", .inComment), ("select 'a';", .complete),
        ] as [(String, StatementSplitter.Completeness)])
    func completeness(text: String, expected: StatementSplitter.Completeness) {
        #expect(StatementSplitter.completeness(of: text) == expected)
    }

    @Test("says which statements are terminated") func termination() {
        #expect(StatementSplitter.split("a; b").map(\.isTerminated) == [true, false])
    }
}
