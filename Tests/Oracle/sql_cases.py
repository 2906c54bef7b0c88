#!/usr/bin/env python3
"""Statements where databases like to differ, one file a subject, for slt_runner.py.

usage: sql_cases.py FOLDER

Writes FOLDER/<subject>.sql: the tables of the subject and some hundred queries, made from lists of operands, functions and
clauses that are joined with one another. Nothing is random.
"""
import itertools
import os
import sys

PEOPLE = """
create table t (id int, g text, v int, n numeric(10,2), d date, x double precision);
insert into t values
 (1,'a',10,1.50,'2024-01-31',0.5),(2,'a',20,2.25,'2024-02-29',1.5),(3,'a',20,null,'2024-02-29',null),(4,'a',null,4.00,null,-0.0),
 (5,'b',5,0.00,'2023-12-31',1e10),(6,'b',5,-1.25,'2024-03-01',-2.5),(7,null,7,7.77,'2024-01-01',3.25),(8,null,null,null,null,null),
 (9,'c',9,9.99,'2025-06-30',9.75),(10,'c',-9,-9.99,'1999-12-31',0.1);
create table u (id int, k int, g text, w int);
insert into u values (1,10,'a',1),(2,20,'a',2),(3,20,'b',3),(4,null,'c',null),(5,7,null,5),(6,99,'z',6),(7,null,null,7);
create table e (id int, v int);
create table zh (id int, s text);
insert into zh values (1,'阿莫西林胶囊'),(2,'头孢克肟'),(3,'abc中文def'),(4,''),(5,null),(6,'𠮷野家'),(7,'50%_折扣\\'),(8,'a%b_c'),(9,'  前后 空格  '),(10,'Straße ÀÉ');
"""


def windows():
    yield PEOPLE
    bounds = ["unbounded preceding", "2 preceding", "1 preceding", "0 preceding", "current row", "0 following", "1 following",
              "2 following", "unbounded following"]
    place = {b: n for n, b in enumerate(bounds)}
    excludes = ["", "exclude current row", "exclude group", "exclude ties", "exclude no others"]
    functions = ["count(*)", "sum(v)", "array_agg(id)", "first_value(id)", "last_value(v)", "nth_value(id, 2)", "avg(n)", "max(v)", "min(n)",
                 "string_agg(id::text, ',')", "count(v) filter (where v > 5)", "bool_or(v > 9)", "sum(n)", "stddev_pop(v)"]
    number = 0
    for mode in ("rows", "groups", "range"):
        for start in bounds[:-1]:
            for end in bounds[1:]:
                for exclude in excludes:
                    number += 1
                    if number % 3 or place[start] > place[end] + 3:
                        continue
                    function = functions[number % len(functions)]
                    order = ["v nulls first", "v desc", "v", "d, id", "v desc nulls last"][number % 5]
                    if mode == "rows" or "id" in function or "_value" in function:
                        # Ties would leave the answer open.
                        order = "id" if mode == "range" else order.removesuffix(", id") + ", id"
                    if mode == "range" and "," in order and ("1 " in start + end or "2 " in start + end or "0 " in start + end):
                        order = "v"
                    partition = "" if number % 2 else "partition by g "
                    yield f"select id, {function} over ({partition}order by {order} {mode} between {start} and {end} {exclude}) from t order by id"
    for function in ["row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(3)", "ntile(1)", "lag(v)", "lag(v, 2)", "lag(v, 1, -1)",
                     "lead(v, 0)", "lead(v, -1)", "lead(n, 1, 0)", "lag(d, 1)", "lag(g, 1, 'none')", "first_value(v)", "last_value(v)", "nth_value(v, 3)", "nth_value(v, 1)",
                     "lag(v, null)", "ntile(null)", "nth_value(v, null)", "lag(v, id % 3)", "ntile(20)", "lag(null::int)", "lead(x, 1, 7)"]:
        for order in ["id", "v, id", "g nulls first, v desc, id", "v nulls first, id desc"]:
            yield f"select id, {function} over (order by {order}) from t order by id"
            yield f"select id, {function} over (partition by g order by {order}) from t order by id"
    for interval in ["1 day", "1 month", "30 days", "1 year", "1 month 1 day"]:
        for end in ["current row", f"'{interval}' following", "unbounded following"]:
            yield f"select id, count(*) over (order by d range between '{interval}' preceding and {end}) from t order by id"
            yield f"select id, sum(v) over (order by d desc range between interval '{interval}' preceding and {end}) from t order by id"
            yield f"select id, count(*) over (order by d::timestamp range between '{interval}' preceding and {end}) from t order by id"
    for offset in ["0.5", "1", "2.25", "0", "100"]:
        yield f"select id, sum(n) over (order by n range between {offset} preceding and {offset} following) from t order by id"
        yield f"select id, count(*) over (order by x range between {offset} preceding and {offset} following) from t order by id"
        yield f"select id, count(*) over (order by n desc nulls last range between {offset} following and unbounded following) from t order by id"
    yield from """select id, sum(v) over (order by v rows -1 preceding) from t
select id, sum(v) over (order by v rows between 1 following and 1 preceding) from t
select id, sum(v) over (range 1 preceding) from t
select id, sum(v) over (groups 1 preceding) from t
select id, sum(v) over (order by v rows between unbounded following and current row) from t
select id, sum(v) over (order by v rows between current row and 1 preceding) from t
select id, sum(v) over (order by g range 1 preceding) from t
select id, ntile(0) over (order by id) from t
select id, nth_value(v, 0) over (order by id) from t
select id, sum(v) over (order by v range -1 preceding) from t
select id, sum(v) over (order by v rows null preceding) from t
select id, sum(v) over w from t window w as (partition by g order by id) order by id
select id, sum(v) over (w rows 1 preceding) from t window w as (partition by g order by id) order by id
select id, sum(v) over (w order by id) from t window w as (partition by g) order by id
select id, sum(v) over (w order by id) from t window w as (order by id) order by id
select id, sum(v) over (w partition by id) from t window w as (order by id) order by id
select id, sum(v) over w2 from t window w as (partition by g), w2 as (w order by id) order by id
select id, sum(v) over w from t
select id, sum(v) over (w) from t window w as (order by id rows 1 preceding)
select id, sum(v) over w from t window w as (order by id rows 1 preceding) order by id
select sum(v) from t where row_number() over () > 1
select g, sum(sum(v)) over (order by g) from t group by g order by g
select g, sum(v), rank() over (order by sum(v) desc nulls last) from t group by g order by g
select g, count(*) over () from t group by g having count(*) > 1 order by g
select distinct g, count(*) over (partition by g) from t order by 1
select distinct count(*) over () from t
select id from t order by row_number() over (order by v desc nulls last, id)
select id, row_number() over (order by id) + rank() over (order by v, id) from t order by 1
select id, sum(v) over (order by id) - lag(v) over (order by id) from t order by 1
select id, case when row_number() over (partition by g order by id) = 1 then g end from t order by id
select * from (select id, row_number() over (partition by g order by v desc nulls last, id) as r from t) s where r <= 1 order by id
select id, count(distinct v) over () from t
select id, sum(v order by id) over () from t
select id, array_agg(v order by v) over () from t
select id, max(g) over (order by id), min(g) over (order by id desc) from t order by id
select id, max(d) over (order by id rows between 2 preceding and 1 preceding), min(d) over (order by id rows 1 preceding) from t order by id
select id, first_value(v) over (order by v nulls first), last_value(v) over (order by v nulls first) from t order by id
select id, lag(id) over (partition by g order by v nulls first, id), g from t order by id
select id, ntile(4) over (partition by v is null order by id) from t order by id
select id, sum(v) over (partition by g, v is null order by id) from t order by id
select id, sum(1) over (partition by id % 2 order by id rows between current row and unbounded following) from t order by id
select id, avg(v) over (order by id rows between 1 preceding and 1 following) from t order by id
select id, avg(x) over (order by id rows between 1 preceding and 1 following) from t order by id
select id, variance(v) over (order by id), stddev(v) over (order by id) from t order by id
select id, sum(v) over (order by id) from t where v is not null order by id limit 3 offset 1
select id, percent_rank() over (partition by g order by v) from t order by id
select id, cume_dist() over (partition by g order by v desc) from t order by id
select id, (select sum(v) over (order by t.id) from u limit 1) from t order by id
select id, sum(v) over (order by (select max(w) from u) - id) from t order by id
select id, sum((select count(*) from u where u.k = t.v)) over (order by id) from t order by id
select u.id, sum(t.v) over (partition by u.id order by t.id) from u left join t on t.g = u.g order by 1, 2
select row_number() over () from e
select count(*) over () from e
select sum(v) over (), avg(v) over () from e
select id, sum(v) over (order by d range between '1 day' preceding and '-1 day' following) from t
select id, string_agg(g, '-') over (order by id) from t order by id
select id, count(*) filter (where g = 'a') over (order by id) from t order by id
select id, rank() filter (where v > 1) over (order by id) from t
select id, percentile_cont(0.5) within group (order by v) over () from t
select id, bool_and(v > 0) over (partition by g) from t order by id
select id, every(v > 0) over (order by id rows 1 preceding) from t order by id
select id, corr(v, id) over (order by id) from t order by id
select id, array_agg(v) over (partition by g order by id rows between 1 following and 2 following) from t order by id
select rank() over (order by g), g from t group by g order by g
select id, lead(id, 9223372036854775807) over (order by id) from t
select id, lag(id, 1, 'x') over (order by id) from t
select id, lag(v, 1, 2.5) over (order by id) from t order by id
select id, nth_value(id, 2) over (order by id rows between unbounded preceding and unbounded following) from t order by id
select id, first_value(id) over (partition by g order by v desc nulls last, id) from t order by id
select sum(count(*)) over (), g from t group by rollup(g) order by g
select g, grouping(g), rank() over (partition by grouping(g) order by sum(v) desc) from t group by rollup(g) order by 1, 2""".split("\n")


def nulls():
    yield PEOPLE
    lists = ["1", "1, null", "null", "10, 20, null", "20", "7, 5"]
    for items in lists:
        for word in ("in", "not in"):
            yield f"select id, v {word} ({items}) from t order by id"
            yield f"select id from t where v {word} ({items}) order by id"
            yield f"select id from t where not (v {word} ({items})) order by id"
            yield f"select count(*) filter (where (v {word} ({items})) is null) from t"
            yield f"select id from t where (v {word} ({items})) is not true order by id"
    subqueries = ["select k from u", "select k from u where k is not null", "select v from e", "select null::int", "select k from u where false",
                  "select k from u where k > 50", "select k from u where u.g = t.g", "select k from u where u.g is not distinct from t.g", "select w from u"]
    for query in subqueries:
        for word in ("in", "not in", "= any", "<> all", "> all", "< any", "<= all", "= all", "<> any"):
            yield f"select id from t where v {word} ({query}) order by id"
            yield f"select id, v {word} ({query}) from t order by id"
        for word in ("exists", "not exists"):
            yield f"select id from t where {word} ({query}) order by id"
            yield f"select id, {word} ({query}) from t order by id"
        yield f"select id from t where (v in ({query})) is null order by id"
        yield f"select id from t where (v not in ({query})) is unknown order by id"
        yield f"select count(*) from t where not (v = any ({query}))"
        yield f"select id, case when v in ({query}) then 'in' when v not in ({query}) then 'out' else 'unknown' end from t order by id"
    for a in ("true", "false", "null::boolean"):
        yield f"select {a} is true, {a} is false, {a} is unknown, {a} is not true, {a} is not false, {a} is not unknown, not {a}, {a} is null"
        for b in ("true", "false", "null::boolean", "null"):
            yield f"select {a} and {b}, {a} or {b}, {a} = {b}, {a} <> {b}, {a} < {b}, {a} is distinct from {b}, {a} is not distinct from {b}"
    for name in ("sum", "count", "avg", "min", "max", "stddev", "bool_and", "array_agg", "string_agg", "variance", "every", "mode", "corr"):
        for source in ("t where false", "t where v is null", "e", "t where id = 1", "(select null::int as v, 1 as id, null::text as g) t"):
            argument = {"bool_and": "v > 1", "every": "v > 1", "string_agg": "v::text, ','", "corr": "v, v"}.get(name, "v")
            if name == "mode":
                yield f"select mode() within group (order by v) from {source}"
            else:
                yield f"select {name}({argument}) from {source}"
    yield from """select coalesce(null, null)
select coalesce(null, 1), coalesce(null, null, 'x'), coalesce(1, 2.5), coalesce(null::int, 2.5)
select nullif(1, 1), nullif(1, 2), nullif(null, 1), nullif(1, null), nullif('a', 'a'), nullif(1, 1.0), nullif(2, 1.0)
select greatest(1, null, 3), least(null, 2, 1), greatest(null, null), least(null::text, 'a'), greatest(1, 2.5), greatest('a', 'B')
select null = null, null <> null, null is null, null is not null, null is distinct from null, 1 is distinct from null
select null + 1, null || 'a', 'a' || null, null and false, null or true, not null
select concat(null, 'a', null, 1), concat_ws(',', null, 'a', null, 'b'), concat_ws(null, 'a', 'b'), concat(), concat(null)
select count(null), count(*), sum(null::int), max(null::text) from t
select count(v), count(*), count(distinct v), count(distinct g), sum(distinct v), avg(distinct v) from t
select v, count(*) from t group by v order by v nulls first
select v, count(*) from t group by v order by v desc
select g, v from t order by g desc nulls last, v asc nulls first, id
select distinct v from t order by v nulls first
select distinct g, v is null from t order by 1, 2
select v from t union select k from u order by 1
select v from t intersect select k from u order by 1 nulls first
select v from t except select k from u order by 1
select v from t intersect all select k from u order by 1
select v from t except all select k from u order by 1
select t.id, u.id from t join u on t.v = u.k order by 1, 2
select t.id, u.id from t left join u on t.v = u.k order by 1, 2
select t.id, u.id from t full join u on t.v = u.k order by 1, 2
select t.id, u.id from t join u on t.v is not distinct from u.k order by 1, 2
select t.id, u.id from t left join u on t.v = u.k and u.k > 15 where t.v is null or u.id is null order by 1, 2
select id from t where v <> 20 order by id
select id from t where not v = 20 order by id
select id from t where v > 5 or v is null order by id
select id from t where (v > 5) is not false order by id
select id from t where v between 5 and null order by id
select id from t where v not between null and 5 order by id
select id from t where v not between symmetric 20 and 5 order by id
select id, v between symmetric 20 and 5 from t order by id
select id, case v when null then 'n' when 20 then 'x' end from t order by id
select id, case when v = 20 then 1 when v is null then 0 end from t order by id
select case when null then 1 else 2 end
select (1, null) = (1, null), (1, null) <> (2, null), (1, 2) < (1, null), (1, null) is null, (null, null) is null, (1, null) is not null
select row(1, null) is distinct from row(1, null), (1, 2) = (1, 3), (2, null) > (1, 5)
select id from t where (id, v) in ((1, 10), (4, null), (2, null)) order by id
select id from t where (id, v) not in ((1, 10), (4, null)) order by id
select id from t where (id, v) in (select id, k from u) order by id
select id from t where (id, v) not in (select id, k from u) order by id
select id from t where (v, g) = (select k, g from u where id = 2) order by id
select null::int in (select 1 where false), null::int not in (select 1 where false)
select 1 in (select null::int), 1 not in (select null::int), 1 = any (select null::int), 1 <> all (select null::int where false)
select (select v from t where false), (select v from t where id = 4)
select (select v from t)
select exists (select null), exists (select 1 where null)
select 1 = any (array[1, null]), 2 = any (array[1, null]), 2 <> all (array[1, null]), 1 = all ('{}'::int[])
select id, v + null, v * 0 from t where id in (1, 4) order by id
select sum(v) filter (where null), count(*) filter (where v is null) from t
select g, sum(v) from t group by g having sum(v) is null order by g
select g, sum(v) from t group by g having null
select id from t where null
select id from t limit null
select id from t order by id offset null limit 2
select num_nulls(1, null, 'a'), num_nonnulls(null, null)
select true > false, max(g), min(g) from t
select array_agg(g order by g), array_agg(g order by g desc), array_agg(v order by v nulls first) from t
select string_agg(g, ',' order by id), string_agg(g, null order by id), string_agg(distinct g, ',') from t
select bool_and(v > 0), bool_or(v is null), bool_and(null) from t
select '' is null, length(''), '' = '', '' || null is null
select length(null), upper(null), substring(null from 1), position('a' in null), replace('a', null, 'b'), abs(null)
select null between 1 and 2, 1 between null and 0, 1 not between null and 0
select null like 'a', 'a' like null, null in (1), null in (), 1
select * from (values (1, null), (null, 2)) v(a, b) where a is null or b = 2 order by a
select * from (values (null), (1)) v(a) order by a
select * from (values (null), (null)) v(a)
select max(a) from (values (null), (null)) v(a)
select a, pg_typeof(a) from (select null as a) s""".split("\n")


