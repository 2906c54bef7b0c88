import Columns
import Planning
import Testing

@Suite("Types of expressions")
struct TypeTests {
    @Test(
        "an expression has PostgreSQL's type",
        arguments: [
            // Literals.
            ("1", "integer"), ("2147483647", "integer"), ("2147483648", "bigint"), ("-2147483648", "integer"),
            ("9223372036854775808", "numeric(19,0)"), ("1.50", "numeric(3,2)"), ("1e3", "numeric(4,0)"),
            ("'x'", "text"),
            ("null", "text"), ("true", "boolean"), ("date '2025-01-31'", "date"), ("interval '1 month'", "interval"),
            // Arithmetic.
            ("i + i", "integer"), ("i + l", "bigint"), ("i / 2", "integer"), ("i % 3", "integer"),
            ("n + n", "numeric(11,2)"), ("n * n", "numeric(20,4)"), ("n / 3", "numeric(38,16)"),
            ("n + 1", "numeric(11,2)"),
            ("n * 1.5", "numeric(12,3)"), ("n + d", "double precision"), ("i * d", "double precision"),
            ("i + 1.5", "numeric(12,1)"),
            ("-n", "numeric(10,2)"), ("n % 7", "numeric(10,2)"), ("i + '5'", "integer"),
            ("n + '0.125'", "numeric(12,3)"),
            ("n::numeric(16,4) * n::numeric(16,6)", "numeric(32,10)"),
            // Dates and times.
            ("day - day", "integer"), ("day + 1", "date"), ("1 + day", "date"), ("day - 7", "date"),
            ("day + interval '1 month'", "timestamp"), ("at - at", "interval"), ("at - day", "interval"),
            ("at + iv", "timestamp"), ("iv + iv", "interval"), ("iv * 2", "interval"), ("2 * iv", "interval"),
            ("iv / 2", "interval"), ("day + '1 month'", "timestamp"), ("day - '2025-01-01'", "integer"),
            ("-iv", "interval"),
            ("date_trunc('month', day)", "timestamp"), ("extract(year from day)", "numeric(38,0)"),
            ("extract(epoch from at)", "numeric(38,6)"), ("extract(epoch from day)", "numeric(38,0)"),
            ("extract(milliseconds from at)", "numeric(38,3)"), ("extract(julian from day)", "numeric(38,0)"),
            ("date_part('year', at)", "double precision"),
            ("age(at, day)", "interval"), ("to_char(at, 'YYYY-MM')", "text"), ("to_date(t, 'YYYYMMDD')", "date"),
            ("make_date(2025, 1, i)", "date"),
            // Conditions.
            ("i = l", "boolean"), ("n > i", "boolean"), ("day < at", "boolean"), ("day = '2025-01-31'", "boolean"),
            ("t like 'a%'", "boolean"), ("i in (1, 2)", "boolean"), ("n between 1 and 2.5", "boolean"),
            ("b is not true", "boolean"), ("t is not distinct from 'x'", "boolean"), ("not b", "boolean"),
            // Common types.
            ("case when b then i else n end", "numeric(12,2)"), ("case when b then 1 end", "integer"),
            ("coalesce(n, 0)", "numeric(12,2)"), ("coalesce(day, at)", "timestamp"), ("coalesce(t, 'none')", "text"),
            ("greatest(i, l)", "bigint"), ("least(n, d)", "double precision"), ("nullif(i, 0)", "integer"),
            // Functions.
            ("length(t)", "integer"), ("abs(n)", "numeric(10,2)"), ("abs(i)", "integer"), ("round(n)", "numeric(9,0)"),
            ("round(n, 1)", "numeric(10,1)"), ("round(d)", "double precision"), ("round(i)", "double precision"),
            ("ceil(n)", "numeric(9,0)"), ("floor(d)", "double precision"), ("sqrt(n)", "numeric(38,17)"), ("sqrt(i)", "double precision"),
            ("ln(n)", "numeric(38,18)"), ("power(n, d)", "double precision"), ("log(2, i)", "numeric(38,16)"), ("power(2, 10)", "double precision"), ("mod(i, 2)", "integer"),
            ("t || 1", "text"), ("concat(t, 1, day)", "text"), ("substring(t from 1 for 3)", "text"),
            ("position('a' in t)", "integer"), ("split_part(t, ',', 2)", "text"), ("2 ^ 3", "double precision"),
            // Casts.
            ("i::text", "text"), ("t::numeric(8,2)", "numeric(8,2)"), ("n::numeric", "numeric(10,2)"),
            ("i::numeric", "numeric(10,0)"), ("at::date", "date"), ("'12.5'::numeric", "numeric(3,1)"),
            ("b::integer", "integer"),
        ] as [(String, String)])
    func expression(text: String, type: String) throws {
        #expect(try plan("select \(text) from types").columns[0].type.name == type)
    }

