import SQL
import Testing

@Suite("Reading PostgreSQL's tree")
struct ReadingTests {
    @Test(
        "prints what was meant",
        arguments: [
            ("1+2*3", "1 + (2 * 3)"), ("-2", "-2"), ("- /* x */ 2", "-2"), ("-( -- y\n 2)", "-2"), ("- - 2", "2"),
            ("-(-(-3))", "-3"), ("0", "0"), ("-0", "0"), ("00", "0"), ("-007", "-7"), ("a - -1", "a - (-1)"),
            ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", "9223372036854775808"),
            ("-2147483648", "-2147483648"), ("-1 + -1", "(-1) + (-1)"), ("-1::int", "- cast(1 as int4)"),
            ("a AND b AND c AND d", "a and b and c and d"), ("NOT a IN (SELECT 1)", "a not in (select 1)"),
            ("a = -1 OR b", "(a = (-1)) or b"), ("Foo.\"Bar\"", "foo.\"Bar\""), ("a != 1", "a <> 1"),
            ("numeric(10,-2) '1'", "cast('1' as numeric(10, -2))"), ("interval '3' day", "cast('3' as interval day)"),
            ("interval(0) '3'", "cast('3' as interval(0))"), ("integer '-3'", "cast('-3' as int4)"),
            ("E'\\x01\\t\"\\\\é😀'", "'\u{1}\t\"\\é😀'"), ("'a'\n'b'", "'ab'"),
            ("'a' -- c\n'b'", "'ab'"), ("'a'\n--'c\n\t-- d\r\n'b' -- e\n''", "'ab'"), ("E'a\\n' -- c\n'\\t'", "'a\n\t'"),
            ("'a--' -- c\n'--b'", "'a----b'"), ("U&'\\4E2D' -- c\n'a'", "'中a'"), ("U&'\\4E2D'", "'中'"),
            ("a like 'x' escape '\\'", "a like 'x' escape '\\'"), ("trim(both 'x' from a)", "trim(both a, 'x')"),
            ("position('a' in b)", "position('a' in b)"), ("extract(YEAR from d)", "extract('year' from d)"),
            ("case when a then b end", "case when a then b end"), ("f(-1, -2.5)", "f(-1, -2.5)"),
        ])
    func prints(text: String, expected: String) throws {
        #expect(SyntaxPrinter.text(of: try expression(text)) == expected)
    }