def subqueries():
    yield PEOPLE
    inner = ["select max(w) from u where u.g = t.g", "select count(*) from u where u.k = t.v", "select count(*) from u where u.k > t.v", "select sum(w) from u where u.k = t.v",
             "select w from u where u.id = t.id", "select w from u where u.k = t.v order by w desc limit 1", "select min(k) from u where u.g = t.g and u.k > t.v",
             "select coalesce(sum(w), -1) from u where u.g = t.g", "select t.v + 1", "select avg(w) from u where u.id < t.id", "select count(*) from u",
             "select max(w) from u where u.g = t.g group by g", "select string_agg(u.id::text, ',' order by u.id) from u where u.g = t.g",
             "select count(distinct w) from u where u.g = t.g or u.g is null", "select max(k) from u where u.g = t.g having count(*) > 1",
             "select sum(a.w) from u a join u b on a.id = b.id where b.g = t.g", "select w from u where u.g = t.g",
             "select count(*) from u where u.g = t.g and exists (select 1 from t t2 where t2.v = u.k and t2.id <> t.id)",
             "select max(k) from (select k from u where u.g = t.g union all select t.v union all select w from u where w > t.id) s(k)",
             "select count(*) from (select k from u where k > t.v except select w from u where g = t.g) s",
             "select sum(k) from (select k from u where u.g = t.g or t.g is null intersect select v from t t2 where t2.id <> t.id) s",
             "select count(k) from (select k, rank() over (partition by g order by w + t.id desc nulls last) as r from u where k is not null) s where r <= t.id % 3",
             "select sum(a.w) from (select * from u where k > t.v) a full join (select * from u where g = t.g) b on a.id = b.id",
             "select count(b.id) from u a right join (select * from u where w < t.id) b on a.g = b.g and a.k <> t.v",
             "select count(*) from (select distinct on (g) g, k from u where w <> t.id order by g, k desc nulls last) s where k > t.v",
             "select sum(c) from (select g, count(*) as c from u where k >= t.v group by rollup(g)) s",
             "select max(x) from (values (t.v), (t.id), (null), (3)) s(x)", "select x from (values (t.v + t.id)) s(x) where x > 20",
             "select avg(m) from (select max(k) as m from u where k <> t.v group by g having count(*) > t.id % 2) s",
             "select count(*) from (select k from u where k <> t.v order by k desc nulls last limit 2 offset 1) s where k < t.v + 20",
             "select regr_count(k, w) from u where u.g = t.g", "select bit_or(k) from u where k < t.v having count(*) > 0",
             "select k from u where u.id = t.id and (k, w) < (select max(v), 9 from t t2 where t2.g = t.g)",
             "select (select count(*) from t t3 where t3.v = u.k and t3.id > t.id) from u where u.id = t.id",
             "select max((select count(*) from t t2 where t2.v < u.k and t2.id < t.id)) from u where u.id < t.id",
             "select count(*) filter (where (select count(*) from t t2 where t2.v < u.k and t2.id < t.id) > 1) from u",
             "select sum(s.c) from u, lateral (select count(*) as c from t t2 where t2.id > u.id and t2.v > t.v) s where u.k > t.id",
             "select count(b.id) from u a left join t b on exists (select 1 from u c where c.k < t.v and c.id > a.id and c.w < b.v)",
             "select sum(case when exists (select 1 from t t2 where t2.id > u.id and t2.v < t.v and not exists (select 1 from u u2 where u2.k > t2.v and "
             "u2.id > t.id)) then u.id end) from u",
             "select n from generate_series(1, 20) n order by n limit 1 offset t.id",
             "with recursive r(n) as (select t.id union all select n + t.id from r where n < 8) select sum(n) from r",
             "with recursive r(n, m) as (select 1, t.v union select r.n + 1, u.k from r join u on u.id = r.n and u.id <= t.id) select max(m) from r"]
    for query in inner:
        yield f"select id, ({query}) from t order by id"
        yield f"select id from t where ({query}) > 1 order by id"
        yield f"select id from t where ({query}) is null order by id"
        yield f"select id from t order by ({query}) nulls first, id"
        yield f"select ({query}) as c, count(*) from t group by 1 order by 1"
        yield f"select sum(({query})) from t"
        yield f"select id, case when v > 5 then ({query}) else -1 end from t order by id"
        yield f"select id, coalesce(({query}), 0) + 1 from t order by id"
        yield f"select t.id, s.c from t left join lateral ({query}) s(c) on true order by 1, 2"
        yield f"select t.id, s.c from t, lateral ({query}) s(c) order by 1, 2"
        yield f"select g, max(({query})) filter (where v > 5) from t group by g order by g"
        yield f"select a.id, b.id from t a join t b on a.id = b.id and (select count(*) from u where u.k = a.v) > 0 order by 1"
        yield f"with q as (select t.*, ({query}) as c from t) select id, c from q where c is not null order by id"
        yield f"select id, ({query}) in (select w from u) from t order by id"
        yield f"select id, row_number() over (order by ({query}) nulls last, id) from t order by id"
    yield from """select g, (select count(*) from u where u.g = t.g) from t group by g order by g
select g, sum(v), (select max(w) from u where u.w < sum(t.v)) from t group by g order by g
select g from t group by g having (select count(*) from u where u.g = t.g) > 1 order by g
select g from t group by g having sum(v) > all (select w from u where w is not null) order by g
select g from t group by g having exists (select 1 from u where u.g = t.g and u.w < max(t.v)) order by g
select id from t where id in (select id from u where u.v = 1)
select id from t where v = (select k from u where u.g = t.g)
select id from t where v = (select k from u where u.id = t.id) order by id
select (select 1, 2)
select id from t where id in (select id, k from u)
select id from t where v > (select k from u)
select (select id from t order by id limit 1), (select id from t order by id desc limit 1)
select id, (select id from u where u.id > t.id order by id limit 1) from t order by id
select id, (select id from u where u.id > t.id order by id offset 1 limit 1) from t order by id
select id, (select array_agg(w order by w) from u where u.g = t.g) from t order by id
select id, array(select w from u where u.g = t.g order by w) from t order by id
select id, exists (select 1 from u where u.k = t.v) and not exists (select 1 from u where u.g = t.g and w > 1) from t order by id
select id from t where exists (select 1 from u where exists (select 1 from t t3 where t3.v = u.k and t3.g = t.g)) order by id
select id from t where not exists (select 1 from u where not exists (select 1 from t t3 where t3.v = u.k and t3.id = t.id)) order by id
select id from t where v in (select k from u where u.g in (select g from t t2 where t2.id = t.id)) order by id
select id from t t1 where v = (select max(v) from t where g = t1.g) order by id
select id from t t1 where v >= all (select v from t where g = t1.g and v is not null) order by id
select id from t t1 where 1 = (select count(*) from t where v > t1.v) order by id
select id, (select count(*) from (select distinct k from u where u.g = t.g) s) from t order by id
select id, (select sum(c) from (select count(*) as c from u where u.k <= t.v group by g) s) from t order by id
select id, (select max(k) from (select k from u where u.g = t.g union all select t.v) s(k)) from t order by id
select id, (select count(*) from u, lateral (select u.k + t.v as z) s where z > 25) from t order by id
select t.id, l.* from t cross join lateral (select w, k from u where u.g = t.g order by w desc limit 1) l order by t.id
select t.id, l.* from t left join lateral (select w, k from u where u.g = t.g order by w desc nulls last limit 1) l on l.k = t.v order by t.id
select t.id, l.c from t, lateral (select count(*) as c from u where u.g = t.g) l where l.c = 0 order by 1
select t.id, l.n from t, lateral generate_series(1, t.v / 5) as l(n) where t.id < 4 order by 1, 2
select t.id, l.n from t left join lateral generate_series(1, t.v / 10) as l(n) on true order by 1, 2
select a.x, b.y from (values (1), (2)) a(x), lateral (values (a.x * 10), (a.x * 20)) b(y) order by 1, 2
select * from t, lateral (select t.id as z) s where z = 1
select * from (select id from t) s, lateral (select s.id * 2 as dbl) l where dbl > 15 order by 1
select id from t where (select true)
select id from t where (select null::boolean)
select id from t where (select count(*) from e) = 0 order by id limit 2
select count(*) from t where (select max(v) from e) is null
select id from t where v < (select avg(v) from t) order by id
select id from t where v < any (select v from t where g = 'b') order by id
select (select count(*) from t where t.v = o.k) c, id from u o order by 1, 2
select (select (select (select 1)))
select (select t.id from (select 5 as id) t)
select id from (select * from (select * from t where v > 5) a where id < 5) b order by id
select s.* from (select id, v from t order by v desc nulls last limit 3) s order by id
select x from (select 1 as x union select 2) s where x > 1
with a as (select 1 as x), b as (select x + 1 as x from a) select * from a, b
with t as (select 5 as id) select id from t
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select n, (select count(*) from t where id <= n) from r order by 1
with recursive r(n, f) as (values (1, 1::bigint) union all select n + 1, f * (n + 1) from r where n < 15) select max(f) from r
with recursive r as (select 1 as n union select n % 3 + 1 from r) select * from r order by 1
with a(x, y) as (select 1, 2) select y, x from a
with a(x) as (select 1, 2) select * from a
with a as (select id from t), b as (select id from u) select (select count(*) from a), (select count(*) from b)
with a as materialized (select id from t) select count(*) from a
with a as not materialized (select id from t) select count(*) from a a1 join a a2 using (id)
with a as (select 1), a as (select 2) select 1
select * from t where id = (with m as (select max(id) as i from t) select i from m)
select id in (with m as (select 1 as i) select i from m) from t order by id limit 2
select (select u.id from u where u.id = t.id limit 1 offset 0) from t order by 1 nulls first
select id, (select sum(v) filter (where t2.g = t.g) from t t2) from t order by id
select id, (select max(t2.v) from t t2 where t2.id < t.id) - v from t order by id
select count(*) from t where v = some (select k from u)
select case when exists (select 1 from u where u.k = t.v) then 'y' else 'n' end, count(*) from t group by 1 order by 1
select id from t where g in (select g from u) and v not in (select k from u where k is not null) order by id
select id from t where g in (select g from u) or v in (select k from u) order by id
select id from t where not (g in (select g from u) or v in (select k from u)) order by id
select distinct (select count(*) from u where u.g = t.g) from t order by 1
select t.id from t join u on t.id = u.id and t.v in (select k from u u2 where u2.g = u.g) order by 1
select t.id, u.id from t left join u on t.id = u.id and exists (select 1 from t t2 where t2.v = u.k) order by 1
select t.id from t where t.v + (select 1) = 11
select max((select w from u where u.id = 1)) from t
select sum(v) + (select sum(w) from u) from t
select g, (select t.g || '!') from t group by g order by g
select v, (select t.id) from t group by v
select id from t order by (select k from u where u.id = t.id) desc nulls last, id limit 3
select id from t limit (select 2)
select id from t order by id offset (select count(*) from u) limit (select 1)
values ((select 1), (select max(id) from t))
select * from (values (1, (select 2))) v(a, b)
select (select * from (values (1)) v(x))
select t from t where id = 1""".split("\n")


