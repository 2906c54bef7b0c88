import Columns
import Diagnostics
import Planning
import Testing

@Suite("Planning errors")
struct ErrorTests {
    /// Query, message, and the text from the error's position on (its beginning).
    typealias Case = (query: String, message: String, at: String)

    @Test(
        "an unknown or ambiguous name is said with its place",
        arguments: [
            ("select nme from institutions", "column \"nme\" does not exist", "nme"),
            ("select claims.x from claims", "column claims.x does not exist", "claims.x"),
            ("select c.x from claims", "missing FROM-clause entry for table \"c\"", "c.x"),
            ("select * from clams", "relation \"clams\" does not exist", "clams"),
            ("select * from other.claims", "schema \"other\" does not exist", "other.claims"),
            (
                "select institution_id from claims c join institutions i on c.institution_id = i.institution_id",
                "column reference \"institution_id\" is ambiguous", "institution_id from"
            ),
            ("select 1 from claims c, deaths c", "table name \"c\" specified more than once", "deaths c"),
            ("select lenght('x')", "function lenght(unknown) does not exist", "lenght"),
            ("select x::jso from (values (1)) v(x)", "type \"jso\" does not exist", "jso"),
            ("select lag(amount) over w from claims", "window \"w\" does not exist", "w from"),
            ("select name from institutions order by x", "column \"x\" does not exist", "x"),
            (
                "select * from claims join deaths using (patient)",
                "column \"patient\" specified in USING clause does not exist in left table", "claims"
            ),
        ] as [Case])
    func names(_ expected: Case) throws { try check(expected) }

    @Test(
        "types that do not fit are said as PostgreSQL says them",
        arguments: [
            ("select item_name + 1 from claims", "operator does not exist: text + integer", "+ 1"),
            ("select t = 1 from types", "operator does not exist: text = integer", "= 1"),
            ("select day = 1 from types", "operator does not exist: date = integer", "= 1"),
            ("select day + day from types", "operator does not exist: date + date", "+ day"),
            ("select d % 2 from types", "operator does not exist: double precision % integer", "% 2"),
            ("select -t from types", "operator does not exist: - text", "-t"),
            (
                "select * from claims where settled_at > 'soon'", "invalid input syntax for type timestamp: \"soon\"",
                "'soon'"
            ),
            (
                "select * from deaths where death_date = '2025-02-30'",
                "date/time field value out of range: \"2025-02-30\"", "'2025"
            ),
            ("select i = 'x' from types", "invalid input syntax for type integer: \"x\"", "'x'"),
            ("select 1 union select 'x'", "invalid input syntax for type integer: \"x\"", "'x'"),
            ("select '3000000000'::integer", "value \"3000000000\" is out of range for type integer", "'3000"),
            ("select b::date from types", "cannot cast type boolean to date", "::date"),
            ("select length(1)", "function length(integer) does not exist", "length"),
            ("select round(t, 2) from types", "function round(text, integer) does not exist", "round"),
            ("select sum(t) from types", "function sum(text) does not exist", "sum"),
            (
                "select case when b then 1 else day end from types", "CASE types date and integer cannot be matched",
                "1 else"
            ),
            ("select coalesce(t, 1) from types", "COALESCE types text and integer cannot be matched", "1)"),
            ("select 1 union select day from types", "UNION types integer and date cannot be matched", "day"),
            ("select 1 union select 1, 2", "each UNION query must have the same number of columns", "1, 2"),
            ("select 1 from types where i", "argument of WHERE must be type boolean, not type integer", "i"),
            ("select extract(hour from day) from types", "unit \"hour\" not supported for type date", "extract"),
            ("values (1), (1, 2)", "VALUES lists must all be the same length", "1, 2"),
        ] as [Case])
    func types(_ expected: Case) throws { try check(expected) }

    @Test(
        "aggregates and windows out of place are refused",
        arguments: [
            (
                "select a.region, count(*) from claims a",
                "column \"a.region\" must appear in the GROUP BY clause or be used in an aggregate function", "a.region"
            ),
            (
                "select region, amount from claims group by region",
                "column \"claims.amount\" must appear in the GROUP BY clause or be used in an aggregate function",
                "amount"
            ),
            (
                "select region from claims group by region having amount > 1",
                "column \"claims.amount\" must appear in the GROUP BY clause or be used in an aggregate function",
                "amount > 1"
            ),
            (
                "select * from claims group by claim_id",
                "column \"claims.line_id\" must appear in the GROUP BY clause or be used in an aggregate function", "*"
            ),
            (
                "select region, (select 1 from deaths x where x.patient_id = c.patient_id) from claims c group by region",
                "subquery uses ungrouped column \"c.patient_id\" from outer query", "c.patient_id"
            ),
            ("select 1 from claims where sum(amount) > 1", "aggregate functions are not allowed in WHERE", "sum"),
            ("select 1 from claims group by sum(amount)", "aggregate functions are not allowed in GROUP BY", "sum"),
            ("select sum(sum(amount)) from claims", "aggregate function calls cannot be nested", "sum(amount)"),
            (
                "select 1 from claims where row_number() over () = 1", "window functions are not allowed in WHERE",
                "row_number"
            ),
            ("select row_number() from claims", "window function row_number requires an OVER clause", "row_number"),
            (
                "select sum(rank() over ()) from claims",
                "aggregate function calls cannot contain window function calls", "rank"
            ),
            (
                "select lower(distinct region) from claims",
                "DISTINCT specified, but lower is not an aggregate function", "lower"
            ),
            (
                "select percentile_cont(2) within group (order by amount) from claims",
                "percentile value 2.0 is not between 0 and 1", "2)"
            ),
            ("select region from claims group by 3", "GROUP BY position 3 is not in select list", "3"),
            (
                "select distinct region from claims order by item_code",
                "for SELECT DISTINCT, ORDER BY expressions must appear in select list", "item_code"
            ),
            (
                "select distinct on (region) region from claims order by item_code",
                "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", "region) region"
            ),
            (
                "select sum(amount) over (order by region range 1 preceding) from claims",
                "RANGE with offset PRECEDING/FOLLOWING is not supported for column type text", "1 preceding"
            ),
            ("select region from claims limit -1", "LIMIT must not be negative", "-1"),
        ] as [Case])
    func placement(_ expected: Case) throws { try check(expected) }

