/// Functions of other engines that are not here, and what does their work.
enum FunctionHabits {
    /// What to write instead of a function that hands know from DuckDB, ClickHouse, MySQL or a spreadsheet; nil for any other.
    static func instead(of name: String) -> String? { table[name] }

    private static let quantile = "write percentile_cont(0.5) within group (order by x)"

    private static let table = [
        "strftime": "write to_char(x, 'YYYY-MM-DD')", "date_format": "write to_char(x, 'YYYY-MM-DD')",
        "strptime": "write to_date(text, 'YYYY-MM-DD') or to_timestamp(text, 'YYYY-MM-DD HH24:MI:SS')",
        "date_diff": "subtract: b - a of dates is a number of days", "datediff": "subtract: b - a of dates is a number of days",
        "date_add": "write x + interval '1 day'", "dateadd": "write x + interval '1 day'",
        "date_sub": "write x - interval '1 day'", "datesub": "write x - interval '1 day'",
        "epoch": "write extract(epoch from x)", "epoch_ms": "write extract(epoch from x) * 1000", "printf": "write format('%s', x)",
        "range": "write generate_series(0, n - 1)", "list_sum": "write select sum(x) from unnest(array) x", "dayofweek": "write extract(dow from x)", "weekday": "write extract(dow from x)",
        "dayofyear": "write extract(doy from x)", "weekofyear": "write extract(week from x)",
        "second": "write extract(second from x)", "dayname": "write to_char(x, 'Day')", "monthname": "write to_char(x, 'Month')",
        "last_day": "write date_trunc('month', x) + interval '1 month - 1 day'", "today": "write current_date",
        "getdate": "write now()", "sysdate": "write now()", "tostartofmonth": "write date_trunc('month', x)",
        "isnull": "write x is null", "if": "write case when … then … else … end", "iif": "write case when … then … else … end",
        "multiif": "write case when … then … else … end", "decode": "write case x when … then … else … end",
        "len": "write length(x)", "instr": "write strpos(text, part)", "charindex": "write strpos(text, part)",
        "contains": "write strpos(text, part) > 0", "prefix": "write starts_with(text, part)",
        "regexp_extract": "write regexp_substr(text, pattern)", "regexp_full_match": "write regexp_like(text, '^(…)$')",
        "first": "write any_value(x)", "arbitrary": "write any_value(x)", "last": "write (array_agg(x order by y desc))[1]",
        "arg_max": "write (array_agg(x order by y desc))[1]", "argmax": "write (array_agg(x order by y desc))[1]",
        "max_by": "write (array_agg(x order by y desc))[1]", "arg_min": "write (array_agg(x order by y))[1]",
        "argmin": "write (array_agg(x order by y))[1]", "min_by": "write (array_agg(x order by y))[1]",
        "group_concat": "write string_agg(x, ', ')", "listagg": "write string_agg(x, ', ')", "grouparray": "write array_agg(x)",
        "count_if": "write count(*) filter (where …)", "countif": "write count(*) filter (where …)",
        "sumif": "write sum(x) filter (where …)", "averageif": "write avg(x) filter (where …)",
        "uniq": "write count(distinct x)", "uniqexact": "write count(distinct x)",
        "quantile_cont": quantile,
        "quantile_disc": "write percentile_disc(0.5) within group (order by x)",
        "approx_quantile": quantile,
        "list_contains": "write x = any (array)", "array_contains": "write x = any (array)", "list_value": "write array[…]",
        "average": "write avg(x)", "averageifs": "write avg(x) filter (where …)", "sumifs": "write sum(x) filter (where …)",
        "countifs": "write count(*) filter (where …)", "counta": "write count(x)", "countblank": "write count(*) filter (where x is null)",
        "sumproduct": "write sum(x * y)", "stdev": "write stddev(x)", "stdevp": "write stddev_pop(x)", "percentile": quantile,
        "quartile": quantile, "vlookup": "write left join … on …", "xlookup": "write left join … on …", "hlookup": "write left join … on …",
        "iferror": "write coalesce(x, …) or nullif(x, 0)", "ifs": "write case when … then … else … end",
        "switch": "write case x when … then … else … end", "mid": "write substring(x, from, count)", "proper": "write initcap(x)",
        "concatenate": "write a || b", "rept": "write repeat(text, count)", "find": "write strpos(text, part)",
        "datedif": "subtract: b - a of dates is a number of days", "edate": "write x + interval '1 month'",
        "eomonth": "write date_trunc('month', x) + interval '1 month - 1 day'", "roundup": "write ceil(x)", "rounddown": "write trunc(x, digits)",
        "yearweek": "write to_char(x, 'IYYY-IW')", "toyyyymm": "write to_char(x, 'YYYYMM')", "columns": "write the columns that are wanted, one by one",
        "try_cast": "write case when x ~ '^[0-9]+$' then x::bigint end",
    ]
}