def joins():
    yield PEOPLE
    conditions = ["t.v = u.k", "t.id = u.id", "t.g = u.g", "t.v < u.k", "t.v = u.k and t.g = u.g", "t.v = u.k or t.g = u.g", "true", "false", "t.v = u.k and t.id > 2",
                  "t.v = u.k and u.w > 1", "t.id = 1", "u.id = 2", "t.v + 0 = u.k", "t.v is not distinct from u.k", "t.v <> u.k", "null", "t.v between u.k - 5 and u.k + 5"]
    for condition in conditions:
        for kind in ("join", "left join", "right join", "full join"):
            if kind == "full join" and condition not in ("t.v = u.k", "t.id = u.id", "t.g = u.g", "t.v = u.k and t.g = u.g", "true", "false", "t.v = u.k and t.id > 2", "t.v = u.k and u.w > 1"):
                continue
            yield f"select t.id, u.id, t.v, u.k from t {kind} u on {condition} order by 1, 2"
            yield f"select count(*), count(t.id), count(u.id), sum(t.v), sum(u.w) from t {kind} u on {condition}"
            yield f"select t.g, count(u.id) from t {kind} u on {condition} group by t.g order by 1"
            yield f"select t.id, u.id from t {kind} u on {condition} where u.w is null or t.v > 5 order by 1, 2"
    for kind in ("join", "left join", "right join", "full join", "natural join", "natural left join", "natural right join", "natural full join"):
        using = [""] if "natural" in kind else ["using (id)", "using (id, g)", "using (g)", "using (v)"]
        for clause in using:
            yield f"select * from t {kind} u {clause} order by 1, 2, 3, 4, 5"
            yield f"select g from t {kind} u {clause} order by 1"
            yield f"select id from t {kind} u {clause} order by 1"
            yield f"select t.id, u.id, t.g, u.g from t {kind} u {clause} order by 1, 2"
            yield f"select g, count(*) from t {kind} u {clause} group by g order by g"
            yield f"select t.*, u.k from t {kind} u {clause} order by t.id, u.id"
            yield f"select count(*) from t {kind} u {clause} where g is null"
            yield f"select count(id) from t {kind} u {clause} where id > 2"
            yield f"select * from (t {kind} u {clause}) order by 1, 2, 3, 4"
            yield f"select j.* from (t {kind} u {clause}) as j order by 1, 2, 3, 4"
    for first, second in itertools.product(("join", "left join", "right join", "full join"), repeat=2):
        yield f"select t.id, u.id, s.id from t {first} u on t.v = u.k {second} t s on s.id = u.w order by 1, 2, 3"
        yield f"select t.id, u.id, s.id from t {first} (u {second} t s on s.id = u.w) on t.v = u.k order by 1, 2, 3"
        yield f"select id, count(*) from t {first} u using (id) {second} t s using (id) group by id order by id"
        yield f"select * from (select id, v from t) a {first} (select id, w from u) b using (id) {second} (values (1, 'one'), (99, 'many')) c(id, name) using (id) order by 1, 2"
    yield from """select * from t cross join u where t.id = 1 and u.id = 1
select count(*) from t, u
select count(*) from t, u, t t2
select a.id, b.id from t a, t b where a.v = b.v and a.id < b.id order by 1, 2
select * from t natural join e
select * from t natural join (select 1 as zz) s where id = 1
select id from t join u on t.id = u.id
select t.id from t join t on true
select t.id from t t1
select x.id from t as x(a, b) where x.a = 1
select x.a, x.n from t as x(a, b) where x.b = 'a' order by 1
select * from t as x(a, b, c, dd, ee, f, z)
select * from t join u using (id) join u u2 using (g) order by 1, 2
select * from t join u using (zz)
select * from t join u using (g) where t.g = 'a' order by 2, 3
select u.* from t join u using (id) order by 1
select t.*, t.id from t where id = 1
select *, id from t where id = 1
select id, * from t where id = 1
select count(t.*) from t
select count(u.*) from t left join u on t.v = u.k
select count(*) from t left join u on t.v = u.k where u is null
select t.id from t left join u on t.id = u.id and u.w > 3 left join e on e.id = u.id order by 1
select e.id, t.id from e right join t on e.v = t.v order by 2
select e.id, t.id from e full join t on e.v = t.v order by 2
select count(*) from e cross join t
select count(*) from e left join t on true
select t.id, s.n from t join (values (1, 'x'), (2, 'y')) s(id, n) on s.id = t.id order by 1
select * from (values (1), (2)) a(x) join (values (2), (3)) b(x) using (x)
select * from (values (1), (2)) a(x) full join (values (2), (3)) b(x) using (x) order by x
select a.x, b.x, x from (values (1), (2)) a(x) full join (values (2), (3)) b(x) using (x) order by x
select coalesce(a.x, b.x) from (values (1), (null)) a(x) full join (values (null), (3)) b(x) on a.x = b.x order by 1
select * from (values (1::int)) a(x) join (values (1.0::numeric)) b(x) using (x)
select * from (values (1::bigint)) a(x) full join (values (2.5::numeric)) b(x) using (x) order by 1
select * from (values ('1')) a(x) join (values ('1')) b(x) using (x)
select * from (values (1)) a(x) join (values ('1'::text)) b(x) using (x)
select * from t a left join u b on a.id = b.id left join u c on b.k = c.k and a.g = c.g order by a.id, c.id
select a.id, (select count(*) from u where u.id = b.id) from t a left join u b on a.id = b.k order by 1, 2
select * from ((t join u using (id)) join (select 3 as w) s using (w)) order by 1
select t.id from t inner join u on (t.id = u.id) inner join u v on (v.id = u.id and v.g = t.g) order by 1
select t.id from t where t.id = u.id
select * from t a join u b on a.id = b.id and a.id = 3
select a.id from t a left join t b on a.id = b.id + 1 where b.v is null order by 1
select a.id, b.id from t a left join lateral (select id from u where u.g = a.g order by w limit 1) b on true order by 1
select a.id, b.id from t a join lateral (select id from u where u.g = a.g) b on b.id > a.id order by 1, 2
select a.id from t a right join lateral (select a.id) b on true
select a.id from t a full join u b on a.id < b.id
select a.id, b.id from t a full join u b on a.id = b.id and a.v = b.k order by 1, 2
select a.g, b.g from t a full join u b using (g) where a.id is null or b.id is null order by 1, 2
select g, min(a.id), max(b.id) from t a full join u b using (g) group by g order by 1
select * from t a join u b on a.id = b.id order by a.id desc limit 2 offset 1
select distinct a.g, b.g from t a join u b on a.v >= b.k order by 1, 2
select a.id from t a join (t b join u c on b.id = c.id) on a.id = c.id order by 1
select b.id from t a join (t b join u c on b.id = c.id) s on a.id = b.id
select s.k from t a join (select c.k, b.id from t b join u c on b.id = c.id) s on a.id = s.id order by 1
select a.id from t a, u b join t c on a.id = c.id
select a.id from t a, lateral (select 1 where a.id = 1) s
select count(*) from t a left join u b on a.id = b.id and a.id in (1, 2) where coalesce(b.w, 0) = 0
select * from t tablesample system (100) where id = 1
select t.id, u.id from t left join u on t.v = u.k and t.g is null order by 1, 2
select t.id, u.id from t left join u on (select max(id) from t) = u.id + 4 order by 1, 2
select sum(a.v * b.w) from t a join u b using (id)
select a.id = b.id from t a join u b using (id) order by 1
select id, a.id, b.id from t a left join u b using (id) order by a.id
select id from t a right join u b using (id) group by id having count(a.id) = 0 order by 1""".split("\n")


def groups():
    yield PEOPLE
    sets = ["g", "rollup(g)", "cube(g)", "rollup(g, v)", "cube(g, v)", "grouping sets ((g), (v))", "grouping sets ((g, v), (g), ())", "grouping sets ((), ())",
            "grouping sets ((g), (g))", "g, rollup(v)", "rollup(g), rollup(v)", "grouping sets (rollup(g), cube(v))", "rollup((g, v))", "rollup(g, (v, d))", "cube((g, v), d)",
            "g, grouping sets ((v), ())", "distinct rollup(g), rollup(g)", "grouping sets (g, v, (g, v))", "()", "rollup(g, v, d)", "g, v", "v, g, ()"]
    for clause in sets:
        plain = [name for name in ("g", "v", "d") if name in clause.replace("grouping", "").replace("rollup", "").replace("distinct", "").replace("sets", "")]
        columns = ", ".join(plain) or "1 as one"
        order = ", ".join(str(number) for number in range(1, 3 + len(plain)))
        grouping = f"grouping({', '.join(plain)})" if plain else "0"
        yield f"select {columns}, count(*), sum(n) from t group by {clause} order by {order}"
        yield f"select {columns}, {grouping}, count(v) from t group by {clause} order by {order}"
        yield f"select {columns}, {grouping} as gr, max(id) from t group by {clause} having count(*) > 1 order by {order}"
        yield f"select {columns}, count(*) from e left join t on false group by {clause} order by {order}"
        yield f"select count(*), {columns} from t where false group by {clause} order by {order}"
        yield f"select {columns}, count(*) filter (where id > 3), array_agg(id order by id) from t group by {clause} order by {order}, 3"
        yield f"select {columns}, count(distinct g), string_agg(distinct g, ',' order by g) from t group by {clause} order by {order}"
        yield f"select {columns}, rank() over (order by count(*), min(id)) from t group by {clause} order by {order}"
        if plain:
            yield f"select coalesce({plain[0]}::text, 'all'), count(*) from t group by {clause} order by 1, 2"
            yield f"select {plain[0]} is null, {grouping}, sum(v) from t group by {clause} order by 1, 2, 3"
            yield f"select distinct {grouping} from t group by {clause} order by 1"
            yield f"select {columns}, sum(v) from t group by {clause} having {grouping} > 0 order by {order}"
            yield f"select {columns} from t group by {clause} order by {grouping}, {order.rsplit(',', 2)[0]}"
    yield from """select g, sum(v) from t group by 1 order by 2 nulls first
select g as gg, sum(v) from t group by gg order by gg
select v % 2 as g, count(*) from t group by g order by 1, 2
select v % 2 as p, count(*) from t group by v % 2 order by 1
select v % 2 + 1, count(*) from t group by v % 2 order by 1
select v + 1, count(*) from t group by v % 2
select g, v from t group by g
select g from t group by g, id having id > 5 order by id
select sum(v) from t having count(*) > 100
select 1 from t having count(*) > 1
select 1 from e having count(*) = 0
select g from t having count(*) > 0
select count(*) from e group by ()
select count(*) from e group by v
select upper(g), count(*) from t group by upper(g) order by upper(g) desc
select g || 'x', count(*) from t group by g order by g || 'x'
select count(*) from t group by g order by count(*) desc, g limit 2
select g, count(*) c from t group by g order by c + 1 desc
select g, count(*) c from t group by g order by -count(*), g
select count(distinct (g, v)) from t
select count(distinct g) filter (where v > 5), count(g) filter (where v is null) from t
select sum(distinct n), avg(distinct n), max(distinct v) from t
select array_agg(distinct g), array_agg(distinct v order by v desc) from t
select string_agg(g, ',' order by v desc nulls last, id) from t
select string_agg(distinct g, ',' order by v) from t
select percentile_cont(0.5) within group (order by v), percentile_disc(0.5) within group (order by v) from t
select percentile_cont(0.25) within group (order by n), percentile_disc(0.9) within group (order by n) from t
select percentile_cont(0.5) within group (order by v desc), percentile_disc(0.3) within group (order by g) from t
select percentile_cont(0.5) within group (order by x), percentile_cont(0) within group (order by x), percentile_cont(1) within group (order by x) from t
select percentile_cont(1.5) within group (order by v) from t
select percentile_cont(null) within group (order by v) from t
select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by v) from t
select percentile_disc(array[0, 0.5, 1]) within group (order by v) from t
select percentile_disc(0.5) within group (order by d), percentile_disc(0.5) within group (order by g) from t
select percentile_cont(0.5) within group (order by d::timestamp) from t
select g, percentile_cont(0.5) within group (order by v) from t group by g order by g
select g, percentile_cont(0.5) within group (order by v) filter (where v > 5) from t group by g order by g
select mode() within group (order by v), mode() within group (order by g desc) from t
select rank(10) within group (order by v), dense_rank(10) within group (order by v), percent_rank(10) within group (order by v), cume_dist(10) within group (order by v) from t
select g, mode() within group (order by v) from t group by g order by g
select sum(v) filter (where g = 'a') / nullif(count(*) filter (where g = 'b'), 0) from t
select g, avg(v)::numeric(10,3), round(avg(n), 2), sum(v)::float8 / count(*) from t group by g order by g
select sum(v), sum(v::bigint), sum(n), sum(x), sum(v::smallint) from t
select avg(v), avg(v::bigint), avg(n), avg(x) from t
select min(g), max(g), min(d), max(d), min(v > 5) from t
select max(v > 5) from t
select sum(g) from t
select avg(d) from t
select sum(sum(v)) from t group by g
select count(*) from t where count(*) > 1
select count(*) from t group by count(*)
select g from t order by count(*)
select g from t group by g order by min(id) desc
select bool_and(v > 0), bool_or(v > 10), every(id > 0) from t
select stddev(v), stddev_pop(v), stddev_samp(v), variance(v), var_pop(v), var_samp(v) from t
select stddev(n), var_pop(n), stddev(x), var_pop(x) from t
select variance(v), var_pop(v), stddev(v), stddev_pop(v) from t where id = 1
select corr(v, id), covar_pop(v, id), covar_samp(v, id), regr_slope(v, id), regr_intercept(v, id), regr_r2(v, id), regr_count(v, id) from t
select regr_avgx(v, id), regr_avgy(v, id), regr_sxx(v, id), regr_syy(v, id), regr_sxy(v, id) from t
select count(*), count(1), count(null), count('x') from t
select grouping(g) from t
select g, grouping(v) from t group by g
select grouping(g, v), grouping(v, g) from t group by cube(g, v) order by 1
select distinct on (g) g, id, v from t order by g, v desc nulls last, id
select distinct on (g) id from t order by g, id desc
select distinct on (g, v) g, v, id from t order by g, v, id desc
select distinct on (v % 2) v % 2, id from t order by v % 2, id
select distinct on (1) g, id from t order by 1, 2
select distinct on (g) g, id from t order by id
select distinct g from t order by v
select distinct g from t order by g limit 2
select distinct g, count(*) from t group by g, v order by 1, 2
select distinct on (g) g, count(*) from t group by g order by g
select distinct id % 3 from t order by 1 desc
select distinct null, null from t
select distinct d::text from t order by 1
select distinct x from t order by x
select distinct on (g) g, row_number() over (partition by g order by id) from t order by g, 2 desc
select g, sum(v) s from t group by g having s > 10
select t.g, sum(v) from t group by t.g having t.g > 'a' order by 1
select g as v, sum(v) from t group by v, g order by 1
select lower(g) g, count(*) from t group by g order by 1
select case when v > 5 then 'hi' else 'lo' end as b, count(*) from t group by b order by b
select date_trunc('month', d), count(*) from t group by 1 order by 1
select extract(year from d) y, count(*) from t group by y order by y
select array_agg(v) filter (where v is not null), array_agg(v) filter (where false) from t where id < 4
select count(*) filter (where v in (select k from u)) from t
select max(v) - min(v), max(v) * 2 from t group by g order by 1, 2
select (max(v)), -(sum(v)) from t
select sum(case when g = 'a' then v else 0 end), sum(case when g = 'a' then v end) from t
select sum(1), sum(1.0), sum('1'::int), avg(1), count(*) * 1.5 from t
select g, count(*) from t group by grouping sets ((g), ()) order by grouping(g), g
select g, v, count(*) from t group by g, v order by g nulls first, v desc nulls first
select max(id) from t group by g, g order by 1
select 'x' as c, count(*) from t group by c
select count(*) from t group by 'x'
select g, generate_series(1, 2), count(*) from t group by 1, 2 order by 1, 2
select g, count(*), unnest('{1,1,3}'::int[]) from t group by g, unnest('{1,1,3}'::int[]) order by 1, 3
select g, generate_series(1, 2) s, count(*) from t group by cube(g, s) order by 1, 2
select generate_series(1, 2) + 1 s, sum(v) from t group by s having sum(v) > 0 order by 1
select (select grouping(g)), g, count(*) from t group by rollup(g) order by 1, 2
select (select grouping(g, v) from u limit 1), g, v from t group by cube(g, v) order by 1, 2, 3
select sum(id * interval '1 day'), avg(id * interval '25:00'), min(id * interval '1 mon'), max(-id * interval '1 day') from t
select g, sum(id * interval '1 day 01:00'), avg(v * interval '1 mon') from t group by g order by g
select id, sum(id * interval '1 day') over (order by id), avg(v * interval '1 hour') over (partition by g) from t order by id
select 1 as c, count(*) from t group by 1
select count(*) from t group by 2
select g, sum(v) over () from t group by g
select sum(v) from t order by v
select sum(v) as s from t order by s
select sum(v) as s from t order by sum(v)
select any_value(g) from t
select approx_count_distinct(g) from t""".split("\n")