    @Test(
        "what is not supported is refused by name, never dropped",
        arguments: [
            (
                "with recursive t as (select 1 union all (select * from t) order by 1) select * from t",
                "ORDER BY or LIMIT in a recursive query is not supported", "t as"
            ),
            ("select random()", "function random is not supported", "random"),
            ("select current_date", "current_date depends on the clock", "current_date"),
            ("select pg_sleep(1)", "function pg_sleep is not supported", "pg_sleep"),
            ("select array[array[1, 2]]", "an array of arrays is not supported", "array["),
            ("select t::char(3) from types", "a text type with a length is not supported", "char"),
            ("select at at time zone 'Mars' from types", "time zone \"Mars\" not recognized", "'Mars'"),
            ("select at::timestamptz from types", "the time zone of the session is not known here", "at"),
            ("select at::timetz from types", "type timetz is not supported", "timetz"),
            ("select * from read_csv('x.csv')", "table function read_csv is not supported", "read_csv"),
            ("select json_agg(t) from types", "aggregate json_agg is not supported", "json_agg"),
            ("select json_agg(t) from types", "aggregate json_agg is not supported", "json_agg"),
            (
                "select 1 from claims c full join deaths d on (select max(death_date) from deaths x where x.patient_id = c.patient_id) = d.death_date",
                "a subquery over both sides in the condition of an outer join is not supported", ""
            ),
            ("select types from types", "the whole row \"types\" as a value is not supported", "types"),
            ("select * from types limit i", "column \"i\" does not exist", "i"),
            ("select sum(distinct i) over () from types", "DISTINCT in a window function is not supported", "sum"),
            ("select $1", "there is no parameter $1", "$1"),
            (
                "select 1 from types o where i = (select sum(o.i) from types x)",
                "aggregate functions are not allowed in WHERE", "sum"
            ),
        ] as [Case])
    func unsupported(_ expected: Case) throws { try check(expected) }

    private func check(_ expected: Case) throws {
        let found = try #require(planningError(expected.query), "planned: \(expected.query)")
        #expect(found.error.message == expected.message)
        #expect(found.rest.hasPrefix(expected.at), "points at \(found.rest.prefix(20))")
    }

    @Test("the nearest name is suggested")
    func suggestions() throws {
        #expect(planningError("select nme from institutions")?.error.hint == "did you mean \"name\"?")
        #expect(planningError("select * from clams")?.error.hint == "did you mean \"claims\"?")
        let isText = "text is compared with text; write the digits in quotes"
        #expect(planningError("select 1 from claims where item_name = 970101")?.error.hint == isText)
        #expect(planningError("select 1 from claims where 970101 < item_name")?.error.hint == isText)
        #expect(planningError("select 1 from claims where item_name = amount")?.error.hint == "no operator matches these types; add a cast")
        #expect(planningError("select lenght('x')")?.error.hint == "did you mean \"length\"?")
        #expect(planningError("select meddian(amount) from claims")?.error.hint == "did you mean \"median\"?")
        #expect(planningError("select array_lenght(array[1], 1)")?.error.hint == "did you mean \"array_length\"?")
        #expect(planningError("select unest(array[1])")?.error.hint == "did you mean \"unnest\"?")
        #expect(planningError("select * from unest(array[1])")?.error.hint == "did you mean \"unnest\"?")
        let isGiven = "no function matches the given argument types; you might need to add explicit type casts"
        #expect(planningError("select cardinality(1)")?.error.hint == isGiven)
        #expect(planningError("select * from generate_subscripts(1, 2)")?.error.hint == isGiven)
    }

    @Test("an error points into the statement's text")
    func diagnostic() throws {
        let text = "select 1,\n  nme from institutions"
        let error = try #require(planningError(text)).error
        let diagnostic = error.diagnostic(in: text, file: "query.sql")
        #expect(
            DiagnosticRenderer.oneLine(diagnostic)
                == "query.sql:2:3: column \"nme\" does not exist; did you mean \"name\"?")
        #expect(diagnostic.kind == .query)
    }

    @Test("an error inside a view points at the view's name")
    func views() throws {
        let catalog = ClaimsCatalog(views: [
            "broken": "select nothing from claims", "odd": "drop table claims", "a": "select * from b",
            "b": "select * from a",
        ])
        let broken = try #require(planningError("select * from broken", catalog: catalog))
        #expect(broken.error.message == "view \"broken\": column \"nothing\" does not exist")
        #expect(broken.rest == "broken")
        #expect(planningError("select * from odd", catalog: catalog)?.error.message == "view \"odd\" is no query")
        #expect(planningError("select * from a", catalog: catalog)?.error.message == "view \"a\" reads itself")
    }

    @Test("deep nesting neither crashes nor takes long")
    func depth() throws {
        let sum = Array(repeating: "i", count: 900).joined(separator: " + ")
        #expect(try plan("select \(sum) from types").columns[0].type == .integer)
        let conditions = (0..<3000).map { "i = \($0)" }.joined(separator: " or ")
        #expect(try plan("select 1 from types where \(conditions)").columns.count == 1)
    }
}