    @Test(
        "an aggregate or window call has its documented type",
        arguments: [
            ("count(*)", "bigint"), ("count(distinct t)", "bigint"), ("sum(i)", "bigint"), ("sum(l)", "numeric(38,0)"),
            ("sum(n)", "numeric(38,2)"), ("sum(d)", "double precision"), ("avg(i)", "numeric(38,16)"),
            ("avg(n)", "numeric(38,16)"), ("avg(d)", "double precision"), ("min(day)", "date"), ("max(t)", "text"),
            ("median(n)", "double precision"), ("mad(i)", "double precision"), ("quantile(n, 0.9)", "double precision"),
            ("percentile_cont(0.5) within group (order by n)", "double precision"),
            ("percentile_disc(0.5) within group (order by n)", "numeric(10,2)"),
            ("mode() within group (order by t)", "text"), ("stddev(n)", "numeric(38,16)"), ("variance(i)", "numeric(38,16)"),
            ("stddev(d)", "double precision"),
            ("corr(d, i)", "double precision"),
            ("bool_and(b)", "boolean"), ("string_agg(t, ',')", "text"), ("approx_count_distinct(t)", "bigint"),
            ("row_number() over (order by i)", "bigint"), ("cume_dist() over (order by i)", "double precision"),
            ("ntile(4) over (order by i)", "integer"), ("lag(n) over (order by i)", "numeric(10,2)"),
            ("lag(n, 1, 0) over (order by i)", "numeric(12,2)"), ("sum(n) over (partition by t)", "numeric(38,2)"),
            ("first_value(day) over (order by i)", "date"),
        ] as [(String, String)])
    func aggregate(text: String, type: String) throws {
        #expect(try plan("select \(text) from types").columns[0].type.name == type)
    }

    @Test("an as-of moment stands for now")
    func asOf() throws {
        let moment: Int64 = 1_735_689_600_000_000
        let planned = try plan("select current_date, now()", asOf: moment)
        guard case .project(_, let items) = planned.plan else {
            Issue.record("no projection")
            return
        }
        #expect(items[0].expression == .constant(.date(20_089), .date))
        #expect(items[1].expression == .constant(.timestamp(moment), .timestamp))
    }

    @Test(
        "constants are computed while planning",
        arguments: [
            ("1 + 2 * 3", "7"), ("7 / 2", "3"), ("-7 / 2", "-3"), ("7 % -4", "3"), ("1.5 * 2.25", "3.375"),
            ("10.0 / 4", "2.5000000000000000"), ("2 / 3.0", "0.6666666666666667"), ("-(3)", "-3"),
            ("date '2025-01-31' + interval '1 month'", "timestamp '2025-02-28 00:00:00'"),
            ("date '2025-03-01' - 1", "date '2025-02-28'"), ("date '2025-03-01' - date '2025-02-01'", "28"),
            ("timestamp '2025-01-01 10:00' - interval '90 minutes'", "timestamp '2025-01-01 08:30:00'"),
            ("'2025-01-31'::date", "date '2025-01-31'"), ("'20250131'::date", "date '2025-01-31'"),
            ("'2025/1/31 08:04:38'::timestamp", "timestamp '2025-01-31 08:04:38'"), ("'1.005'::numeric(3,2)", "1.01"),
            ("2.5::integer", "3"), ("true and null is null", "true"), ("1 = 1 or 1 / 0 = 1", "true"),
            ("case when 1 > 2 then 'a' else 'b' end", "'b'"), ("coalesce(null, 5)", "5"), ("'a' || 'b'", "'ab'"),
            ("null || 'b'", "NULL"), ("not (1 < 2)", "false"), ("3 in (3)", "true"),
            ("interval '1 year 2 mons -3 days 04:05:06'", "interval '14 mons -3 days 14706000000 us'"),
            ("interval '3' day", "interval '0 mons 3 days 0 us'"),
            // What would fail is left to the rows.
            ("1 / 0", "1 / 0"), ("2147483647 + 1", "2147483647 + 1"),
        ] as [(String, String)])
    func constants(text: String, value: String) throws {
        let printed = try planText("select \(text) as x")
        #expect(printed == "Project [x := \(value)]\n  Values (1 row)")
    }
}