def sets():
    yield PEOPLE
    a, b, c = "select v from t", "select k from u", "select w from u"
    for first, second in itertools.product(("union", "union all", "intersect", "intersect all", "except", "except all"), repeat=2):
        yield f"{a} {first} {b} {second} {c} order by 1"
        yield f"({a} {first} {b}) {second} {c} order by 1"
        yield f"{a} {first} ({b} {second} {c}) order by 1 nulls first"
        yield f"select count(*) from ({a} {first} {b} {second} {c}) s"
        yield f"({a} order by v desc nulls last limit 3) {first} ({b} order by k limit 2) {second} ({c} order by w offset 1) order by 1 desc limit 5"
        yield f"with q as ({a} {first} {b}) select * from q {second} {c} order by 1"
        yield f"select id from t where v in ({a} {first} {b} {second} {c}) order by id"
        yield f"select id, g from t {first} select id, g from u {second} select k, g from u order by 1, 2"
    values = ["1", "1.5", "'a'", "null", "'1'", "1::bigint", "2::smallint", "1.50::numeric(10,2)", "2.5::float8", "'x'::text", "date '2024-01-01'", "timestamp '2024-01-01 10:00'",
              "true", "interval '1 day'", "'2024-01-01'", "'t'", "'x'::varchar(5)", "array[1]", "'{1}'", "9999999999"]
    for first, second in itertools.product(values, repeat=2):
        yield f"select {first} as c union all select {second}"
    for first, second in itertools.product(values[:12], repeat=2):
        yield f"select {first} union select {second} order by 1"
    for first, second, third in itertools.product(["null", "'1'", "1", "2.5"], repeat=3):
        yield f"select {first} as c union all select {second} union all select {third}"
    yield from """select 1 union select 2 order by 1 desc
select 1 as a union select 2 as b order by a
select 1 as a union select 2 as b order by b
select 1 as a union select 2 order by a + 1
select id from t union select id from u order by t.id
select 1, 2 union select 1
select 1 union all select 1 limit 1
(select 1 limit 1) union all (select 2 limit 1) order by 1
select 1 order by 1 union select 2
select 1 limit 1 union select 2
(select id from t order by id) union all (select id from u order by id desc) limit 3
((select 1)) union ((select 2)) order by 1
select * from (select 1 union select 2) s(x) order by x
select * from (values (1), (2) union values (3)) s(x) order by x
values (1), (2) union all values (2) order by 1
values (1), (2) intersect values (2), (3)
values (1, 'a') union values (1, 'a'), (2, 'b') order by 1
table e union select 1, 2
select null union select null
select null union all select 1 union all select 'a'
select null union select 1 order by 1
select 1 union select null::text
select 1 union select 1.0
select 1.0 union select 1
select 1 union all select 1.0
select 'a' union select 'a '
select v, count(*) from t group by v union select k, count(*) from u group by k order by 1, 2
select g from t union select g from u order by g nulls first
select g from t except select g from u order by 1
select distinct g from t intersect select g from u order by 1
select id from t where exists (select id from u intersect select t.id)
select id, (select count(*) from (select id from u union select 100) s where s.id > t.id) from t order by 1
select sum(x) from (select v as x from t union all select w from u) s
select g, sum(x) from (select g, v as x from t union all select g, w from u) s group by g order by g
select x from (select v as x from t intersect select k from u) s order by x desc
select 1 where false union select 2 where false
select 1 where false union all select 2
select 1 except select 1
select 1 intersect select 2
select 1 except all select 1 where false
(select 1 union all select 1) except all select 1
(select 1 union all select 1) intersect all (select 1 union all select 1 union all select 1)
select 1 union (select 2 union all select 2) order by 1
select 1 union select 2 union all select 2 order by 1
select 1 union all select 2 union select 2 order by 1
select 1 union select 2 intersect select 2 order by 1
select 1 intersect select 1 union all select 1
select id as x, v as y from t where id < 3 union all select k, w from u where id < 3 order by y, x
select id from t union select v from t order by id offset 2 fetch first 3 rows only
select id from t union all select id from u order by id fetch first 3 rows with ties
select 'a' as x union select 'b' order by x collate "C"
select date '2024-01-01' union select timestamp '2024-01-02 00:00' order by 1
select '2024-01-01' union select date '2024-01-01'
select 'abc' union select date '2024-01-01'
select true union select 't'
select true union select 1
select 1 union select 'x'
select interval '1 day' union select interval '24 hours'
select count(*) from (select 1 union all select 1 union all select 1) s
select row_number() over (order by v nulls last) from t where id < 3 union all select w from u where id < 2 order by 1
select v from t union all select k from u order by 1 nulls first limit 4
with recursive r(n) as (select 1 union select n + 1 from r where n < 3) select * from r union all select 10 order by 1
with a as (select 1 as x) select * from a union select 2 order by 1
with a as (select 1 as x), b as (select * from a union select 3) select * from b except select * from a
(with a as (select 1 as x) select * from a) union select 2 order by 1
select (select 1 union select 1)
select (select 1 union select 2)
select array(select 1 union select 2 order by 1)
select 3 in (select 1 union select 3), 4 not in (select 1 except select 1)
select max(v) from t union select min(k) from u order by 1
select id, v from t where id < 3 union select id, null from u where id < 3 order by 1, 2
select id, null from t where id < 3 union select id, k from u where id < 3 order by 1, 2
select id, 'x' from t where id < 3 union select id, g from u where id < 3 order by 1, 2
select n from t where id < 3 union select k from u where id < 3 order by 1
select v from t where id < 3 union select x from t where id < 3 order by 1
select n from t where id < 3 union all select x from t where id < 3 order by 1""".split("\n")


def types():
    yield PEOPLE
    values = ["1", "1.5", "'a'", "null", "'1'", "1::bigint", "2::smallint", "1.50::numeric(10,2)", "2.5::float8", "'x'::text", "date '2024-01-01'", "timestamp '2024-01-01 10:00'",
              "true", "interval '1 day'", "'2024-01-01'", "'t'", "9999999999"]
    for first, second in itertools.product(values, repeat=2):
        yield f"select case when true then {first} else {second} end"
        yield f"select coalesce({first}, {second})"
        yield f"select {first} = {second}, {first} < {second}"
        yield f"select greatest({first}, {second})"
        yield f"select * from (values ({first}), ({second})) v(c)"
        yield f"select nullif({first}, {second})"
        yield f"select {first} in ({second}, {first})"
    texts = ["'1'", "' 1 '", "'1.5'", "'-0'", "'1e3'", "'abc'", "''", "' '", "'t'", "'yes'", "'on'", "'0'", "'off'", "'tr'", "'2024-02-29'", "'2023-02-29'", "'20240229'", "'2024-2-9'",
             "'2024-01-01 25:00'", "'2024-01-01 10:11:12.123456'", "'2024-01-01T10:11:12'", "'infinity'", "'-infinity'", "'NaN'", "'Infinity'", "'9223372036854775807'", "'9223372036854775808'", "'2147483648'",
             "'0x1F'", "'1_000'", "'+5'", "'--5'", "'1 2'", "'.5'", "'5.'", "'1e400'", "'1e-400'", "'epoch'", "'1 day'", "'1 year 2 mons'", "'1:30'", "'P1DT2H'", "'{1,2}'", "'1/2/2024'", "'Jan 5 2024'", "'2024-060'", "'10:11'", "'24:00:00'"]
    kinds = ["int", "bigint", "smallint", "numeric", "numeric(5,2)", "numeric(3)", "float8", "boolean", "date", "timestamp", "interval", "text", "varchar(3)"]
    for text, kind in itertools.product(texts, kinds):
        yield f"select {text}::{kind}"
    numbers = ["1.5", "2.5", "-1.5", "-2.5", "0.5", "-0.5", "1e10", "2147483647.5", "99.995", "999.995", "1234.5", "-0.0", "1.5::float8", "2.5::float8", "-2.5::float8", "0.5::float8", "1e300::float8", "32768", "128::bigint", "true", "false",
               "1.005::numeric(10,2)", "3000000000", "9223372036854775807", "date '2024-02-29'", "timestamp '2024-02-29 23:59:59.999999'", "interval '1 day 02:03:04.5'", "null", "0.1::float8", "1e-7::float8", "123456789012345678::float8", "1e15::float8", "1e16::float8", "1e-5::float8", "0.0001::float8", "100000::float8", "'NaN'::float8", "'-Infinity'::float8", "12345678901234567890"]
    for number, kind in itertools.product(numbers, ["int", "bigint", "smallint", "numeric", "numeric(5,2)", "numeric(20,3)", "float8", "boolean", "date", "timestamp", "interval", "text", "varchar(4)"]):
        yield f"select ({number})::{kind}"
    for number, kind in itertools.product(numbers, ["int", "numeric", "text", "date"]):
        yield f"select cast({number} as {kind}) as c from e right join (select 1) s on true"