    @Test("negative numbers keep their value everywhere") func negativeNumbers() throws {
        let text = "select -1, a from f(-2) where b in (-3, 0, -4) order by -5 limit -6 offset -7"
        let statement = try parsed(text)
        #expect(
            SyntaxPrinter.text(of: statement)
                == "select -1, a from f(-2) where b in (-3, 0, -4) order by (-5) limit (-6) offset (-7)")
    }

    @Test("a long chain of AND is one node") func flatLogic() throws {
        let text = (0..<5000).map { "a = \($0)" }.joined(separator: " and ")
        guard case .and(let operands) = try expression(text).kind else {
            Issue.record("not a chain")
            return
        }
        #expect(operands.count == 5000)
    }

    @Test("a positional frame without an end ends at the current row") func frameEnd() throws {
        guard case .function(let call) = try expression("sum(a) over (order by b rows 3 preceding)").kind,
            case .specification(let window)? = call.over, let frame = window.frame, case .preceding = frame.start,
            case .currentRow = frame.end
        else {
            Issue.record("wrong frame")
            return
        }
        #expect(frame.mode == .rows)
    }

    @Test("positions are byte offsets into the whole text, also past Chinese text")
    func positions() throws {
        let text = "select '中文';\n  select '医保', 科室 from t where b = 1"
        let statements = try PostgresParser.parse(text)
        #expect(statements.count == 2)
        let bytes = Array(text.utf8)
        func at(_ offset: Int, _ word: String) -> Bool {
            offset >= 0 && bytes[offset...].starts(with: Array(word.utf8))
        }
        #expect(String(decoding: bytes[statements[0].range], as: UTF8.self) == "select '中文'")
        #expect(at(statements[1].range.lowerBound, "select '医保'"))
        guard case .select(let query) = statements[1].statement, case .select(let core) = query.body,
            case .expression(let department, _) = core.items[1], case .table(let table) = core.from[0],
            let condition = core.where, case .binary(_, let left, _) = condition.kind
        else {
            Issue.record("wrong tree")
            return
        }
        #expect(at(query.position, "'医保'"))
        #expect(at(department.position, "科室"))
        #expect(at(table.position, "t where"))
        #expect(at(condition.position, "= 1"))
        #expect(at(left.position, "b ="))
    }

    @Test("the names of DROP and DESCRIBE know their place") func commandPositions() throws {
        let text = "drop table if exists a, s.\"b,c\", d"
        guard case .drop(let drop) = try parsed(text), case .describe(.table(let name)) = try parsed("describe  claims")
        else {
            Issue.record("wrong tree")
            return
        }
        #expect(drop.names.map(\.position) == [21, 24, 33])
        #expect(drop.names.map(\.name) == ["a", "b,c", "d"])
        #expect(name.position == 10)
    }

    @Test("several statements, empty ones left out") func scripts() throws {
        let statements = try PostgresParser.parse(";; select 1 ; -- one;\n describe t; /* ; */ show tables;;")
        #expect(statements.map { SyntaxPrinter.text(of: $0.statement) } == ["select 1", "describe t", "show tables"])
        #expect(try PostgresParser.parse("  -- nothing\n").isEmpty)
        #expect(throws: SQLError.self) { try PostgresParser.parseOne("select 1; select 2") }
        #expect(throws: SQLError.self) { try PostgresParser.parseOne("") }
    }

    @Test(
        "names unnamed columns as PostgreSQL does",
        arguments: [
            ("a", "a"), ("t.a", "a"), ("1", "?column?"), ("a + 1", "?column?"), ("'x'", "?column?"),
            ("count(*)", "count"),
            ("pg_catalog.lower(a)", "lower"), ("a::int", "a"), ("'1'::int", "int4"), ("date '2025-01-31'", "date"),
            ("interval '1' day", "interval"), ("(a + 1)::bigint", "int8"), ("sum(a)::numeric(16, 2)", "sum"),
            ("case when a then 1 end", "case"), ("case when a then 1 else b end", "b"),
            ("case when a then 1 else 2::text end", "case"),
            ("case when x then 1 end::text", "text"),
            ("coalesce(a, 0)", "coalesce"), ("nullif(a, 0)", "nullif"), ("greatest(1, 2)", "greatest"),
            ("least(1)", "least"),
            ("exists (select 1)", "exists"), ("array[1]", "array"), ("array(select 1)", "array"), ("row(1)", "row"),
            ("(select max(x) from t)", "max"), ("(select 1)", "?column?"), ("(select 1 as y)", "y"),
            ("(values (1))", "column1"),
            ("extract(year from d)", "extract"), ("d at time zone 'x'", "timezone"), ("trim(a)", "btrim"),
            ("position('a' in b)", "position"), ("substring(a from 1)", "substring"), ("current_date", "current_date"),
            ("current_timestamp(3)", "current_timestamp"), ("grouping(a)", "grouping"), ("a collate \"C\"", "a"),
            ("a[1]", "a"), ("(a).b", "b"), ("not a", "?column?"), ("a and b", "?column?"), ("a is null", "?column?"),
            ("a in (1)", "?column?"), ("sum(a) over ()", "sum"), ("$1", "?column?"), ("(1 + 2)[1]", "?column?"),
        ])
    func defaultNames(text: String, expected: String) throws {
        #expect(ColumnNaming.defaultName(for: try expression(text)) == expected)
    }
}