def arithmetic():
    yield PEOPLE
    operands = ["7", "-7", "2", "0", "3::bigint", "5::smallint", "2.5", "-2.50", "0.10", "1.000", "7.0::float8", "-0.5::float8", "null", "2147483647", "9223372036854775807", "'3'", "1e3", ".5", "100.00::numeric(10,2)", "1e20"]
    for first, second in itertools.product(operands, repeat=2):
        for operator in ("+", "-", "*", "/", "%"):
            yield f"select {first} {operator} {second}"
    for first, second in itertools.product(["2", "-2", "0", "0.5", "2.0", "3::bigint", "2::float8", "10", "-1.5", "null", "100"], repeat=2):
        yield f"select {first} ^ {second}"
        yield f"select power({first}, {second})"
        yield f"select mod({first}, {second})"
        yield f"select div({first}, {second})"
        yield f"select {first} & {second}, {first} | {second}, {first} # {second}"
        yield f"select {first} << {second}, {first} >> {second}"
        yield f"select gcd({first}, {second}), lcm({first}, {second})"
        yield f"select round({first}, {second})"
        yield f"select trunc({first}, {second})"
        yield f"select log({first}, {second})"
        yield f"select atan2({first}, {second})"
    unary = ["abs", "-", "+", "@", "~", "|/", "||/", "ceil", "ceiling", "floor", "round", "trunc", "sign", "sqrt", "cbrt", "exp", "ln", "log", "log10", "degrees", "radians", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
             "atanh", "cot", "scale", "min_scale", "trim_scale", "factorial", "to_hex", "sind", "cosd", "tand", "to_char", "width_bucket", "pi"]
    for name in unary:
        for operand in ["7", "-7", "0", "2.5", "-2.5", "1.50", "0.5::float8", "-0.5::float8", "3::bigint", "null", "'4'", "-32768::smallint", "2147483647", "1e20", "1e300::float8", "100.000", "-0.05", "1.5", "3.5::float8", "2.5::float8"]:
            yield f"select {name}({operand})"
    long = ["1.0", "0.5", "2.000000000000000001", "0.99999999999999", "1.0000000000001", "12345.6789012345678901234", "0.000001234567890123", "98765432109876543.21",
            "3.14159265358979323846264338327950288", "0.00", "-1.5", "33.3", "-7.25", "1e-9::numeric", "100", "88.888888888888888888"]
    for number in long:
        yield f"select sqrt({number})"
        yield f"select exp({number})"
        yield f"select ln({number})"
        yield f"select log({number})"
        yield f"select exp({number}) * 1.0, |/ {number}, cbrt({number})"
    for first, second in itertools.product(long, [*long, "2", "-3", "7", "0", "-11", "'2'", "17.0", "1000001.0"]):
        yield f"select power({first}, {second})"
        yield f"select log({first}, {second})"
    for x in ["-1", "0", "1", "2.5", "3", "5.0", "10", "11", "'4'", "3::float8", "null"]:
        for bounds in ["array[1, 3, 5, 10]", "array[1, 3.5]", "'{}'::int[]", "array[1, 3]::float8[]", "array[1, null]", "null::int[]"]:
            yield f"select width_bucket({x}, {bounds})"
    for number in ["1", "2", "11", "23", "113", "-21", "1.4", "1000000", "0"]:
        for form in ["999th", "999TH", "FM999th", "9G999th", "9.9th", "SG999th", "L999", "999L"]:
            yield f"select to_char({number}, '{form}')"
    for digits in range(-3, 5):
        for number in ["1234.5678", "-1234.5678", "0.5", "99.995", "150", "-150", "149", "1e10", "0"]:
            yield f"select round({number}, {digits}), trunc({number}, {digits}), round({number}::numeric(12,3), {digits})"
    yield from """select 7 / 2, -7 / 2, 7 % -2, -7 % 2, 7 / 2.0, 7.0 / 2, 7 / 2::float8
select 1/3.0, 2/3.0, 10/3.0, 100/3.0, 1000000/3.0, 1/30000.0, 1.0/3, 1.00000/3, 22.0/7, 1/7.0, 5/1.0, 0/3.0
select 1 / 0
select 1.0 / 0
select 1::float8 / 0
select 0.0 / 0
select 5 % 0
select 2147483647 + 1
select 2147483647::bigint + 1, 9223372036854775807 - 1
select 9223372036854775807 + 1
select -9223372036854775808
select - 9223372036854775808 - 1
select 32767::smallint + 1::smallint
select 32767::smallint * 2
select (-2147483648)::int / -1
select (-9223372036854775808)::bigint % -1
select abs(-2147483648)
select -(-32768)::smallint
select 2 ^ 3 ^ 2, -2 ^ 2, 2 ^ -1, 2 ^ 0.5, 4 ^ 0.5::float8, (-8) ^ (1/3.0)
select 10 - 2 - 3, 2 * 3 % 4, 7 & 3 + 1, 1 << 2 + 1, not true = false, 1 + 1 || 'x', 2 + 3 = 5
select 1.10 + 1.1, 1.10 * 1.1, 1.10 - 1.1, 1.10 / 1.1, 1.10 % 0.3
select sum(n) / count(*), avg(n), sum(n) * 1.1, sum(v) / 3, sum(v) / 3.0 from t
select n * v, n / v, n + v, n - v, n % v from t where v <> 0 order by id
select v / 3, v % 3, v * 1.5, v / 4.0, v ^ 2, -v from t order by id
select x / 3, x * 2, x + 0.1, -x, x ^ 2 from t order by id
select 0.1 + 0.2, 0.1::float8 + 0.2::float8, 1e16::float8 + 1, 0.1::float8 * 3, 1.1::float8 * 1.1::float8
select 1e15::float8, 1e16::float8, 123456789.123456789::float8, 1e-4::float8, 1e-5::float8, 1e21::float8, 1.0::float8, -0.0::float8, 5e-324::float8, 1.7976931348623157e308::float8
select 'NaN'::float8 = 'NaN'::float8, 'NaN'::float8 > 1e308::float8, 'Infinity'::float8 - 'Infinity'::float8, 'Infinity'::float8 > 1
select 1e308::float8 * 10
select 1e-308::float8 / 1e10::float8
select 1e-300::float8 * 1e-300::float8
select 1.0::numeric(5,2), 1.005::numeric(5,2), 1.015::numeric(5,2), -1.005::numeric(5,2), 999.994::numeric(5,2)
select 999.995::numeric(5,2)
select 12345::numeric(3)
select 12345::numeric(3,-2)
select 0.00001::numeric(3,5)
select numeric '1.50', numeric '1e5', numeric '1e-5', numeric '-.5', numeric ' 12 ', numeric '0.000'
select 1000000 * 1000000
select 1000000::bigint * 1000000, 1000000 * 1000000.0
select 99999999999999999999 + 1, 99999999999999999999.99 * 10
select 0x1F
select 1_000
select 1e2, 1.e2, .1e1, 1e-2, 12e+1
select 5 / 2 * 2.0, 5 / 2.0 * 2, 5.0 / 2 * 2
select round(2.5), round(3.5), round(-2.5), round(2.5::float8), round(3.5::float8), round(0.5::float8), round(-0.5::float8)
select ceil(-0.5), floor(-0.5), ceil(-0.5::float8), trunc(-0.5::float8), ceil(5), floor(5.0), sign(-3), sign(-2.5), sign(0.0)
select 17::float8 / 3, 2::float8 / 3, 1::float8 / 3, 100::float8 / 7
select sqrt(2), sqrt(2.0), sqrt(4), cbrt(27), exp(1), exp(1.0), ln(2), ln(2.0), log(100), log(100.0), log(2, 8), log(2.0, 64.0), pi()
select power(2, 10), power(2.0, 10), power(2, 0.5), power(9, 0.5), power(2::numeric, -2), power(10, 20), 10.0 ^ 20
select power(0, 0), power(0, -1)
select sqrt(-1)
select ln(0)
select ln(-1.0)
select log(0)
select acos(2)
select width_bucket(5.35, 0.024, 10.06, 5), width_bucket(5, 0, 10, 5), width_bucket(-1, 0, 10, 5), width_bucket(10, 0, 10, 5), width_bucket(5, 10, 0, 4), width_bucket(3, array[1, 3, 5])
select factorial(5), factorial(0), factorial(20), factorial(25)
select factorial(-1)
select gcd(12, 18), gcd(0, 5), lcm(4, 6), gcd(1071, -462), lcm(0, 3), gcd(1.5, 0.5)
select mod(7, 3), mod(-7, 3), mod(7.5, 2), mod(-7.5, 2), div(7, 2), div(-7.5, 2), div(9, 4)
select bit_and(v), bit_or(v), bit_xor(v) from t
select 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 256 >> 4, -1 >> 1, 1 << 31, 1 << 32, 1::bigint << 32
select (1.5 + 2) * 3 / 4, ((1 + 2) * 3) / 4, 1 + 2 * 3 / 4.0
select 3 > 2 and 2 > 1, 3 > 2 > 1
select - - 5, + 5, 5 - -5, 5--5
select 5 !
select scale(1.50), scale(100), min_scale(1.500), trim_scale(1.500), scale(1.5 * 1.50), scale(1.5 / 3)
select 1.0 = 1, 1.0 = 1.00, 1 = 1.0::float8, 0.1 = 0.1::float8, 1e0 = 1, 1::smallint = 1::bigint
select 9007199254740993 = 9007199254740992::float8, 9007199254740993::numeric = 9007199254740992::float8
select max(1.50), sum(1.50), avg(1.50), min(1.5) from t
select sum(9223372036854775807) from t
select sum(9223372036854775807::numeric), avg(9223372036854775807) from t
select sum(2147483647) from t
select avg(2147483647), avg(0.1), avg(1/3.0) from t
select sum(0.1::float8) from generate_series(1, 10)
select sum(i), avg(i), sum(i * 0.1), stddev(i), variance(i), var_pop(i) from generate_series(1, 10) i
select stddev(i * 1.5), variance(i::float8), stddev_pop(i::numeric / 3) from generate_series(1, 10) i
select to_char(1234.5, '9,999.99'), to_char(-1234.5, '9,999.99'), to_char(0.5, '0.00'), to_char(12, '000'), to_char(-12, '000'), to_char(1234567, '9,999'), to_char(0.1, '9.9'), to_char(5, 'FM999'), to_char(12.3, 'FM999.99'), to_char(-5, '9PR'), to_char(5, 'S9'), to_char(5, '9S'), to_char(-5, 'MI9'), to_char(1234, 'FM9,999')
select to_number('1,234.5', '9,999.9'), to_number('-12', '99'), to_number('12.5-', '99.9S'), to_number('abc', '999')""".split("\n")


def digits():
    """Constants beyond 38 digits, NaN and the infinities."""
    yield PEOPLE
    operands = ["'NaN'::numeric", "'Infinity'::numeric", "'-Infinity'::numeric", "1e50", "-1e50", "1e-50", "-2.5e-45", "0", "0.00", "1", "-3", "7.25", "1e20",
                "123456789012345678901234567890123456789.5", "-99999999999999999999999999999999999999", "9223372036854775807", "2.5::numeric(50,30)", "'1e39'", "null"]
    for first, second in itertools.product(operands, repeat=2):
        for operator in ("+", "-", "*", "/", "%"):
            yield f"select {first} {operator} {second}"
        yield f"select {first} = {second}, {first} < {second}, {first} >= {second}, {first} <> {second}"
        yield f"select div({first}, {second})"
        yield f"select gcd({first}, {second}), lcm({first}, {second})"
        yield f"select greatest({first}, {second}), least({first}, {second}), coalesce({first}, {second}), nullif({first}, {second})"
        yield f"select {first} is distinct from {second}, {first} between {second} and {first}, {first} in (1, {second})"
        if not {"1e20", "-99999999999999999999999999999999999999", "9223372036854775807"} & {first, second} and "e50" not in second and "5678" not in second:
            yield f"select power({first}, {second})"
            yield f"select log({first}, {second})"
    for operand in operands:
        for name in ("abs", "-", "+", "@", "ceil", "floor", "round", "trunc", "sign", "sqrt", "exp", "ln", "log", "log10", "scale", "min_scale", "trim_scale"):
            yield f"select {name}({operand})"
        for count in (-45, -3, 0, 2, 45, 100):
            yield f"select round({operand}, {count}), trunc({operand}, {count})"
        for name in ("float8", "float4", "text", "numeric", "numeric(60,5)", "numeric(60,-3)", "numeric(10,2)", "int8", "int4", "boolean"):
            yield f"select ({operand})::{name}"
        yield f"select {operand} is null, ({operand})::text || '!', case when {operand} > 1 then 'above' else 'not' end"
        yield f"select width_bucket({operand}, -1e45, 1e45, 9), width_bucket({operand}, 10, 0, 5)"
        for x in ("a", "b", "a::float8"):
            yield f"select a, {x} > {operand}, {x} = {operand}, {operand} > {x} from (values (1, 2.5), (-3, 0.00), (null, 7.25)) t(a, b) order by a"
    for number in ("'NaN'", "'Infinity'", "'-inf'", "1e50", "1.7976931348623157e308", "1e-300", "0.1", "1.005", "123456789012345678", "-2.5e-7", "1000000000000.125"):
        yield f"select ({number}::float8)::numeric, ({number}::float8)::numeric(20,3)"
        yield f"select ({number}::float4)::numeric"
    for number in (33, 34, 40, 60, 200):
        yield f"select factorial({number})"
    yield from """select 1e20 * 1e20 > 1e39, 1e30 * 1e30 / 1e25, (1e30 * 1e30)::float8, (1e30 * 1e30)::text
select 1.5 ^ 300, 1.5 ^ -300, 1.5 ^ 300.5, 0.3 ^ 90.25, 10 ^ 40.0, (-1.5) ^ 301
select exp(150.5), exp(-150.5), exp(700.25), ln(1e400), ln(1e-400), log(1e-300), log(7, 1e200)
select sqrt(2e80), sqrt(3e-80), sqrt(123456789012345678901234567890123456789012345678.9)
select count(*) from t where 1e50 > v and not n > 'NaN'::numeric
select n from t where n < 1e100 and v <> 'Infinity'::numeric and x < 1e40 order by n nulls last, id limit 3
select distinct 1e50 as y from t order by y
select 1e50, count(*) from t
select extract(epoch from date 'infinity'), extract(year from timestamp '-infinity'), extract(day from date 'infinity')""".split("\n")


def times():
    yield PEOPLE
    moments = ["date '2024-01-31'", "date '2024-02-29'", "date '2023-03-31'", "timestamp '2024-01-31 23:59:59.5'", "timestamp '2000-02-29 00:00'", "date '0001-01-01'", "timestamp '1999-12-31 12:34:56.789012'", "date 'infinity'", "date '1900-03-01'"]
    steps = ["interval '1 month'", "interval '-1 month'", "interval '1 year'", "interval '1 day'", "interval '36 hours'", "interval '1 month -1 day'", "interval '1.5 days'", "interval '0.5 month'", "interval '1 year 2 months 3 days 04:05:06.7'", "7", "-1", "interval '1 week'", "interval '00:00:00.000001'", "interval '13 months'"]
    for moment, step in itertools.product(moments, steps):
        yield f"select {moment} + {step}"
        yield f"select {moment} - {step}"
    for first, second in itertools.product(moments, repeat=2):
        yield f"select {first} - {second}"
        yield f"select age({first}, {second})"
        yield f"select {first} < {second}, {first} = {second}"
    for text in ["1 month - 1 second", "- 1 day", "@ 1 hour @ 2 minutes", "1 2:03", "1 2:03:04.5", "1 +2:03", "1 -2:03", "-1 2:03", "2 1", "1, 2", "1-2", "-1-2", "1-2 3", "1-2 3 04:05:06", "1 year -2 mons ago", "4 millenniums", "1h30m", "1y2mon",
                 "1 hour 1 hour", "1 2 days", "12:34", "12:34.5", "1:60", "100:00:00", ".5 day", "1. day", "1.5.5 days", "day", "ago", "1 ago", "", "1 month-1 day", "+1 day", "1 day +2", "P1Y2M3DT4H5M6.7S", "P0001-02-03T04:05:06", "P00010203T040506", "P0002", "P1.5Y", "P-1Y-2M", "PT1H30", "P1Y2",
                 "PT36H", "P1W", "PT0.000001S", "PT", "P", "P1DT", "PT1:02", "P2002-1", "P10.5e1Y", "PT1e2S", "1e3 days", "1 quarter", "5 s 3 ms", "5.5 s 3 ms", "2562047788:00:54.775807", "9223372036854775807 us", "9223372036854775808 us"]:
        yield f"select interval '{text}'"
        yield f"select x::interval from (values ('{text}')) t(x)"
    for fields in ["year", "month", "day", "hour", "minute", "second", "year to month", "day to hour", "day to minute", "day to second", "hour to minute", "hour to second", "minute to second"]:
        for text in ["1", "1 2", "1 2:03", "1 2:03:04", "2:03", "2:03:04", "-2:03", "1-2"]:
            yield f"select interval '{text}' {fields}"
    for arguments in ["", "1", "1, 2", "1, 2, 3", "1, 2, 3, 4, 5, 6, 7.8", "days => 3", "years => 1, secs => 0.5", "1, months => 2", "secs => -1.5", "hours => 25, mins => 61", "weeks => null", "days => 2147483647", "years => 178956971"]:
        yield f"select make_interval({arguments})"
    yield "select make_date(day => 3, year => 2024, month => 2), make_timestamp(year => 2024, month => 1, mday => 2, hour => 3, min => 4, sec => 5.5)"
    for span in ["interval '1 year 14 months 3 days 15:04:05.678912'", "interval '-13 months'", "interval '12 months'", "interval '-1 day -2:00'", "interval '-120 hours'", "interval '0'"]:
        for form in ["YYYY", "YYY YY Y", "Q", "RM|rm", "FMRM", "MM DD", "HH HH12 HH24 MI SS", "AM|pm|A.M.", "MS US", "FF3", "SSSS", "WW", "DDD", "Mon", "Z", "%m"]:
            yield f"select to_char({span}, '{form}')"
    for form in ["TZ", "tz|OF", "%Y-%m-%d", "Zebra", "x\"TZ\"", "TZH:TZM", "yyyy-mm-ddThh24:mi", "Fast"]:
        yield f"select to_char(timestamp '2024-01-02 03:04:05', '{form}')"
        yield f"select to_char(d, '{form}') from t order by id limit 1"
    fields = ["year", "month", "day", "hour", "minute", "second", "dow", "doy", "isodow", "isoyear", "week", "quarter", "century", "decade", "millennium", "epoch", "milliseconds", "microseconds", "julian", "timezone"]
    for field in fields:
        for moment in moments:
            yield f"select extract({field} from {moment})"
            yield f"select date_part('{field}', {moment})"
        for step in steps[:9]:
            if step.startswith("interval"):
                yield f"select extract({field} from {step})"
                yield f"select date_part('{field}', {step})"
    for field in ["year", "month", "day", "hour", "minute", "second", "week", "quarter", "century", "decade", "millennium", "milliseconds", "microseconds", "dow"]:
        for moment in moments:
            yield f"select date_trunc('{field}', {moment}::timestamp)"
        for step in steps[:9]:
            if step.startswith("interval"):
                yield f"select date_trunc('{field}', {step})"
    intervals = ["1 day", "1 mon", "25 hours", "-1 day", "1 year 2 mons 3 days 04:05:06.789", "-1 year -2 mons +3 days -04:05:06", "1 day -1 hour", "30 days", "1 week 2 days", "0", "1.5 hours", "1 day 25:00", "100 years", "1-2", "3 4:05:06", "P1Y2M3DT4H5M6S", "PT36H", "1 decade", "1 century", "2 weeks ago", "1 month ago",
                 "1.25 years", "0.1 month", "1.1 days", "-0.5 hours", "1 millisecond", "1 us", "90 minutes", "3600", "@ 1 day ago", "1 quarter", "1h 30m", "1d", "1y2mon", "5 sec"]
    for text in intervals:
        yield f"select interval '{text}'"
        yield f"select interval '{text}' * 2, interval '{text}' * 1.5, interval '{text}' / 3, -interval '{text}'"
        yield f"select interval '{text}' + interval '1 mon 1 day 1 hour', interval '{text}' - interval '1 mon 1 day 1 hour'"
        yield f"select interval '{text}' = interval '24 hours', interval '{text}' > interval '1 day', interval '{text}' < interval '1 month'"
        yield f"select justify_days(interval '{text}'), justify_hours(interval '{text}'), justify_interval(interval '{text}')"
        yield f"select timestamp '2024-01-31 10:00' + interval '{text}', date '2024-03-31' - interval '{text}'"
        yield f"select extract(epoch from interval '{text}')"
    formats = ["YYYY-MM-DD", "YYYY-MM-DD HH24:MI:SS", "Mon DD, YYYY", "Month", "FMMonth DD", "Day", "Dy", "DDD", "D", "ID", "IW", "IYYY", "WW", "W", "Q", "CC", "J", "HH12:MI AM", "HH:MI pm", "MS", "US", "YY", "Y,YYY", "MM/DD/YYYY", "DDth", "FMDDth", "RM", "SSSS", "AD", "MON", "month", "DAY", "YYYY\"年\"MM\"月\"DD\"日\"", "\"text\" YYYY", "FF3", "TZ", "YYYYMMDD", "YYYY-FMMM-FMDD", "HH24MISS"]
    for text, moment in itertools.product(formats, ["timestamp '2024-02-09 15:04:05.678901'", "timestamp '1999-12-31 00:00:00'", "date '2024-01-01'", "null::timestamp"]):
        yield f"select to_char({moment}, '{text}')"
    for text, pattern in [("2024-02-29", "YYYY-MM-DD"), ("20240229", "YYYYMMDD"), ("29/02/2024", "DD/MM/YYYY"), ("Feb 29 2024", "Mon DD YYYY"), ("2024-02-30", "YYYY-MM-DD"), ("24-2-9", "YY-MM-DD"), ("2024 60", "YYYY DDD"), ("February 9, 2024", "FMMonth DD, YYYY"), ("x", "YYYY"), ("2024-13-01", "YYYY-MM-DD"), ("2024年02月29日", "YYYY年MM月DD日"), ("70-01-01", "YY-MM-DD"), ("69-01-01", "YY-MM-DD"), ("  2024-01-01", "YYYY-MM-DD"), ("2024/01/01", "YYYY-MM-DD"), ("", "YYYY")]:
        yield f"select to_date('{text}', '{pattern}')"
        yield f"select to_timestamp('{text}', '{pattern}')::timestamp"
    for text in ["2024-01-01 10:11:12", "2024-01-01 10:11", "2024-01-01 10:11:60", "2024-01-01 24:00:00", "2024-01-01 10", "20240101T101112", "2024-01-01 10:11:12.1234567", "2024-01-01 10:11:12.9999999", "2024-01-01T10:11:12Z", "2024-01-01 10:11:12+08", "1-1-1", "99999-01-01", "2024-01-01 BC", "4714-11-24 BC", "2024-01-01 10:11 PM", "2024-01-01 12:00 AM", "January 8, 1999", "1999-Jan-08", "08-Jan-99", "990108", "2024.008", "J2451187", "2024-00-01", "2024-01-00", "infinity", "epoch", "294276-12-31", "5874897-12-31", "5874898-01-01"]:
        yield f"select '{text}'::timestamp"
        yield f"select '{text}'::date"
        yield f"select timestamp '{text}' + interval '1 day'"
    yield from """select d + 1, d - 1, d - date '2024-01-01', d + interval '1 month' from t order by id
select d, d::timestamp, d::text, extract(year from d), to_char(d, 'YYYY') from t order by id
select max(d) - min(d), max(d) - interval '1 day' from t
select avg(d - date '2024-01-01') from t
select date '2024-01-01' + time '10:00'
select date '2024-01-01' + '10:00'::interval
select date '2024-01-01' - '2023-01-01'
select date '2024-01-01' > '2023-12-31', '2024-01-01' < date '2024-01-02'
select date '2024-01-01' = timestamp '2024-01-01 00:00', date '2024-01-01' < timestamp '2024-01-01 00:01'
select date '2024-01-01' between '2023-01-01' and '2025-01-01'
select timestamp '2024-01-01 10:00' - timestamp '2023-12-31 12:00', timestamp '2024-01-01' - date '2023-01-01'
select generate_series(date '2024-01-30', date '2024-02-02', '1 day')
select generate_series(timestamp '2024-01-31', timestamp '2024-05-31', '1 month')
select generate_series(timestamp '2024-01-03', timestamp '2024-01-01', interval '-12 hours')
select make_date(2024, 2, 29), make_timestamp(2024, 2, 29, 10, 11, 12.5), make_interval(years => 1, days => 2), make_interval(1, 2, 3, 4, 5, 6, 7.5)
select make_date(2023, 2, 29)
select make_date(-44, 3, 15)
select date_bin('15 minutes', timestamp '2024-01-01 10:23:45', timestamp '2001-01-01'), date_bin('1 day', timestamp '2024-01-01 10:23:45', timestamp '2024-01-01 12:00')
select isfinite(date 'infinity'), isfinite(timestamp '2024-01-01'), isfinite(interval '1 day')
select (date '2024-01-01', date '2024-02-01') overlaps (date '2024-01-15', date '2024-03-01'), (date '2024-01-01', interval '10 days') overlaps (date '2024-01-11', date '2024-03-01')
select age(timestamp '2024-03-31', timestamp '2024-02-29'), age(date '2024-02-29', date '2023-02-28'), age(timestamp '2001-04-10', timestamp '1957-06-13')
select interval '1' year, interval '1' day, interval '1-2' year to month, interval '1 2:03' day to minute, interval '5' second, interval '1:30' minute to second, interval '10' hour
select interval(0) '1.5 seconds', timestamp(0) '2024-01-01 10:00:00.5', timestamp(3) '2024-01-01 10:00:00.123456'
select sum(i) from (values (interval '1 day'), (interval '2 hours'), (null)) v(i)
select max(i), min(i), avg(i) from (values (interval '1 day'), (interval '2 hours'), (null)) v(i)
select i from (values (interval '1 month'), (interval '30 days'), (interval '29 days')) v(i) order by i, i::text
select interval '1 day' * 2.5, 2 * interval '1 hour', interval '1 hour' / 0.5, interval '1 month' / 3, interval '1 day' * 0
select interval '1 day' / 0
select extract(epoch from timestamp '1970-01-01 00:00:01.5'), extract(epoch from date '1970-01-02'), to_timestamp(0)::timestamp, to_timestamp(1.5)::timestamp
select date_part('year', date '2024-01-01') + 1, extract(day from interval '40 days'), extract(month from interval '14 months'), extract(hour from interval '30 hours')
select '2024-01-01'::date::timestamp::date, '2024-01-01 10:00'::timestamp::date, ('2024-01-01'::date)::text || 'x'
select now() is null
select timestamp '2024-01-01' at time zone 'UTC'
select date_trunc('week', date '2024-01-01'), date_trunc('decade', timestamp '1999-05-05'), date_trunc('century', timestamp '2000-05-05'), date_trunc('quarter', timestamp '2024-05-05')
select d, count(*) from t group by d order by d nulls first
select e, count(*) from (select case when id % 3 = 0 then 'infinity' when id % 3 = 1 then '-infinity' else d end as e from t) s group by e order by e
select id, e, e + 1, e - interval '1 month', e::timestamp, isfinite(e), date_part('year', e), to_char(e, 'YYYY') from (select id, case when id % 3 = 0 then 'infinity' else d end as e from t) s order by id
select a.id, b.id from (select id, case when id % 3 = 0 then 'infinity' else d end as e from t) a join (select id, case when id % 2 = 0 then 'infinity' else d::timestamp end as e from t) b on a.e = b.e order by 1, 2
select extract(isodow from d), count(*) from t group by 1 order by 1
select date_trunc('year', d)::date, sum(v) from t group by 1 order by 1
select timestamp '2024-01-01 00:00' + (id || ' days')::interval from t order by id
select d + id from t order by id
select d - id * interval '1 day' from t order by id
select (d + interval '1 month')::date - d from t order by id
select d + 'x' from t
select date '2024-01-01' + 1.5
select date '2024-01-01' * 2
select date '2024-01-01' + date '2024-01-01'
select interval '1 day' + 1
select timestamp '2024-01-01' + 1""".split("\n")


def spans():
    """Rows told apart, grouped and joined by intervals."""
    yield PEOPLE
    rows = "(values (1, interval '1 day'), (2, interval '1 day'), (3, interval '2 hours'), (4, interval '1 mon'), (5, null), (6, null), (7, interval '-1 day 3 hours')) v(k, i)"
    for item in ("i", "i * 2", "i + interval '1 hour'", "-i"):
        yield f"select distinct {item} as s from {rows} order by s"
        yield f"select {item} as s, count(*), sum(k), min(k) from {rows} group by {item} order by s"
        yield f"select {item} as s, k % 2 as m, count(*) from {rows} group by 1, 2 order by 1, 2"
        yield f"select count(distinct {item}), count({item}) from {rows}"
        yield f"select k, row_number() over (partition by {item} order by k), sum(k) over (partition by {item}) from {rows} order by k"
        yield f"select distinct on (s) s, k from (select {item} as s, k from {rows}) q order by s, k"
        yield f"select a.k, b.k from {rows}, {rows.replace('v(k, i)', 'w(k, i)')} where v.{item} = w.i order by 1, 2".replace("a.k", "v.k").replace("b.k", "w.k") if item == "i" else f"select {item} from {rows} order by {item}, k"
        yield f"select k from {rows} where {item} in (select i from {rows.replace('v(k, i)', 'w(k, i)')}) order by k"
        yield f"select k from {rows} where {item} not in (select i from {rows.replace('v(k, i)', 'w(k, i)')} where i is not null) order by k"
        yield f"select {item} as s from {rows} union select interval '1 day' order by s"
        yield f"select {item} as s from {rows} union all select interval '1 day' order by s"
        yield f"select v.k, w.k from {rows} left join {rows.replace('v(k, i)', 'w(k, i)')} on v.i = w.i and w.k > 2 order by 1, 2"
        yield f"select {item} as s, count(*) from {rows} group by 1 having count(*) > 1 order by s"
        yield f"select max(c) from (select {item}, count(*) as c from {rows} group by 1) q"
    yield "select d::timestamp - timestamp '2000-01-01' as s, count(*) from t group by 1 order by 1"
    yield "select count(*) from (select distinct d::timestamp - timestamp '2000-01-01' as s from t) q"


def texts():
    yield PEOPLE
    calls = ["length(s)", "char_length(s)", "character_length(s)", "octet_length(s)", "bit_length(s)", "upper(s)", "lower(s)", "reverse(s)", "left(s, 2)", "left(s, -2)", "right(s, 2)", "right(s, -2)", "left(s, 0)", "substring(s from 2 for 3)", "substring(s from 0 for 3)",
             "substring(s from -1 for 3)", "substring(s, 3)", "substr(s, 2, 2)", "substr(s, 2, 0)", "substring(s for 2)", "position('中' in s)", "strpos(s, '')", "strpos(s, '西林')", "lpad(s, 8, '*')", "rpad(s, 8, '药')", "lpad(s, 2)", "lpad(s, 10, '')", "rpad(s, 0)", "repeat(s, 2)", "repeat(s, 0)", "repeat(s, -1)",
             "replace(s, '西林', 'X')", "replace(s, '', 'X')", "translate(s, 'abc中', 'AB')", "trim(s)", "ltrim(s)", "rtrim(s)", "btrim(s, ' 前格')", "trim(leading '阿头' from s)", "trim(both from s)", "trim(trailing '囊' from s)", "split_part(s, '中', 1)", "split_part(s, '中', 2)", "split_part(s, '中', -1)", "split_part(s, '', 1)",
             "ascii(s)", "chr(ascii(s))", "md5(s)", "initcap(s)", "concat(s, '|', s)", "concat_ws('-', s, null, s)", "s || s", "quote_literal(s)", "quote_ident(s)", "quote_nullable(s)", "starts_with(s, '阿')", "overlay(s placing 'XX' from 2 for 1)", "overlay(s placing '药' from 1)", "overlay(s placing '' from 2 for 2)", "format('%s|%I|%L|%%', s, s, s)", "format('%5s|%-5s|', s, s)",
             "string_to_array(s, '')", "string_to_array(s, null)", "string_to_array(s, '中', '')", "s like '%西林%'", "s like '_莫%'", "s like '______'", "s like ''", "s like '%'", "s not like '阿%'", "s like '50\\%%'", "s like '50!%%' escape '!'", "s like 'a%b_c' escape ''", "s like 'a\\%b\\_c'", "s like '%\\\\'", "s ilike 'ABC%'", "s ilike '%DEF'", "s ~ '西'", "s ~ '^.{6}$'", "s ~ '[[:space:]]'", "s ~* 'ABC'", "s !~ '中'", "s similar to '%(西林|克肟)%'", "s similar to '_{4}'", "s similar to 'a\\%b\\_c'",
             "s similar to '(a|b)%'", "regexp_replace(s, '[a-z]+', '<\\&>')", "regexp_replace(s, '(.)(.)', '\\2\\1', 'g')", "regexp_replace(s, '\\s', '', 'g')", "regexp_match(s, '(.)(.)')", "regexp_count(s, '.')", "regexp_split_to_array(s, '中')", "regexp_substr(s, '[^a-z]+')", "regexp_instr(s, '中')", "regexp_like(s, '^[a-z]')", "substring(s from '[a-z]+')", "substring(s from '(.)中')", "substring(s similar '%#\"中#\"%' escape '#')",
             "s < '中'", "s > 'a'", "s = 'ABC'", "s collate \"C\" < 'b'", "s between 'a' and 'b'", "s in ('头孢克肟', '')", "nullif(s, '')", "coalesce(s, '无')", "to_hex(length(s))", "s::varchar(3)", "s::text = s", "length(trim(s))", "s || 1", "1 || s", "s || null", "s || true", "s || 1.50", "s || date '2024-01-01'", "upper(left(s, 1)) || lower(substr(s, 2))", "case when s like '%中%' then 'has' else 'no' end", "greatest(s, '中')", "unicode(s)", "encode(s::bytea, 'hex')", "convert_to(s, 'UTF8')", "normalize(s)", "s is normalized", "string_agg(s, '') over (order by id)", "parse_ident('a.b')", "to_ascii(s)", "sha256(s::bytea)", "length(s, 'UTF8')", "s ~~ 'a%'", "s !~~ 'a%'", "s ~~* 'A%'", "s ^@ 'a'"]
    for call in calls:
        yield f"select id, {call} from zh order by id"
        if "over" not in call:
            yield f"select count(*), max(({call})::text), min(({call})::text collate \"C\") from zh"
            yield f"select id from zh where ({call}) is not null order by ({call})::text, id"
    for value, pattern in itertools.product(["", "a", "ab", "abc", "a\\"], ["\\", "a\\", "%\\", "_\\", "ab\\", "%_\\", "b%\\", "%b%_\\", "a%\\", "a\\\\", "\\a\\"]):
        yield f"select '{value}' like '{pattern}', '{value}' ilike '{pattern}'"
        yield f"select x not like p from (values ('{value}', '{pattern}')) t(x, p)"
    yield "select s, s similar to p from zh, (values ('%中%'), ('(a|阿)%'), (null)) v(p) order by id, p"
    yield "select s similar to left(s, 1) || '%' from zh order by id"
    patterns = ["", "%", "_", "a%", "%a", "%a%", "a_c", "a\\_c", "a\\%", "\\", "a\\", "%\\%%", "__", "_%_", "%%", "a%c%", "\\a", "%_", "A%", "é%", "中%", "%文", "_文"]
    values = ["", "a", "abc", "a_c", "a%", "a\\", "\\", "中文", "%", "ABC", "é", "aXc", "ab\nc"]
    for value, pattern in itertools.product(values, patterns):
        text = value.replace("\n", "' || chr(10) || '")
        yield f"select '{text}' like '{pattern}', '{text}' not ilike '{pattern}'"
    for value, pattern in itertools.product(["abc", "a_c", "", "中文", "a+b", "aab"], ["abc", "a|b|abc", "(a|b)%", "a_c", "a\\_c", "[a-c]+", "[^x]*", "a{1,2}b", "a?%", "a+b", "%", "_", "", "(中|文)+", "a.c", "^abc$", "abc|", "a*", "[[:alpha:]]+"]):
        yield f"select '{value}' similar to '{pattern}'"
    yield from """select 'a' 'b'
select 'a'
  'b'
select e'a\\nb', E'\\u4e2d', e'\\x41', U&'\\4e2d', 'a''b', $$it's$$, $q$a$$b$q$
select 'abc' < 'abd', 'a' < 'B', 'a' < 'aa', '' < 'a', 'Z' < 'a', '中' > 'z'
select 'a' || 'b' || 1 || null
select 'a ' = 'a', 'a'::varchar = 'a ', length('a  ')
select position('' in 'abc'), position('c' in 'abc'), strpos('abc', 'z'), position('b' in '')
select substring('abcdef' from 2), substring('abcdef' from -2 for 4), substring('abcdef' from 10), substring('abcdef' for 3), substring('abcdef', 2, 100)
select substring('abc' from 2 for -1)
select lpad('abc', 5), lpad('abc', 5, 'xy'), rpad('abc', 7, 'xy'), lpad('abc', 2, 'x'), lpad('', 3, 'ab'), lpad('abc', -1)
select split_part('a,b,c', ',', 2), split_part('a,b,c', ',', 5), split_part('a,b,c', ',', -1), split_part('abc', ',', 1), split_part('', ',', 1)
select split_part('a,b,c', ',', 0)
select chr(65), chr(20013), chr(128512), ascii('A'), ascii('中'), ascii('')
select chr(0)
select chr(-1)
select repeat('ab', 3), repeat('', 100), reverse('abc'), reverse('中文')
select trim('  a  '), trim('x' from 'xxaxx'), trim(both 'xy' from 'xyaxy'), ltrim('xxa', 'x'), rtrim('axx', 'x'), btrim('xyaxy', 'xy'), trim('' from 'a')
select translate('12345', '143', 'ax'), translate('abc', '', 'x'), translate('abc', 'abc', ''), replace('aaa', 'aa', 'b'), replace('abc', 'b', '')
select initcap('hello WORLD foo-bar o''neil 3rd'), upper('abc1é'), lower('ABC1É')
select md5(''), md5('abc'), md5('中文')
select left('abc', 10), right('abc', 10), left('', 1), left('abc', -10)
select concat('a', 1, true, null, 2.50, date '2024-01-01'), concat_ws('', 'a', 'b'), concat_ws(', ', 1, 2, null, 3)
select format('%s %s', 'a', 1), format('%2$s %1$s', 'a', 'b'), format('%I', 'A b'), format('%L', null), format('%s', null), format('%%'), format('%-10s|', 'ab'), format('%10s|', 'ab'), format('%*s|', 5, 'a')
select format('%s')
select format('%x', 1)
select quote_ident('Abc'), quote_ident('abc'), quote_ident('select'), quote_literal('a''b'), quote_literal('a\\b'), quote_literal(42), quote_nullable(null)
select string_to_array('a,b,,c', ','), string_to_array('', ','), string_to_array('abc', null), string_to_array('a,b', ',', 'a'), array_to_string(array['a', null, 'b'], ','), array_to_string(array['a', null, 'b'], ',', '*')
select to_hex(255), to_hex(-1), to_hex(0), to_hex(9223372036854775807)
select starts_with('abc', 'ab'), starts_with('abc', ''), 'abc' ^@ 'ab'
select overlay('abcdef' placing 'XX' from 3), overlay('abcdef' placing 'XX' from 3 for 4), overlay('abcdef' placing '' from 2 for 2), overlay('abc' placing 'XYZW' from 10)
select regexp_replace('abcabc', 'b', 'X'), regexp_replace('abcabc', 'b', 'X', 'g'), regexp_replace('ABC', 'b', 'X', 'i'), regexp_replace('abc', '(a)(b)', '\\2\\1'), regexp_replace('a.b', '\\.', '-'), regexp_replace('abcabc', 'b', 'X', 2), regexp_replace('abcabcabc', 'b', 'X', 1, 2)
select regexp_match('abc123', '([a-z]+)(\\d+)'), regexp_match('abc', 'x'), regexp_match('abc', '(x)?abc'), (regexp_match('foo=bar', '(\\w+)=(\\w+)'))[2]
select regexp_matches('a1b2', '([a-z])(\\d)', 'g')
select regexp_split_to_array('a, b,c', ',\\s*'), regexp_split_to_array('abc', ''), regexp_split_to_table('a b  c', '\\s+')
select regexp_count('abcabc', 'b'), regexp_count('ABC', 'b', 1, 'i'), regexp_instr('abcabc', 'c', 4), regexp_substr('abc123', '\\d+'), regexp_like('abc', 'B', 'i')
select 'abc' ~ 'b', 'abc' ~ '^b', 'abc' ~* 'B', 'abc' !~ 'b', 'abc' ~ '', 'a.c' ~ 'a\\.c', 'abc' ~ 'a.c', 'a
c' ~ 'a.c', 'abc' ~ '(?i)B', 'aXb' ~ '[[:upper:]]', 'a1' ~ '\\d', '中' ~ '\\w', 'abc' ~ 'b*?c'
select 'abc' ~ '('
select 'abc' like 'a' escape 'xx'
select substring('foobar' from 'o.b'), substring('foobar' from 'o(.)b'), substring('foobar' similar '%#"o_b#"%' escape '#'), substring('foobar' from '%#"o_b#"%' for '#'), substring('abc' from 'x')
select 'abc'::varchar(2), 'abc'::char(2), 'a'::char(3) || 'x', length('a'::char(3)), cast('abc' as varchar)
select varchar 'abc', text 'abc', char 'abc', name 'abc'
select length('𠮷'), char_length('👨‍👩‍👧'), octet_length('中'), bit_length('中'), length(e'\\t')
select 'ab' collate "C" < 'B', 'a' collate "POSIX" = 'a', 'a' collate "en_US" < 'b'
select upper('straße'), lower('İ'), initcap('éa')
select max(s), min(s), count(distinct s) from zh
select s from zh order by s
select s from zh order by s desc nulls last
select s, length(s) from zh order by length(s) desc nulls last, s limit 3
select string_agg(s, ',' order by s) from zh where id < 7
select substring(s, 1, 1) as c, count(*) from zh group by c order by c
select unnest(string_to_array('a,b,c', ',')) order by 1 desc
select string_to_table('a,b,c', ',')
select 'a' = any(string_to_array('a,b', ',')), 'x' <> all(array['a', 'b'])
select encode('abc', 'base64'), encode('abc', 'hex'), encode('abc', 'escape'), decode('616263', 'hex')
select '\\x6162'::bytea
select unistr('\\4e2d'), U&"\\0061" from (select 1 as a) s
select length('abc' || chr(10)), 'a' || chr(9) || 'b'
select ''::text, '' || '', null::text, ' '
select 'true'::text::boolean, 'a'::text::int
select like('abc', 'a%'), textlen('abc'), char_length('abc')
select 'abc'[1]
select ('a')::text || ('b')::varchar(1), 'a'::text = 'a'::varchar
select cast(1.50 as text), cast(true as text), cast(1e20::float8 as text), cast(date '2024-01-01' as text), cast(interval '1 day' as text), cast(timestamp '2024-01-01' as text), true || 'x', 1.50 || '', 0.1::float8 || ''
select bool 'yes', bool 'n', 'T'::bool, ' true '::bool
select 'x' as "Weird ""Name", 'y' as select, 1 as "a b", 2 "中文"
select lower('ABC') as lower, 1 one, 2 as "order"
select 'a' < 1
select 'a' + 1
select '1' + '2'
select '1' || 2
select 1 || 2""".split("\n")


def selects():
    yield PEOPLE
    yield from """select
select from t
select 1 as a, 2 as a
select id as x, id + 1 as y from t order by y desc limit 2
select id from t order by 2
select id from t order by 0
select id from t order by 'x'
select id from t order by id + 0 desc limit 1
select id as v, v as w from t order by v limit 3
select v as id from t order by id nulls first, g
select -id as id from t order by id
select -id as id from t order by id + 0
select id from t order by v nulls first, id desc limit 4
select id from t order by v desc, id limit 4
select id from t order by g, v desc nulls last, id
select id from t order by random() limit 0
select id from t limit 3
select id from t limit -1
select id from t offset -1
select id from t limit 2.5
select id from t order by id limit '2'
select id from t order by id limit 1 + 1
select id from t order by id limit all offset 8
select id from t order by id offset 3 rows fetch next 2 rows only
select id from t order by id fetch first row only
select v from t order by v fetch first 1 row with ties
select v from t order by v desc nulls last fetch first 2 rows with ties
select v from t fetch first 2 rows with ties
select id from t limit 2 fetch first 1 row only
select * from t where id = 1
select t.* from t where id = 1
select t.*, * from t where id = 1
select * from t t2 where t.id = 1
select tt.id from t as tt where tt.id = 1
select t.id from t tt
select "id" from "t" where "id" = 1
select "ID" from t
select ID from T where Id = 1
select public.t.id from public.t where id = 1
select id from t where id = 1 and
select id form t
select 1 +
select * form t
select nothing from t
select id from nowhere
select nofunction(1)
select id, from t
select 1 where true
select 1 where 1
select 1 where 'true'
select 1 where 'x'
select 1 where null
select 1, 'a', null, true, 1.5, date '2024-01-01', interval '1 day'
select 1 as "?column?", 2
select length('a'), 1 + 1, 'a' || 'b', case when true then 1 end, coalesce(1, 2), cast(1 as text), 1::text, null, true, array[1], (select 1), exists (select 1), 1 in (1), not true, -1, nullif(1, 2), greatest(1, 2), extract(year from date '2024-01-01'), count(*), current_date is null, 1.5, 'x'::varchar, interval '1 day', date '2024-01-01', substring('abc' from 1), trim('a'), position('a' in 'b'), overlay('a' placing 'b' from 1), 1 between 0 and 2, 'a' like 'b', row_number() over (), sum(1) filter (where true), (1), least(1)
select t.id, t.v + 1, max(t.v) over (), t.g::text from t limit 1
select (array[1, 2])[1], (select id from t limit 1), (select id as z from t limit 1), case id when 1 then g end, case when true then 1 else id end from t limit 1
select xmlelement(name a)
values (1, 'a'), (2, 'b')
values (1), ('a')
values (1, 2), (3)
values (1), (2.5), (null)
values (1) order by 1
values (3), (1), (2) order by 1 desc limit 2
values (3), (1) order by column1
select * from (values (1, 'a'), (2, 'b')) v order by column1 desc
select * from (values (1, 'a'), (2, 'b')) v(x) order by x
select * from (values (1, 'a')) v(x, y, z)
select column1 from (values (1)) v
select v.* from (values (1, 2)) v(a, b)
select * from (select 1 as a, 2 as a) s
select a from (select 1 as a, 2 as a) s
select * from (select 1) s(x)
select * from (select 1)
select s.x from (select 1 as y) s(x)
table t order by id limit 1
table e
select * from generate_series(1, 5)
select * from generate_series(5, 1, -2) as g
select g from generate_series(1, 3) g
select g.g from generate_series(1, 3) g
select x from generate_series(1, 3) g(x)
select * from generate_series(1, 3) with ordinality
select * from generate_series(1, 3) with ordinality as s(a, b)
select * from generate_series(1, 0)
select * from generate_series(1, null)
select * from generate_series(1, 5, 0)
select * from generate_series(1.5, 3)
select * from generate_series(1, 2), generate_series(1, 2) order by 1, 2
select generate_series(1, 3), generate_series(1, 2)
select generate_series(1, 2), id from t where id < 3 order by 2, 1
select unnest(array[1, 2, null]), unnest(array['a', 'b'])
select * from unnest(array[1, 2], array['a', 'b', 'c'])
select * from unnest(array[1, 2]) with ordinality u(a, n) order by n desc
select id, unnest(array[v, id]) from t where id < 3 order by 1, 2
select count(*) from generate_series(1, 1000) g where g % 7 = 0
select sum(g) from generate_series(1, 100) g where g between 10 and 20
select * from rows from (generate_series(1, 2), generate_series(1, 3)) as s(a, b)
select id between 2 and 4 from t order by id limit 5
select id from t where id between 4 and 2
select id from t where id not between 2 and 9 order by id
select id from t where id in (1, 2, 3.0, '4') order by id
select id from t where id in ('x')
select id from t where id = '1'
select id from t where id = 'x'
select id from t where g = 1
select id from t where v = 10.0
select id from t where n = 1.5
select id from t where n > '2' order by id
select id from t where d = '2024-02-29' order by id
select id from t where d > '2024' order by id
select id from t where d < timestamp '2024-01-31 10:00' order by id
select id from t where x = 0.5
select id from t where x = -0.0
select id from t where x > 1e9
select id from t where g like 'a%' and not v = 20 or id = 10 order by id
select id from t where not (g = 'a' and v = 20) order by id
select id from t where g = 'a' is true order by id
select id from t where (v = 20) = (g = 'a') order by id
select id from t where v > 5 and v < 20 and v <> 10 order by id
select id from t where g is distinct from 'a' order by id
select id from t where g is not distinct from null order by id
select id from t where g isnull order by id
select id from t where g notnull and v notnull order by id
select id from t where true and 1 = 1 and id < 2
select id from t where false or null
select case id when 1 then 'one' when 2 then 'two' else 'many' end from t order by id limit 3
select case when id = 1 then 1 when id = 2 then 2.5 end from t order by id limit 3
select case when id = 1 then 'a' else 1 end from t
select case when false then 1/0 else 1 end
select case when id = 0 then 1/0 else id end from t order by id limit 1
select coalesce(v, 1/0) from t where v is not null order by id
select 1/0 where false
select 1/0 from e
select case 1 when 1 then 2 when 1 then 3 end
select case null when null then 1 else 2 end
select case when true then null end
select case when 'a' = 'a' then 'x' end || 'y'
select id, case when v is null then 'n' when v > 9 then 'h' else 'l' end c from t order by c, id
select all id from t order by id limit 1
select id as "Id" from t order by "Id" limit 1
select id as "Id" from t order by Id limit 1
select id as i from t where i = 1
select id as i from t having i = 1
select id i, count(*) from t group by i order by i limit 2
select (id) from t order by (id) limit 1
select ((1))
select (1, 2)
select row(1, 'a')
select array[1, 2] || 3, array[1] = array[1], array[[1, 2], [3, 4]]
select '{1,2}'::int[] , '{a,"b c",NULL}'::text[], array[]::int[]
select array_length(array[1, 2], 1), cardinality(array[1, 2]), array_position(array[1, 2], 2), array_remove(array[1, 2, 1], 1)
select 1 as limit
select 1 limit
select 1 "limit"
select 1 as from
select 1 -- comment
select /* a /* nested */ b */ 1
select 1;
select ;
select 1 as a where a = 1
select 1 order by 1, 1
select distinct 1, 1 order by 1
select 1 group by 1
select 1 having true
select 1 having false
select 1 from (select 1) a, (select 2) b
select 1 from t limit 0
select count(*) from (select 1 from t limit 3) s
select count(*) from (select distinct g from t) s
select * from (select * from t order by v limit 3) s order by id
select * from (select id from t order by id limit 5) s order by id desc limit 2
select id, v from t order by v + id nulls first, id
select id from t order by g collate "C" desc nulls last, id
select id from t order by case when g = 'b' then 0 else 1 end, id
select id from t order by id using >
select id from t order by id using <
select id from t order by length(g), id
select id from t order by 1 desc, v limit 1
select id + 0 from t order by id + 0 limit 1
select g from t order by id
select g, count(*) from t group by g order by 2 desc, 1 limit 1
select true as a, false as b, not true, true and null
select 'a'::text as t, t.id from t limit 1
select count(*) as count, sum(v) as sum from t order by count, sum
select max(id) max from t
select t.v as "select" from t where t.id = 1
select u.* , t.id from t, u where t.id = u.id and t.id = 1
select * from t, u where t.id = u.id and t.id = 1
select id from t, u
select t.id as tid, u.id as uid from t, u where t.id = u.id order by uid desc limit 1
select * from only t where id = 1
select * from t for update
select * into newt from t
select version() is null
select current_user is null
select pg_typeof(1), pg_typeof(1.5), pg_typeof('a'), pg_typeof(null), pg_typeof(1::bigint + 1), pg_typeof(1 / 2.0), pg_typeof(date '2024-01-01' - date '2023-01-01'), pg_typeof(sum(1)), pg_typeof(avg(1)), pg_typeof(count(*)), pg_typeof(1::float8 * 2), pg_typeof(sum(1.5)), pg_typeof('a' || 'b'), pg_typeof(array[1]), pg_typeof(now() - now())
select pg_typeof(coalesce(1, 2.5)), pg_typeof(case when true then 1 else 2::bigint end), pg_typeof(extract(year from date '2024-01-01')), pg_typeof(date_part('year', date '2024-01-01')), pg_typeof(round(1.5)), pg_typeof(round(1.5::float8)), pg_typeof(ceil(1)), pg_typeof(sqrt(4)), pg_typeof(power(2, 2)), pg_typeof(length('a')), pg_typeof(sum(1::bigint)), pg_typeof(stddev(1)), pg_typeof(row_number() over ()), pg_typeof(ntile(1) over ()), pg_typeof(date_trunc('day', date '2024-01-01')), pg_typeof(abs(1::smallint))""".split("\n")


SUBJECTS = {"windows": windows, "nulls": nulls, "subqueries": subqueries, "joins": joins, "groups": groups, "sets": sets, "types": types,
            "arithmetic": arithmetic, "digits": digits, "times": times, "spans": spans, "texts": texts, "selects": selects}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, cases in SUBJECTS.items():
        seen = list(dict.fromkeys(cases()))
        with open(os.path.join(folder, name + ".sql"), "w", encoding="utf-8") as file:
            for case in seen:
                file.write(case.strip().rstrip(";") + ";\n")
        print(name, len(seen) - 1)


if __name__ == "__main__":
    main()
