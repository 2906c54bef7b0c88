"""Queries for sql_differential.py: a list by subject, wrong ones, and a seeded source of random ones."""
import random

ODD = """with odd(i, b, n, d, t, u, dt, ts, f) as (values
 (1, 10::bigint, 1.50::numeric(12,2), 1.5::double precision, 'abc', '', date '2024-02-29', timestamp '2024-02-29 12:34:56.789', true),
 (2, -10, -1.50, -1.5, 'ABC', 'abc', date '2023-12-31', timestamp '2023-12-31 23:59:59', false),
 (3, 9223372036854775807, 0.00, 0, '', 'é😀x', date '1970-01-01', timestamp '1970-01-01 00:00:00', null),
 (4, null, null, null, null, null, null, null, null),
 (null, 0, 9999999999.99, '1e300'::float8, 'a_c', 'a%', date '2025-01-31', timestamp '1999-12-31 23:59:59.999999', true),
 (-7, 3, 2.25, 2.5, '  pad ', '10', date '1900-03-01', timestamp '2025-03-30 02:30:00', false),
 (7, 3, 2.25, 3.5, 'abc', 'ABC', date '2024-12-30', timestamp '2024-12-30 00:00:01', true),
 (2147483647, -9223372036854775807, -0.01, '-1e-300'::float8, 'zzz', 'a\\c', date '2000-02-29', timestamp '2000-02-29 06:00:00', null)) """


def _split(text):
    """One query a line; {ODD} stands for a small table of odd values."""
    return [line.replace("{ODD}", ODD) for line in text.strip("\n").split("\n") if line]


FIXED = _split(r"""
select count(*), count(original_claim_id), count(distinct department), count(distinct days_supply) from claims
select visit_type, count(*), sum(amount), sum(fund_amount), min(unit_price), max(unit_price) from claims group by visit_type order by visit_type
select visit_type, avg(amount), avg(days_supply) from claims group by visit_type order by 1
select department, count(*) from claims group by department order by department
select department, count(*) from claims group by department order by department desc
select department, count(*) from claims group by 1 order by 1 nulls first
select department, count(*) c from claims group by 1 having count(*) > 100 order by c desc, department limit 7
select department, count(*) c from claims group by 1 order by 2 desc, 1 limit 5 offset 3
select distinct sex, visit_type from claims
select distinct on (institution_id) institution_id, claim_id, line_id from claims order by institution_id, settled_at desc, claim_id, line_id
select distinct on (department, sex) department, sex, amount from claims order by department, sex desc, amount desc nulls last
select claim_id, line_id, amount from claims where amount < 0 order by amount, claim_id, line_id
select claim_id, line_id from claims where department is null and days_supply is not null
select count(*) from claims where department = ''
select count(*) from claims where department <> 'A05'
select count(*) from claims where not (department = 'A05' or days_supply > 7)
select count(*) from claims where department in ('A05', null)
select count(*) from claims where department not in ('A05', null)
select count(*) from claims where department not in ('A05', 'A02')
select count(*) from claims where days_supply in (7, 30.5, -1)
select count(*) from claims where days_supply between 7 and 30
select count(*) from claims where days_supply not between 7 and 30
select count(*) from claims where days_supply between symmetric 30 and 7
select count(*) from claims where diagnosis_code like 'J06_900'
select count(*) from claims where diagnosis_code like 'J06\_900'
select count(*) from claims where diagnosis_code like 'J06$_900' escape '$'
select count(*) from claims where diagnosis_code not like 'J%'
select count(*) from claims where institution_id ilike 'h97%'
select count(*) from claims where item_name like '%片%'
select count(*) from claims where item_name like '%'
select count(*) from claims where sex is distinct from 'male'
select count(*) from claims where sex is not distinct from null
select count(*) from claims where (sex = 'male') is unknown
select count(*) from claims where (sex = 'male') is not true
select count(*) from claims where coalesce(department, doctor_id, 'none') = 'none'
select count(*) from claims where settled_at >= '2025-01-31' and settled_at < '2025-02-01'
select count(*) from claims where settled_at >= timestamp '2025-01-31 23:59:59'
select count(*) from claims where settled_at::date = '2025-01-31'
select count(*) from claims where birth_date + 365 < admission_date
select count(*) from claims where service_time > settled_at
select date_trunc('month', settled_at) m, count(*), sum(fund_amount) from claims group by 1 order by 1
select extract(year from settled_at) y, extract(quarter from settled_at) q, count(*) from claims group by 1, 2 order by 1, 2
select extract(dow from settled_at) w, extract(isodow from settled_at) i, count(*) from claims group by 1, 2 order by 1
select to_char(settled_at, 'YYYY-MM') ym, count(*) from claims group by 1 order by 1
select settled_at::date d, count(*) from claims group by 1 order by 2 desc, 1 limit 20
select claim_id, min(discharge_date - admission_date) from claims where admission_date is not null group by 1
select age(service_time, birth_date)::text a, count(*) from claims where sex = 'male' and settled_at < '2025-02-01' group by 1
select extract(year from age(service_time, birth_date)) y, count(*) from claims group by 1 order by 1
select substring(diagnosis_code, 1, 3) d, count(*) from claims group by 1 order by 2 desc, 1
select left(diagnosis_code, 1), right(diagnosis_code, 2), count(*) from claims group by 1, 2
select upper(item_category), length(item_name), octet_length(item_name), count(*) from claims group by 1, 2, 3
select department || '-' || doctor_id, count(*) from claims group by 1
select concat(department, '-', doctor_id), concat_ws('/', department, sex, null, doctor_id), count(*) from claims group by 1, 2
select case when amount < 0 then 'minus' when amount = 0 then 'zero' when amount < 100 then 'small' end k, count(*) from claims group by 1 order by 1
select case visit_type when 'outpatient' then 1 when 'inpatient' then 2 else 3 end k, sum(amount) from claims group by 1 order by 1
select sum(case when sex = 'male' then amount else 0 end), sum(amount) filter (where sex = 'male'), count(*) filter (where department is null) from claims
select institution_id, count(distinct patient_id), count(distinct claim_id) filter (where amount > 0) from claims group by 1 order by 1
select institution_id, sum(distinct amount), avg(distinct quantity) from claims where quantity between -100 and 100 group by 1
select string_agg(distinct sex, ',' order by sex), string_agg(distinct visit_type, '' order by visit_type desc) from claims
select institution_id, string_agg(line_id, ',' order by claim_id, line_id) from claims where settled_at < '2025-01-10' group by 1 order by 1
select claim_id, string_agg(item_code, '|' order by amount desc, item_code, line_id) filter (where quantity > 0) from claims where settled_at < '2025-01-15' group by 1
select percentile_cont(0.5) within group (order by amount), percentile_cont(0.25) within group (order by days_supply), percentile_disc(0.9) within group (order by amount) from claims
select visit_type, percentile_cont(0.9) within group (order by quantity) from claims where abs(quantity) < 1000 group by 1
select sex, percentile_disc(0.5) within group (order by settled_at), percentile_disc(0.5) within group (order by department desc) from claims group by 1
select sex, mode() within group (order by visit_type), mode() within group (order by quantity) from claims where settled_at < '2025-06-01' and claim_id not like 'ODD%' group by 1
select stddev(amount), variance(amount), stddev_pop(quantity), var_pop(quantity), corr(amount::float8, quantity::float8) from claims where claim_id not like 'ODD%' /*scale*/
select sum(amount * quantity), sum(unit_price * quantity) from claims where abs(quantity) < 1000 and abs(unit_price) < 100000
select sum(amount) / count(*), sum(amount) / nullif(sum(fund_amount), 0) from claims
select round(avg(amount), 2), round(sum(amount) / 7, 3), trunc(sum(amount), -2), ceil(sum(amount)), floor(-sum(amount)) from claims
select bool_and(amount > 0), bool_or(amount > 0), every(sex = 'male'), bool_or(department = 'none') from claims
select sum(line_id::int), avg(line_id::int), sum(line_id::bigint), sum(line_id::double precision), sum(line_id::numeric(10,2)) from claims
select line_id::int / 2 h, line_id::int % 3 m, count(*) from claims group by 1, 2
select count(*), sum(amount), avg(amount), min(sex), max(settled_at), string_agg(sex, ','), bool_and(true) from claims where false
select sex, count(*) from claims where false group by sex
select 1 from claims having count(*) > 5
select count(*) from claims having false
select visit_type, sex, count(*), sum(amount), grouping(visit_type, sex) from claims group by rollup (visit_type, sex)
select visit_type, sex, count(*), grouping(visit_type), grouping(sex) from claims group by cube (visit_type, sex)
select visit_type, sex, department, count(*) from claims group by grouping sets ((visit_type, sex), (department), ())
select visit_type, sex, count(*) from claims group by visit_type, rollup (sex) having count(*) > 20
select visit_type, extract(year from settled_at) y, sum(amount) from claims group by grouping sets (1, 2, (1, 2))
select coalesce(visit_type, 'all'), count(*) from claims group by rollup (visit_type) order by grouping(visit_type), visit_type
select count(*) from claims group by rollup (sex), cube (visit_type)
select count(*) from claims where false group by ()
select sex, count(*) from claims where false group by rollup (sex)
select i.name, count(*), sum(c.amount) from claims c join institutions i on i.institution_id = c.institution_id group by i.name
select i.institution_id, count(c.claim_id) from institutions i left join claims c on c.institution_id = i.institution_id group by 1 order by 1
select i.institution_id, count(*) from institutions i left join claims c on c.institution_id = i.institution_id and c.sex = 'male' and c.amount > 1000 group by 1 order by 1
select i.level, c.visit_type, count(*) from institutions i right join claims c using (institution_id) group by 1, 2
select institution_id, i.level, d.n from institutions i full join (select institution_id, count(*) n from claims group by 1) d using (institution_id) order by institution_id
select coalesce(i.level, 'none') l, count(*), count(distinct institution_id) from claims left join institutions i using (institution_id) group by 1 order by 1
select a.institution_id, b.institution_id from institutions a join institutions b on a.level = b.level and a.institution_id < b.institution_id and a.beds = b.beds
select count(*) from institutions a cross join institutions b
select count(*) from institutions a, knowledge b, deaths d
select count(*) from institutions a join institutions b on a.beds < b.beds
select count(*) from institutions a left join institutions b on a.beds < b.beds and a.level = b.level
select a.institution_id, b.institution_id from institutions a full join institutions b on a.beds = b.beds + 10
select count(*), count(b.rule_id) from knowledge a left join knowledge b on a.paired_item_code = b.paired_item_code
select a.rule_id, b.rule_id from knowledge a join knowledge b on a.window_days is not distinct from b.window_days where a.rule_id < b.rule_id
select a.rule_id, b.rule_id from knowledge a full join knowledge b on a.window_days = b.window_days and a.attribute = b.attribute
select * from deaths natural join (select patient_id, sex, max(settled_at) m from claims group by 1, 2) x
select * from deaths d left join lateral (select count(*) n, max(settled_at) m from claims c where c.patient_id = d.patient_id) x on true
select d.patient_id, x.* from deaths d cross join lateral (select claim_id, line_id from claims c where c.patient_id = d.patient_id order by settled_at desc, claim_id, line_id limit 2) x
select count(*) from claims c where exists (select 1 from knowledge k where k.item_code = c.item_code and k.attribute = 'max_per_day')
select count(*) from claims c where not exists (select 1 from knowledge k where k.item_code = c.item_code)
select count(*) from claims where institution_id in (select institution_id from institutions where level = 'tertiary')
select count(*) from claims where institution_id not in (select institution_id from institutions where level = 'tertiary')
select count(*) from claims where original_claim_id not in (select claim_id from claims)
select count(*) from claims where claim_id not in (select original_claim_id from claims)
select count(*) from claims where claim_id not in (select original_claim_id from claims where original_claim_id is not null)
select count(*) from claims where (claim_id in (select original_claim_id from claims)) is null
select count(*), count(*) filter (where department in (select department from claims where amount > 500)) from claims
select claim_id in (select original_claim_id from claims) x, count(*) from claims group by 1
select count(*) from claims c where amount > (select avg(amount) from claims)
select count(*) from claims c where amount > (select avg(x.amount) from claims x where x.institution_id = c.institution_id)|||select count(*) from (select amount > avg(amount) over (partition by institution_id) y from claims) z where y
select i.institution_id, (select count(*) from claims c where c.institution_id = i.institution_id), (select max(amount) from claims c where c.institution_id = i.institution_id and c.sex = 'female') from institutions i
select i.institution_id, (select count(*) from claims c where c.institution_id = i.institution_id and c.quantity < 0) + 1 from institutions i order by 1
select institution_id from institutions i where 10 > (select count(*) from claims c where c.institution_id = i.institution_id) order by 1
select institution_id from institutions i where (select sum(amount) from claims c where c.institution_id = i.institution_id and c.days_supply > 80) is null order by 1
select (select max(beds) from institutions), (select min(settled_at) from claims), (select sex from claims where false)
select amount > all (select amount from claims where sex = 'unknown' and amount < 1000) x, count(*) from claims group by 1
select amount >= any (select fund_amount from claims where claim_id like 'ODD%') x, count(*) from claims group by 1
select count(*) from claims c where c.amount = (select max(amount) from claims x where x.claim_id = c.claim_id)
select count(*) from institutions i where exists (select 1 from claims c where c.institution_id = i.institution_id and c.amount > 50 * i.beds)
select count(*) from institutions i where not exists (select from claims c where c.institution_id = i.institution_id and c.settled_at < i.contract_start)
select count(*) from claims c where not exists (select 1 from claims x where x.claim_id = c.claim_id and x.line_id > c.line_id)
select count(*) from claims a where exists (select 1 from claims b where b.patient_id = a.patient_id and b.institution_id <> a.institution_id and b.settled_at::date = a.settled_at::date)
with m as (select institution_id, date_trunc('month', settled_at) mo, sum(fund_amount) f from claims group by 1, 2) select a.institution_id, a.mo, a.f, b.f from m a join m b on a.institution_id = b.institution_id and b.mo = a.mo - interval '1 month' where a.f > b.f
with m as (select patient_id, count(*) n from claims group by 1) select n, count(*) from m group by 1 order by 1
with a as (select * from claims where sex = 'male'), b as (select claim_id from a where amount > 100) select count(*) from a where claim_id in (select claim_id from b)
with x as materialized (select visit_type v, count(*) n from claims group by 1) select x.v, y.v, x.n - y.n from x, x y
with t(a, b) as (values (1, 'x'), (2, null), (null, 'z')) select b, a, a + 1, b is null from t order by a nulls first
select * from (values (1, 2.5, 'a'), (2, 3, null)) v(a, b, c) /*scale*/ order by a
select item_code from claims where sex = 'male' intersect select item_code from knowledge
select item_code from knowledge except select item_code from claims
select sex from claims union select visit_type from claims
select sex from claims union all select level from institutions
select department from claims intersect all select department from claims where amount > 100
select department from claims where amount < 50 except all select department from claims where amount > 50
(select department from claims order by amount desc, claim_id, line_id limit 3) union all (select 'x' limit 1)
select 1 as a union select 1.0 union select 2 /*scale*/ order by a
select null union select 1 union select null order by 1
select a, count(*) from (select sex a from claims union all select visit_type from claims) z group by 1 order by 1
select claim_id, line_id, row_number() over (partition by institution_id order by settled_at, claim_id, line_id) from claims where settled_at < '2025-02-01'
select claim_id, line_id, rank() over w, dense_rank() over w, percent_rank() over w, cume_dist() over w from claims where settled_at < '2025-01-20' window w as (partition by institution_id order by amount desc) /*ties*/
select claim_id, line_id, lag(amount) over w, lead(amount, 2, 0.00) over w, lag(department, 1, 'first') over w, ntile(4) over w from claims where settled_at < '2025-02-01' window w as (partition by patient_id order by settled_at, claim_id, line_id) /*ties*/
select claim_id, line_id, sum(amount) over (partition by institution_id order by settled_at, claim_id, line_id), avg(amount) over (partition by institution_id), count(*) over () from claims where settled_at < '2025-02-01'
select claim_id, line_id, sum(amount) over (order by settled_at, claim_id, line_id rows between 2 preceding and current row), max(amount) over (order by settled_at, claim_id, line_id rows between 1 following and 3 following), min(department) over (order by settled_at, claim_id, line_id rows between unbounded preceding and 1 preceding) from claims where settled_at < '2025-01-20'
select claim_id, line_id, sum(amount) over (partition by sex order by settled_at range between interval '7 days' preceding and current row), count(*) over (partition by sex order by settled_at range between interval '1 month' preceding and interval '1 day' following) from claims where settled_at < '2025-03-01'
select claim_id, line_id, sum(amount) over (partition by visit_type order by days_supply range between 3 preceding and 2 following), count(*) over (order by days_supply desc range between 1.5 preceding and current row) from claims where settled_at < '2025-02-01'
select claim_id, line_id, count(*) over (partition by sex order by department groups between 1 preceding and 1 following), first_value(department) over (partition by sex order by department groups between 1 preceding and current row exclude current row), nth_value(sex, 2) over (order by department nulls first, sex, claim_id, line_id) from claims where settled_at < '2025-02-01'
select claim_id, line_id, sum(quantity) over (order by amount rows between unbounded preceding and unbounded following exclude ties), count(department) over (partition by department) from claims where settled_at < '2025-01-15' and abs(quantity) < 100 /*ties*/
select claim_id, line_id, last_value(amount) over (partition by claim_id order by line_id rows between unbounded preceding and unbounded following), first_value(amount) over (partition by claim_id order by line_id desc) from claims where settled_at < '2025-03-01'
select institution_id, m, f, f - lag(f) over (partition by institution_id order by m) g, sum(f) over (partition by institution_id order by m rows between 3 preceding and 1 preceding) s from (select institution_id, date_trunc('month', settled_at) m, sum(fund_amount) f from claims group by 1, 2) x
select institution_id, sum(amount) s, rank() over (order by sum(amount) desc), sum(sum(amount)) over (order by institution_id) from claims group by institution_id
select * from (select claim_id, line_id, amount, row_number() over (partition by institution_id order by amount desc, claim_id, line_id) r from claims) x where r <= 2
select sex, count(*) filter (where amount > 10) over (partition by sex), sum(amount) filter (where department is null) over (order by claim_id, line_id) from claims where settled_at < '2025-01-10'
select distinct visit_type, count(*) over (partition by visit_type) from claims
select distinct dense_rank() over (order by visit_type) from claims order by 1
select count(*), sum(amount), sum(fund_amount), count(distinct claim_id) from live_claims
select count(*), sum(line_count), sum(amount), sum(fund_amount) from settlements
select * from settlements where settled_at < '2025-01-20'
select institution_id, visit_type, count(*), sum(amount), min(birth_date) from settlements group by 1, 2
select claim_id, line_id, quantity, unit_price, amount, fund_amount, days_supply from live_claims where claim_id like 'ODD%'
select l.visit_type, count(*), sum(s.line_count) from live_claims l join settlements s using (claim_id) group by 1
select count(*) from live_claims where claim_id not in (select claim_id from settlements)
select * from claims where claim_id like 'ODD%'
select * from institutions
select * from knowledge order by rule_id
select * from deaths order by patient_id, death_date
select 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 7 / 2.0, 1 / 3.0, 2 / 3.0::numeric, 1e0 / 3, 5 % 2.5, -7.5 % 2
select round(2.5), round(-2.5), round(0.5::float8), round(1.5::float8), round(2.5::float8), round(1234.5678, 2), round(1234.5678, -2), trunc(-1.9), ceil(-1.1), floor(-1.1)
select 1.10 + 2.2, 1.10 * 2.20, 1.10 - 1.1, -1.50, abs(-1.50), sign(-3.2), mod(7, -3), div(7.5, 2), power(2, 10), sqrt(2::float8), 2 ^ 3
select 0.1::float8 + 0.2::float8, 1e15::float8, 1e16::float8, 1e-5::float8, 123456789012345678::float8, 'NaN'::float8, 'Infinity'::float8, -0.0::float8
select 1::int::text, 1.50::text, 1.5::float8::text, true::text, date '2025-01-31'::text, timestamp '2025-01-31 08:00:00'::text, ' 12 '::int, '1e3'::float8, '12.345'::numeric(6,2)
select 2.5::int, 3.5::int, -2.5::int, 2.5::float8::int, 3.5::float8::int, 12.345::numeric(5,2), 12.355::numeric(5,1), 'true'::boolean, 'off'::boolean, 1::boolean, true::int
select date '2025-01-31' + interval '1 month', date '2024-02-29' + interval '1 year', timestamp '2025-03-31 10:00:00' - interval '1 month 1 day', date '2025-03-01' - date '2025-02-01', date '2025-01-01' + 30, interval '1 day' * 3, interval '1 month' - interval '3 days', timestamp '2025-01-02' - timestamp '2025-01-01 12:00:00'
select age(timestamp '2025-03-01', timestamp '2024-02-29'), age(timestamp '2024-02-29', timestamp '2025-03-01'), extract(epoch from timestamp '2025-01-01 00:00:00.5'), extract(week from date '2024-12-30'), extract(isoyear from date '2024-12-30'), extract(doy from date '2024-12-31'), extract(century from date '2000-12-31'), extract(day from interval '1 month 3 days')
select date_trunc('week', timestamp '2025-01-01 10:00:00'), date_trunc('quarter', timestamp '2025-05-17'), date_trunc('hour', timestamp '2025-05-17 10:59:59'), date_part('month', date '2025-05-17'), make_date(2025, 2, 28), to_date('20250131', 'YYYYMMDD'), to_char(timestamp '2025-01-05 15:04:09', 'YYYY-MM-DD HH24:MI:SS Dy Mon HH12 AM Q DDD')
select lower('ÀB'), upper('àb'), initcap('hello wORLD-x y2z'), length('é😀'), reverse('aé😀'), lpad('7', 3, '0'), lpad('12345', 3), rpad('ab', 5, 'xy'), repeat('ab', 3), repeat('ab', -1), split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), split_part('abc', ',', 2), strpos('abc', 'c'), position('b' in 'abc'), translate('12345', '143', 'ax'), replace('aaa', 'a', 'bb')
select substring('hello' from 2 for 3), substring('hello', 0), substring('hello', -1, 3), substring('hello', 10), left('hello', -2), right('hello', -2), left('é😀x', 2), trim('  a '), trim(both 'x' from 'xxaxx'), ltrim('abcab', 'ab'), rtrim('abcab', 'ab'), btrim('xyaxy', 'yx'), starts_with('abc', 'ab'), md5('a'), chr(20013), ascii('中')
select null and false, null or true, null and true, not null::boolean, null = null, null is null, 1 = null, (null = 1) is null, null in (1), 1 in (1, null), 2 in (1, null), 2 not in (1, null), coalesce(null, 1, 2), nullif(1, 1), nullif(1, 2), greatest(1, null, 3), least(null, null)
select 'a' < 'B', 'a' < 'b', '' < 'a', 'é' > 'z', 'a' || null, 'a' || 1, 'abc' between 'ab' and 'abd', 'A' ilike 'a', 'a%c' like 'a\%c', 'abc' like '', '' like '%', E'a\nb' like 'a_b'
select x, x * 2, sum(x) over (order by x) from generate_series(1, 5) x
select count(*) from generate_series(1, 1000) a cross join generate_series(1, 100) b where a % b = 0
{ODD}select * from odd order by i, b
{ODD}select i + b, b - 1, b * 2, n * n, n + i, d * i, d / 2, i / 2, b % 7, -n, abs(i), -b from odd where i between -100 and 100 and b between -100 and 100
{ODD}select i, b + 1 from odd
{ODD}select i + 1 from odd
{ODD}select i * 2 from odd
{ODD}select -b from odd
{ODD}select abs(b) from odd
{ODD}select n / i from odd
{ODD}select n / 0 from odd where i is null
{ODD}select i / 0 from odd where i = 12345
{ODD}select case when i = 0 then 0 else 100 / i end from odd
{ODD}select sum(b), sum(i), sum(n), sum(d), avg(b), avg(i), avg(n), min(t), max(t), min(f::text), count(f), bool_and(f), bool_or(f) from odd /*scale*/
{ODD}select f, count(*), count(i), sum(i), min(dt), max(ts), string_agg(t, ';' order by t) from odd group by f order by f
{ODD}select t, count(*) from odd group by t order by t
{ODD}select upper(t), count(*) from odd group by 1
{ODD}select n, count(*), min(d), max(d) from odd group by n order by n desc nulls last
{ODD}select d, count(*) from odd group by d order by d
{ODD}select distinct f, i is null from odd
{ODD}select a.i, z.i from odd a left join odd z on a.i = -z.i
{ODD}select a.t, z.u from odd a join odd z on lower(a.t) = lower(z.u) order by 1, 2
{ODD}select a.t, z.u from odd a full join odd z on a.t = z.u
{ODD}select a.n, z.d from odd a join odd z on a.n = z.d
{ODD}select a.i, z.b from odd a join odd z on a.b = z.i
{ODD}select a.dt, z.ts from odd a join odd z on a.dt = z.ts::date
{ODD}select a.dt, z.ts from odd a join odd z on a.dt < z.ts and a.f = z.f
{ODD}select t from odd where t in (select u from odd)
{ODD}select t from odd where t not in (select u from odd)
{ODD}select t from odd where t not in (select u from odd where u is not null) or t is null
{ODD}select t from odd where (t, i) in (select u, i from odd)
{ODD}select i, (select max(z.i) from odd z where z.i < a.i) from odd a
{ODD}select i, (select count(*) from odd z where z.i < a.i) c from odd a order by c, i nulls first, b
{ODD}select i, (select z.t from odd z where z.f = a.f) from odd a
{ODD}select i, exists (select 1 from odd z where z.i > a.i), a.i in (select z.b from odd z), a.i not in (select z.b from odd z where z.b <> 3) from odd a
{ODD}select i, a.n = any (select z.n from odd z where z.i <> a.i), a.n <> all (select z.n from odd z where z.i <> a.i) from odd a
{ODD}select t, row_number() over (order by t, i nulls first, b), rank() over (order by t), lag(t) over (order by t, i, b), sum(n) over (order by t) from odd
{ODD}select i, sum(b::numeric) over (order by i), count(*) over (order by i range between 10 preceding and current row), sum(n) over (order by i nulls first rows between 1 preceding and 1 following) from odd
{ODD}select d, sum(d) over (order by n, i), avg(d) over (partition by f) from odd where abs(d) < 100
{ODD}select dt, count(*) over (order by dt range between '1 year' preceding and current row), ts - lag(ts) over (order by ts) from odd
{ODD}select dt + 1, dt - 1, dt - date '2000-01-01', dt + interval '1 month', ts + interval '1 day 2 hours', ts - ts, ts::date, dt::timestamp, age(ts, dt::timestamp) from odd
{ODD}select extract(epoch from ts), extract(second from ts), extract(milliseconds from ts), extract(julian from dt), extract(decade from dt), extract(millennium from dt), extract(month from ts), date_part('epoch', ts), date_part('isodow', dt) from odd
{ODD}select date_trunc('month', ts), date_trunc('day', ts), date_trunc('minute', ts), date_trunc('year', ts), date_trunc('decade', ts), date_trunc('century', ts), date_trunc('second', ts) from odd
{ODD}select ts::text, dt::text, n::text, d::text, f::text, b::text, i::text, n::int, n::float8, d::numeric(20,3), b::float8 from odd where d is null or abs(d) < 100
{ODD}select to_char(ts, 'YYYY-MM-DD HH24:MI:SS.MS US'), to_char(dt, 'FMDay, DD Month YYYY IW IYYY D ID J CC'), to_char(ts, 'am HH FMHH12 "text" YY Y') from odd
{ODD}select length(t), length(u), octet_length(u), upper(u), lower(u), left(u, 2), right(u, 1), substring(u, 2), reverse(u), u || t, replace(u, 'a', 'b'), strpos(u, 'c'), ascii(u), md5(u), initcap(t) from odd
{ODD}select t like u, t like 'a_c', t ilike 'A%C', u like 'a\%', u like 'a\\c', t like '', t not like '%c', u like '___x' from odd where u <> 'a\c'
{ODD}select f and i > 0, f or i > 0, not f, f is true, f is not false, f is unknown, f = (i > 0), f < true, f::int from odd
{ODD}select coalesce(i, b), coalesce(n, i, d), nullif(t, u), nullif(i, 7), greatest(i, n, d), least(dt, ts), greatest(t, u) from odd
{ODD}select case when f then n when i > 2 then d end, case f when true then 'yes' when false then 'no' else null end, case when i is null then 1 else n end from odd /*scale*/
{ODD}select round(n), round(n, 1), round(d), trunc(n), ceil(n), floor(d), sign(n), sign(d), round(n, -1), trunc(d), n % 1, mod(n, 0.7) from odd where abs(d) < 1e10 or d is null
{ODD}select percentile_cont(0.5) within group (order by i), percentile_cont(0.3) within group (order by n), percentile_disc(0.5) within group (order by t), percentile_cont(0.5) within group (order by d), mode() within group (order by n) from odd where d is null or abs(d) < 100
{ODD}select f, stddev(i), variance(n), stddev_pop(d), var_samp(d), corr(i, d) from odd where i < 100 group by f /*scale*/
{ODD}select f, t, grouping(f, t), count(*), sum(n) from odd group by cube (f, t)
{ODD}select count(distinct t), count(distinct n), count(distinct d), count(distinct f), count(distinct dt), sum(distinct n), string_agg(distinct t, '|') from odd /*ties*/
{ODD}select f from odd union select i > 3 from odd
{ODD}select n from odd union select i from odd union select d from odd
{ODD}select i from odd intersect select b from odd
{ODD}select t from odd except select u from odd order by 1
{ODD}select d + n, n::float8 * 3, i::float8 / 7, i / 7.0, n / 3, b / 3.0 from odd where i between -100 and 100
{ODD}select t || ':' || i || ':' || n || ':' || d || ':' || f || ':' || dt || ':' || ts from odd
{ODD}select t::int from odd where i = 1
{ODD}select u::int from odd where i = -7
{ODD}select n::int from odd
{ODD}select d::bigint from odd where i = 2
{ODD}select t::date from odd where i = 1
{ODD}select i from odd order by i desc nulls last limit 3
{ODD}select i, t from odd order by t collate "C" desc, i limit 4 offset 2
{ODD}select i from odd order by n * -1, i limit 3
{ODD}select i as n from odd order by n
{ODD}select -i as i from odd order by i
{ODD}select i as x from odd group by x order by x
{ODD}select sum(i) as i, f from odd where i < 100 group by f order by i
{ODD}select f, count(*) from odd where i < (select max(b) from odd) group by f having sum(i) > (select min(i) from odd) order by f
{ODD}select distinct on (f) f, i, t from odd order by f, i
{ODD}select distinct on (f) f, i from odd order by f desc nulls last, i desc
{ODD}select a.i, x.m from odd a, lateral (select max(z.i) m from odd z where z.f = a.f) x
{ODD}, y as (select * from odd where f) select y.i, odd.i from y right join odd on y.b = odd.b
{ODD}select count(*) from odd where (i, b) = (1, 10)
{ODD}select count(*) from odd where (i, n) < (3, 1.0)
{ODD}select * from odd where i = 1 or i = 2 and b = -10 or t like 'z%' order by i
{ODD}select extract(day from ts - timestamp '2020-01-01') from odd
{ODD}select i from odd where dt = '2024-02-29'
{ODD}select i from odd where ts > '2024-01-01' and ts::date < date '2025-01-01' + 5
{ODD}select i from odd where dt between '2023-01-01' and '2024-12-31'
{ODD}select i from odd where dt > timestamp '2024-02-29 00:00:00'
{ODD}select i from odd where n = 2.25::float8
{ODD}select i from odd where n in (2.250, 1.5)
{ODD}select i from odd where i in (1.0, 2.5)
{ODD}select i from odd where b > 3.5 and b < 1e18
{ODD}select i from odd where d = 1.5 or d < -1
{ODD}select i, (select count(*) from odd z where z.t = a.u) c, (select count(z.i) + 1 from odd z where z.t = a.u) d, (select coalesce(sum(z.i::numeric), -1) from odd z where z.t = a.u) s from odd a
{ODD}select i from odd a where (select count(*) from odd z where z.t = a.u) = 0
{ODD}select i, t = any (select u from odd), t = all (select u from odd where i < 3), t <> all (select u from odd), t > any (select u from odd z where z.i = a.i), t <= all (select u from odd where false), t < any (select u from odd where false) from odd a
{ODD}select i, n in (select z.n from odd z where z.t = a.t), n not in (select z.n from odd z where z.t = a.u), null in (select z.n from odd z where z.t = a.u), null not in (select 1 where false) from odd a
{ODD}select i from odd a where n not in (select z.n from odd z where z.f = a.f and z.i <> a.i)
{ODD}select i from odd a where not (n in (select z.n from odd z where z.f = a.f and z.i <> a.i))
{ODD}select i from odd a where (n in (select z.n from odd z where z.f = a.f and z.i <> a.i)) is not true
{ODD}select i from odd a where exists (select 1 from odd z where z.t = a.t and exists (select 1 from odd y where y.u = z.t and y.i <> a.i))
{ODD}select i from odd a where exists (select sum(z.i) from odd z where z.t = 'nothing' and z.i = a.i)
{ODD}select i from odd a where exists (select 1 from odd z where z.t = a.t group by z.t having count(*) > 1)
{ODD}select i from odd a where exists (select 1 from odd z where z.t = a.t limit 0)
{ODD}select i from odd a where exists (select 1 from odd z where z.t = a.t offset 1)
{ODD}select f, count(*) from odd a group by f having count(*) > (select count(*) from odd z where z.f = a.f and z.i > 2) order by f
{ODD}select f, (select max(z.i) from odd z where z.f = a.f) m, sum(a.n) from odd a group by f order by m nulls first
{ODD}select f, sum((select count(*) from odd z where z.i < a.i)) from odd a group by f
{ODD}select f, count(*) filter (where exists (select 1 from odd z where z.u = a.t)) from odd a group by f
{ODD}select case when exists (select 1 from odd z where z.u = a.t) then (select max(z.n) from odd z where z.f = a.f) else -1 end from odd a /*scale*/
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and b.n > (select min(n) from odd)
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and exists (select 1 from odd z where z.n = b.n)
{ODD}select a.i, b.i from odd a left join odd b on a.i = b.b where b.i is null or b.i > 5
{ODD}select a.i, b.i from odd a left join odd b on a.i = b.b and a.f where not b.f or b.f is null
{ODD}select a.i, b.i from odd a left join odd b on false
{ODD}select a.i, b.i from odd a full join odd b on false
{ODD}select count(*) from odd a full join odd b on true
{ODD}select a.i, b.i from odd a full join odd b on a.i = b.b and a.t = b.t where a.i > 0 or b.i is null
{ODD}select a.i, b.i, c.i from odd a left join odd b on a.i = b.b left join odd c on c.t = b.t
{ODD}select a.i, b.i, c.i from odd a left join (odd b join odd c on c.t = b.t) on a.i = b.b
{ODD}select a.i, b.i, c.i from odd a right join odd b on a.i = b.b full join odd c on c.t = a.t and c.i = b.i
{ODD}select * from (select i, t from odd) a join (select i, n from odd) b using (i) left join (select i, dt from odd) c using (i)
{ODD}select i, a.i, b.i from (select i, t from odd) a full join (select b i, n from odd) b using (i)
{ODD}select * from (select i, t from odd) a full join (select b i, n from odd) b using (i) full join (select i + 1 i, f from odd where i < 100) c using (i)
{ODD}select * from (select i, t from odd) a natural full join (select b::int i, u from odd where abs(b) < 1000) b
{ODD}select a.*, b.n from odd a, odd b where a.i = b.i and b.n > 0
{ODD}select t as u, u as t from odd order by u, t
{ODD}select t, count(*) as t2 from odd group by t order by count(*) desc, t
{ODD}select f, count(*) from odd group by f order by f is null, max(i), f
{ODD}select f, i % 2 p, count(*) from odd group by f, i % 2 having i % 2 is not null order by 1, 2
{ODD}select count(*), f from odd group by f, f, f
{ODD}select f, t, count(*) from odd group by grouping sets ((f), (f), (t), ())
{ODD}select f, grouping(f), count(distinct t), count(distinct i) filter (where i > 1), sum(distinct n), avg(n) from odd group by rollup (f) /*scale*/
{ODD}select f, t, sum(n), grouping(f), grouping(t) from odd where f group by grouping sets (rollup (f, t), cube (f)) having count(*) > 0
{ODD}select coalesce(f::text, 'all') x, count(*) from odd group by rollup (f) having grouping(f) = 1 or f is not null
{ODD}select f, t from odd group by grouping sets ((f), (t)) having f is null
{ODD}select * from (select f, t, count(*) c from odd group by grouping sets ((f), (t), (f, t))) x where f is null
{ODD}select * from (select f, t, count(*) c from odd group by rollup (f, t)) x where t = 'abc'
{ODD}select * from (select f, count(*) over (partition by f) c, row_number() over (order by i, b) r from odd) x where f and r > 1
{ODD}select * from (select distinct on (f) f, i from odd order by f, i) x where i > 0
{ODD}select * from (select f, i from odd order by i, b limit 4) x where f
{ODD}select * from (select i from odd union all select b from odd) x where i > 5
{ODD}select * from (select i from odd except select b from odd) x where i > 5 or i is null
{ODD}select * from (select i from odd intersect all select i from odd where i > 0) x where i < 5
{ODD}select x.i, y.i from (select i from odd order by i limit 3) x left join (select i from odd order by i desc nulls last limit 4) y on x.i = y.i
{ODD}, s as (select f, sum(n) n from odd group by f) select * from s union all select null, sum(n) from s
{ODD}, s as (select f, sum(n) n from odd group by f), r as (select * from s where f) select s.f, r.n from s left join r on r.f = s.f
{ODD}select i from odd where i in (select i from odd where f union select b from odd)
{ODD}select i from odd where i > (select avg(b) from odd where b < 1000) order by i
{ODD}select i from odd where (select true)
{ODD}select i from odd where (select null::boolean) is null order by i nulls first, b limit 1
{ODD}select (select t from odd where i = 1), (select t from odd where i = 99)
{ODD}select (select t from odd)
{ODD}select i, (select z.t from odd z where z.n = a.n) from odd a where n is not null
{ODD}select a.i, x.* from odd a cross join lateral (select a.i + 1 j, a.n * 2 k) x where a.i < 100
{ODD}select a.i, x.* from odd a left join lateral (select z.i zi, z.n from odd z where z.t = a.t and z.b > a.b) x on true
{ODD}select a.i, x.* from odd a cross join lateral (select z.f, sum(z.n) s from odd z where z.t = a.t group by z.f) x
{ODD}select a.i, x.* from odd a cross join lateral (select distinct z.f from odd z where z.t = a.t) x
{ODD}select i, sum(i::numeric) over (), sum(n) over (order by i nulls first, b), max(t) over (partition by f order by i, b rows between current row and 1 following) from odd
{ODD}select i, lag(i) over w, lead(t, 1, 'none') over w, lag(n, 2) over (w), first_value(t) over (w rows between unbounded preceding and unbounded following), count(*) over (w groups current row) from odd window w as (order by i, b) /*ties*/
{ODD}select i, lag(i, 1) over (order by i, b), lag(i, -1) over (order by i, b), lag(i, 0) over (order by i, b), lag(i, null) over (order by i, b) from odd
{ODD}select i, ntile(3) over (order by i, b), ntile(100) over (order by i, b), percent_rank() over (order by t), cume_dist() over (order by t desc) from odd
{ODD}select i, nth_value(t, 3) over (order by i, b rows between unbounded preceding and unbounded following), nth_value(i, 1) over (order by f, i) from odd where i < 5
{ODD}select i, avg(i) over (order by i, b rows between 1 preceding and 1 following), min(i) over (order by b rows between 2 following and 3 following), string_agg(t, ',') over (order by i, b) from odd
{ODD}select f, rank() over (order by count(*) desc, f), sum(count(*)) over (), lag(max(i)) over (order by f) from odd group by f
{ODD}select distinct f, first_value(i) over (partition by f order by i, b) from odd
{ODD}select f, sum(i::numeric) over (partition by f order by dt range between interval '1 year' preceding and interval '1 month' following) from odd
{ODD}select i, count(*) over (order by i range between 5 preceding and 5 following), count(*) over (order by i desc range between 10 preceding and 1 preceding), count(*) over (order by i nulls first range between unbounded preceding and 3 following) from odd
{ODD}select i, count(*) over (order by n range between 1 preceding and 0.75 following), count(*) over (order by d range between 1 preceding and 1 following) from odd
{ODD}select i, count(*) over (order by ts range between '10 years' preceding and '1 day' following exclude group), count(*) over (order by f groups between 1 following and 2 following) from odd
{ODD}select median(n), mad(n), median(i), quantile(i, 0.25) from odd|||{ODD}select percentile_cont(0.5) within group (order by n), (select percentile_cont(0.5) within group (order by abs(n - m)) from odd, (select percentile_cont(0.5) within group (order by n) m from odd) q), percentile_cont(0.5) within group (order by i), percentile_cont(0.25) within group (order by i) from odd
{ODD}select percentile_cont(0) within group (order by i), percentile_cont(1) within group (order by i), percentile_disc(0) within group (order by t), percentile_disc(1) within group (order by t desc), percentile_cont(0.5) within group (order by n desc) from odd
{ODD}select f, percentile_disc(0.5) within group (order by dt), mode() within group (order by t), percentile_cont(0.5) within group (order by d) filter (where d < 100) from odd group by f
{ODD}select stddev(i), stddev(n) from odd where i = 1 /*scale*/
{ODD}select var_pop(i), stddev_pop(n), corr(n, i), corr(i, i) from odd where i = 1 /*scale*/
{ODD}select string_agg(t, u), string_agg(t, null), string_agg(null, ','), string_agg(i::text, '' order by i desc nulls last) from odd where i between 1 and 3
{ODD}select max(f::int), min(ts), max(dt), min(d), max(n), min(t), bool_or(null), count(null), sum(null::int), avg(null::numeric) from odd
{ODD}select sum(i) filter (where i < 0), sum(i) filter (where i > 1000000000), sum(b) filter (where false) from odd
{ODD}select t, u from odd where t > u order by t, u
{ODD}select t from odd where t between '' and 'abc' order by t
{ODD}select distinct upper(t) from odd order by upper(t) desc nulls last
{ODD}select upper(t), count(*) from odd group by upper(t) order by upper(t)
{ODD}select length(t) l, count(*) from odd group by l having length(t) > 0 order by l
{ODD}select i from odd order by case when f then 0 when not f then 1 else 2 end, i nulls first, b
{ODD}select i, n from odd order by abs(n) desc nulls last, i
{ODD}select i from odd limit null
{ODD}select i from odd order by i, b limit 2 + 1 offset 1 * 2
{ODD}select i from odd order by i, b limit 0
{ODD}select i from odd order by i, b offset 100
{ODD}select all f from odd
{ODD}select count(all f), count(distinct f) from odd
{ODD}select 'x' || i, i || 'x', t || n, n || t, dt || '', ts || '' from odd where i is not null
{ODD}select not f, not (f and null), f and null, f or null, (f is null) = (i is null) from odd
{ODD}select i = any (array[1, 2]) from odd
{ODD}select i from odd where i in (1, 2, null) or t in ('abc', null)
{ODD}select i from odd where (i, t) in ((1, 'abc'), (2, 'x'), (7, 'abc'))
{ODD}select i from odd where (i, t) not in (select i, t from odd where i is not null and t is not null)
{ODD}select i from odd where row(i, n) = row(7, 2.25)
{ODD}select i, (i, n) is null, (i, n) is not null from odd
{ODD}select sum(n) / sum(i::numeric), n / nullif(i, 0), i::float8 / nullif(i, 0), n / 3.0::float8 from odd where i < 100 group by n, i
{ODD}select date '2024-02-29' + i from odd where i between -10 and 10
{ODD}select dt + make_date(2024, 1, 1) from odd
{ODD}select ts + i * interval '1 day', ts + interval '1 day' * i, dt - i, (dt + i * interval '1 month')::date from odd where i between -10 and 10
{ODD}select extract(year from dt) = 2024, extract(year from dt)::int % 4, date_part('year', dt) / 4 from odd
{ODD}select dt = ts, dt = ts::date, ts > dt, dt in ('2024-02-29', '2023-12-31'), ts between dt and dt + 1 from odd
select institution_id, count(*) from claims where item_code in (select item_code from knowledge where attribute = 'sex') and sex is not null group by institution_id having count(*) > 2 order by 2 desc, 1
select c.institution_id, i.level, sum(c.amount) from claims c left join institutions i using (institution_id) where c.visit_type in ('outpatient', 'chronic') group by c.institution_id, i.level order by 3 desc, 1 limit 5
select patient_id, count(distinct institution_id) n, min(settled_at::date), max(settled_at::date) from live_claims where visit_type <> 'inpatient' group by patient_id having count(distinct institution_id) >= 3 order by n desc, patient_id
select institution_id, doctor_id, settled_at::date d, count(distinct patient_id) n from live_claims where doctor_id <> '' group by 1, 2, 3 order by n desc, 1, 2, 3 limit 10
with t as (select institution_id, item_code, unit_price, count(*) over (partition by item_code) n, avg(unit_price) over (partition by item_code) m from live_claims where quantity > 0) select institution_id, count(*) from t where n >= 30 and unit_price > 1.5 * m group by 1 order by 1
select a.patient_id, a.institution_id, b.institution_id, a.admission_date, b.admission_date from (select distinct patient_id, institution_id, admission_date, discharge_date from live_claims where visit_type = 'inpatient') a join (select distinct patient_id, institution_id, admission_date, discharge_date from live_claims where visit_type = 'inpatient') b on a.patient_id = b.patient_id and a.institution_id < b.institution_id and a.admission_date < b.discharge_date and b.admission_date < a.discharge_date
select l.institution_id, count(distinct l.claim_id), sum(l.fund_amount) from live_claims l join deaths d on d.patient_id = l.patient_id and l.service_time::date > d.death_date group by 1 order by 1
select trace_code, count(distinct claim_id) n, string_agg(distinct claim_id, ' ' order by claim_id) from live_claims where trace_code <> '' group by 1 having count(distinct claim_id) > 1 order by 1
select claim_id, item_code, service_time::date, quantity, unit_price, count(*) from live_claims group by 1, 2, 3, 4, 5 having count(*) > 1
select k.attribute, count(*) from live_claims c join knowledge k on k.item_code = c.item_code and c.service_time::date >= k.valid_from and (k.valid_to is null or c.service_time::date <= k.valid_to) group by 1 order by 1
select k.value::int, count(*) from knowledge k where k.attribute = 'max_per_day' group by 1 order by 1
select extract(year from age(c.service_time::date::timestamp, c.birth_date::timestamp)) y, count(*), sum(amount) from live_claims c group by 1 order by 1 nulls first
select case when days_supply > 30 then '>30' when days_supply > 7 then '8-30' else '0-7' end b, count(*), round(avg(amount), 2) from claims where days_supply is not null group by b order by min(days_supply)
select substring(diagnosis_code from 1 for 3) between 'C51' and 'C58' x, count(*) from claims group by 1 order by 1
select upper(substr(diagnosis_code, 1, 1)) || lower(substr(sex, 1, 1)), count(*) from claims group by 1 order by 1
select ln(amount) from claims where amount > 0 order by claim_id, line_id limit 5 /*scale*/
select claim_id, line_id, rtrim(ln(amount)::text, '0'), rtrim(log(amount)::text, '0'), rtrim(sqrt(amount)::text, '0'), rtrim(log(2, amount)::text, '0') from claims where amount > 0 /*digits*/
select rtrim(sqrt(unit_price)::text, '0'), rtrim((unit_price ^ 0.3)::text, '0'), rtrim(((1 + unit_price) ^ -1.5)::text, '0') from claims where unit_price >= 0.01 and unit_price < 10000 /*digits*/
select rtrim(exp(-days_supply * 0.1)::text, '0'), rtrim(exp(least(days_supply, 15))::text, '0'), rtrim((1.0123 ^ line_id::int)::text, '0') from claims where days_supply between 0 and 60 and line_id ~ '^[0-9]{1,3}$' /*digits*/
select visit_type, sum(fund_amount) / sum(amount) r from claims where claim_id not like 'ODD%' group by 1 order by r desc
select visit_type, 100 * count(*) filter (where fund_amount is null) / count(*) from claims group by 1 order by 1
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and b.n > (select min(n) from odd)
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and exists (select 1 from odd z where z.n = b.n and z.i <> b.i)
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and b.i not in (select z.b from odd z where z.b is not null) where b.i is null or b.i > 0
{ODD}select a.i, b.i from odd a left join odd b on b.t = a.u and b.n in (select n from odd where f) and a.i > 0
{ODD}select a.i, b.i from odd a left join odd b on (select count(*) from odd) > 100
{ODD}select a.i, b.i from odd a left join odd b on b.i = a.b and (select count(*) from odd) > 1
{ODD}select a.*, b.* from odd a left join odd b on b.t = a.u and b.n >= (select max(z.n) from odd z where z.f = b.f)
{ODD}select a.i, b.i from odd b right join odd a on b.t = a.u and b.n > (select min(n) from odd)
{ODD}select a.i, b.i from odd a right join odd b on b.t = a.u and exists (select 1 from odd z where z.n = a.n)
{ODD}select i from odd q where exists (select 1 from odd a left join odd b on b.t = a.u and b.n > (select min(n) from odd) where a.i = q.i and b.i is null)
{ODD}select i from odd q where (select count(b.i) from odd a left join odd b on b.t = a.u and b.n > (select min(n) from odd z where z.f = b.f) where a.f = q.f) > 0
{ODD}select i, count(*) over (order by i range between 5 preceding and 5 following), sum(n) over (order by i desc range between 1 following and 2147483647 following) from odd
{ODD}select dt, count(*) over (order by dt range between '1 year' preceding and current row), min(i) over (partition by f order by dt desc range between interval '100 years' preceding and interval '1 day' preceding), count(*) over (order by dt range between unbounded preceding and current row) from odd
{ODD}select to_char(ts - timestamp '2024-06-01', 'DD HH24:MI:SS.MS US SSSS'), extract(epoch from dt), extract(julian from dt), extract(milliseconds from ts) from odd
select median(amount), mad(amount) from claims|||select percentile_cont(0.5) within group (order by amount), (select percentile_cont(0.5) within group (order by abs(c.amount::float8 - m.x)) from claims c, (select percentile_cont(0.5) within group (order by amount) x from claims) m) from claims
select visit_type, median(days_supply), quantile(amount, 0.75) from claims group by 1|||select visit_type, percentile_cont(0.5) within group (order by days_supply), percentile_cont(0.75) within group (order by amount) from claims group by 1
select institution_id, mad(quantity) from claims where abs(quantity) < 1000 group by 1|||select institution_id, percentile_cont(0.5) within group (order by abs(quantity - m)) from (select institution_id, quantity, m from claims join (select institution_id, percentile_cont(0.5) within group (order by quantity)::numeric m from claims where abs(quantity) < 1000 group by 1) x using (institution_id) where abs(quantity) < 1000) y group by 1
select visit_type, approx_count_distinct(patient_id) from claims group by 1|||select visit_type, count(distinct patient_id) from claims group by 1
select a, a in (select b + a from (values (1), (2)) t(b)), a > all (select b - a from (values (1), (2)) t(b)), a = any (select b * a from (values (1), (2)) t(b)) from (values (2), (3)) s(a)
select a from (values (2), (3)) s(a) where a in (select b + a from (values (0)) t(b))
select a from (values (2), (3)) s(a) where a not in (select b + a from (values (0)) t(b) where b < a)
select a, a in (select a), a not in (select a + 1) from (values (2), (3), (null)) s(a)
select sum(a / b) filter (where b <> 0), count(distinct a / b) filter (where b <> 0) from (values (4, 2), (1, 0)) t(a, b)
select distinct b from (values (9223372036854775807), (0), (null)) t(b)
select o.a, p.a from (values (1), (2)) o(a) left join (values (1)) p(a) on p.a = o.a where (p.a is not null) is false
select o.a, p.a from (values (1), (2)) o(a) full join (values (1), (3)) p(a) on p.a = o.a where (p.a <> o.a and p.a is not null) is false
select a, b, count(*) from (values (1, -9223372036854775807 - 1), (2, -1), (2, -1)) t(a, b) group by a, b
select concat(true, 1, null, false), concat_ws(',', true, null, 'x', false)
select interval '0.05 year', interval '0.5 year', interval '1.5 month', interval '12:34:56.1234565'
select interval '-1.5' day, interval '-1.5' month, interval '1.5' hour
""")

ERRORS = [line for line in """
select hospital from claims
select claims.hospital from claims
select x.amount from claims c
select * from claim
select amount, count(*) from claims
select sum(amount) from claims where sum(amount) > 5
select count(*) from claims group by count(*)
select sex + 1 from claims
select amount || quantity from claims
select lenght(sex) from claims
select substring(amount, 1) from claims
select sum(sex) from claims
select * from claims where sex
select * from claims where amount = 'abc'
select * from claims where settled_at > '2025-13-01'
select date '2025-02-30'
select 'x'::int
select claim_id from claims order by 3
select claim_id from claims group by 2
select distinct sex from claims order by amount
select institution_id from claims join institutions on claims.institution_id = institutions.institution_id
select * from claims join institutions using (hospital)
select 1 union select 'a'
select 1, 2 union select 3
select * from claims where claim_id in (select claim_id, line_id from claims)
select (select claim_id, line_id from claims)
select rank() from claims
select * from claims where row_number() over () = 1
select sum(sum(amount)) from claims
select case when amount then 1 end from claims
select case when true then 1 else 'a' end
select coalesce(amount, sex) from claims
select greatest(1, date '2025-01-01')
select * from claims limit -1
select * from claims limit 'a'
select 1 / 0
select from where
select count(distinct) from claims
select * from (select 1)
with a as (select 1) select * from b
with a as (select 1), a as (select 2) select * from a
select a.claim_id from claims a, claims a
select min(*) from claims
select percentile_cont(0.5) from claims
select percentile_cont(2) within group (order by amount) from claims
select max(amount, 1) from claims
select extract(foo from settled_at) from claims
select date_trunc('foo', settled_at) from claims
select extract(hour from birth_date) from claims
select interval '1 foo'
select true + 1
select not amount from claims
select * from claims where amount between 1 and 'b'
select sex from claims group by visit_type
select * from claims group by sex
select visit_type from claims having amount > 1
select 2147483647 + 1
select 9223372036854775807 + 1
select 99999999999::int
select (select claim_id from claims)
select amount as a from claims where a > 1
select grouping(sex) from claims group by visit_type
select lag(amount, 1, 'x') over (order by amount) from claims
select sum(amount) over (rows between 1 following and 1 preceding) from claims
select sum(amount) over (partition by foo) from claims
select sum(amount) over w from claims
select distinct on (sex) sex, amount from claims order by amount
select (values (1), (2))
select * from claims c left join institutions i on c.institution_id = i.foo
select string_agg(sex) from claims
select left(sex) from claims
select round(1.5::float8, 1)
select 'abc' like 5
""".strip("\n").split("\n")]

# Of these our message, or the place it points to, is another one on purpose, or the query has an answer here (docs/sql.md).
WORDED_OTHERWISE = {
    "select greatest(1, date '2025-01-01')",  # points to `date`, not behind it
    "select percentile_cont(0.5) from claims",  # says what is missing, not that there is no such function
    "select percentile_cont(2) within group (order by amount) from claims",  # 2.0 for 2, and where
    "select visit_type from claims having amount > 1",  # the other of its two mistakes
    "select grouping(sex) from claims group by visit_type",  # points to the function
    "select round(1.5::float8, 1)",
}


class RandomQueries:
    """Typed expressions over claims, institutions and the odd table, put into queries of several shapes; equal seeds, equal queries."""

    CLAIMS = {
        "text": ["department", "sex", "visit_type", "diagnosis_code", "item_code", "item_name", "region", "original_claim_id", "line_id"],
        "num": ["quantity", "unit_price", "amount", "fund_amount", "days_supply"],
        "int": ["line_id::int", "length(item_name)"], "date": ["birth_date", "admission_date", "discharge_date"],
        "ts": ["service_time", "settled_at"], "bool": [],
    }
    ODD = {"text": ["t", "u"], "num": ["n"], "int": ["i", "b"], "date": ["dt"], "ts": ["ts"], "bool": ["f"]}
    SOURCES = {
        "claims": "claims",
        "odd_lines": "(select * from claims where claim_id like 'ODD%')",
        "first_lines": "(select * from claims where settled_at < '2025-01-20')",
        "live": "live_claims",
        "odd": "odd",
    }

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.shared = ""

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, share):
        return self.random.random() < share

    def column(self, kind, sources):
        alias, columns = self.random.choice(sources)
        names = columns[kind]
        if not names:
            literal = self.literal(kind)
            return literal + "::text" if literal.startswith("'") else literal
        name = self.random.choice(names)
        return f"length({alias}.item_name)" if name.startswith("length") else f"{alias}.{name}"

    def literal(self, kind):
        return {
            "text": lambda: self.pick("'A05'", "''", "'male'", "'outpatient'", "'abc'", "'J06'", "'é'", "'1'", "null::text"),
            "num": lambda: self.pick("0.5", "10.00", "-2.5", "100.25", "7.00", "0.000001", "null::numeric(10,2)"),
            "int": lambda: self.pick("0", "1", "2", "3", "-1", "7", "100", "null::int"),
            "date": lambda: self.pick("date '2025-01-31'", "date '2000-02-29'", "date '2024-12-31'", "null::date"),
            "ts": lambda: self.pick("timestamp '2025-01-31 23:59:59'", "timestamp '2025-06-01'", "null::timestamp"),
            "bool": lambda: self.pick("true", "false", "null::boolean"),
        }[kind]()

    def expression(self, kind, sources, depth):
        if depth <= 0 or self.chance(0.2):
            if self.chance(0.8):
                return self.column(kind, sources)
            literal = self.literal(kind)
            return literal + "::text" if literal.startswith("'") else literal
        e = lambda k: self.expression(k, sources, depth - 1)
        general = [
            lambda: f"coalesce({e(kind)}, {e(kind)})", lambda: f"nullif({e(kind)}, {e(kind)})",
            lambda: f"case when {e('bool')} then {e(kind)} else {e(kind)} end",
            lambda: f"case when {e('bool')} then {e(kind)} when {e('bool')} then {e(kind)} end",
        ]
        if kind != "bool":
            general += [lambda: f"greatest({e(kind)}, {e(kind)})", lambda: f"least({e(kind)}, {e(kind)})"]
        special = {
            "text": [
                lambda: f"({e('text')} || {e('text')})", lambda: f"upper({e('text')})", lambda: f"lower({e('text')})",
                lambda: f"left({e('text')}, {self.pick(0, 1, 2, 3, -1, -2)})", lambda: f"right({e('text')}, {self.pick(0, 1, 2, -1)})",
                lambda: f"substring({e('text')}, {self.pick(-1, 0, 1, 2, 5)}, {self.pick(0, 1, 3, 10)})",
                lambda: f"replace({e('text')}, {self.literal('text')}, 'q')", lambda: f"concat({e('text')}, {e('int')}, {e('date')})",
                lambda: f"trim({e('text')})", lambda: f"lpad({e('text')}, {self.pick(0, 3, 8)}, '*')", lambda: f"split_part({e('text')}, '.', {self.pick(1, 2, -1)})",
                lambda: f"{e('int')}::text", lambda: f"{e('date')}::text", lambda: f"{e('ts')}::text", lambda: f"{e('bool')}::text",
                lambda: f"to_char({e('ts')}, 'YYYY-MM Q DDD HH24')", lambda: f"reverse({e('text')})",
                lambda: f"translate({e('text')}, 'aeA0', 'xy')", lambda: f"initcap({e('text')})", lambda: f"min_of({e('text')})".replace("min_of", "btrim"),
            ],
            "num": [
                lambda: f"({e('num')} + {e('num')})", lambda: f"({e('num')} - {e('num')})", lambda: f"({self.column('num', sources)} * {self.column('num', sources)})",
                lambda: f"({e('num')} * {self.pick(2, 3, -1)})", lambda: f"(-{e('num')})", lambda: f"abs({e('num')})",
                lambda: f"round({e('num')}, {self.pick(0, 1, 2, -1)})", lambda: f"trunc({e('num')}, {self.pick(0, 1, 2)})", lambda: f"ceil({e('num')})",
                lambda: f"floor({e('num')})", lambda: f"({e('num')} % {self.pick('3', '0.7', '2.50')})", lambda: f"({e('num')} + {e('int')})",
                lambda: f"extract({self.pick('year', 'month', 'day', 'dow', 'doy', 'quarter', 'week')} from {e('date')})",
                lambda: f"sign({e('num')})", lambda: f"{e('num')}::numeric(30,3)",
            ],
            "int": [
                lambda: f"({e('int')} / {self.pick(2, 3, -7)})", lambda: f"({e('int')} % {self.pick(2, 3, -7)})",
                lambda: f"length({e('text')})", lambda: f"octet_length({e('text')})", lambda: f"strpos({e('text')}, {self.literal('text')})",
                lambda: f"({e('date')} - {e('date')})", lambda: f"ascii({e('text')})", lambda: f"(length({e('text')}) + {self.pick(1, 5)})",
                lambda: f"{e('bool')}::int", lambda: f"abs({self.column('int', sources)})",
            ],
            "date": [
                lambda: f"({e('date')} + {self.pick(1, 30, -365)})", lambda: f"{e('ts')}::date",
                lambda: f"({e('date')} - length({e('text')}))", lambda: f"({e('date')} + interval '{self.pick('1 month', '1 year', '-1 month')}')::date",
            ],
            "ts": [
                lambda: f"({e('ts')} + interval '{self.pick('1 month', '1 day', '36 hours', '-1 year 2 days')}')", lambda: f"{e('date')}::timestamp",
                lambda: f"date_trunc('{self.pick('year', 'quarter', 'month', 'week', 'day', 'hour')}', {e('ts')})",
                lambda: f"({e('ts')} + ({e('ts')} - {e('ts')}))",
            ],
            "bool": [self.comparison(sources, depth)] * 8 + [
                lambda: f"({e('bool')} and {e('bool')})", lambda: f"({e('bool')} or {e('bool')})", lambda: f"(not {e('bool')})",
                lambda: f"({e('bool')} is {self.pick('true', 'not true', 'false', 'not false', 'unknown', 'not unknown')})",
            ],
        }[kind]
        return self.random.choice(general + special * 2)()

    def comparison(self, sources, depth):
        def made():
            kind = self.pick("text", "num", "int", "date", "ts")
            e = lambda k=kind: self.expression(k, sources, depth - 1)
            return self.random.choice([
                lambda: f"({e()} {self.pick('=', '<>', '<', '<=', '>', '>=')} {e()})",
                lambda: f"({e()} {self.pick('=', '<>', '<', '<=', '>', '>=')} {self.literal(kind)})",
                lambda: f"({e()} {self.pick('', 'not ')}between {e()} and {e()})",
                lambda: f"({e()} {self.pick('', 'not ')}in ({self.literal(kind)}, {self.literal(kind)}, {self.literal(kind)}))",
                lambda: f"({e()} is {self.pick('', 'not ')}null)",
                lambda: f"({e()} is {self.pick('', 'not ')}distinct from {e()})",
                lambda: f"({e('text')} {self.pick('like', 'not like', 'ilike')} {self.pick(repr('%A%'), repr('_0%'), repr('J06%'), repr('%e'), repr('%'), repr(''), repr('a_c'))})",
                lambda: f"({e('num')} > {e('int')})", lambda: f"({e('date')} <= {e('ts')})",
            ])()
        return made

    def source(self, alias):
        name = self.random.choice(list(self.SOURCES))
        return name, f"{self.SOURCES[name]} {alias}", (alias, self.ODD if name == "odd" else self.CLAIMS)

    def aggregate(self, sources):
        e = lambda k: self.expression(k, sources, 1)
        call = self.random.choice([
            lambda: "count(*)", lambda: f"count({e(self.pick('text', 'num', 'date'))})", lambda: f"count(distinct {e(self.pick('text', 'num', 'int', 'ts'))})",
            lambda: f"sum({e('num')})", lambda: f"sum({e('int')}::numeric)", lambda: f"min({e(self.pick('text', 'num', 'int', 'date', 'ts'))})",
            lambda: f"max({e(self.pick('text', 'num', 'int', 'date', 'ts'))})", lambda: f"bool_and({e('bool')})", lambda: f"bool_or({e('bool')})",
            lambda: f"avg({e('num')})", lambda: f"sum(distinct {e('num')})", lambda: f"string_agg(distinct {e('text')}, ',')",
            lambda: f"percentile_disc(0.5) within group (order by {e(self.pick('num', 'date', 'text'))})",
            lambda: f"percentile_cont(0.25) within group (order by {self.column('num', sources)})",
        ])()
        if "string_agg" in call:
            inner = call[len("string_agg(distinct "):-len(", ',')")]
            call = f"string_agg(distinct {inner}, ',' order by {inner})"
        if self.chance(0.25):
            call += f" filter (where {e('bool')})"
        return call

    def window(self, alias_sources, key):
        e = lambda k: self.expression(k, alias_sources, 1)
        partition = f"partition by {e(self.pick('text', 'bool'))} " if self.chance(0.7) else ""
        order = f"order by {e(self.pick('num', 'ts', 'date', 'text'))}{self.pick('', ' desc', ' nulls first', ' desc nulls last')}"
        total = f"{order}, {key}"
        frame = self.pick("", "", " rows between 2 preceding and current row", " rows between 1 following and 3 following",
                          " rows between unbounded preceding and 1 preceding", " rows between current row and unbounded following",
                          " groups between 1 preceding and 1 following", " rows between 3 preceding and 1 following exclude current row")
        return self.random.choice([
            lambda: f"row_number() over ({partition}{total})", lambda: f"rank() over ({partition}{order})", lambda: f"dense_rank() over ({partition}{order})",
            lambda: f"lag({e('text')}) over ({partition}{total})", lambda: f"lead({e('num')}, {self.pick(1, 2, 0)}) over ({partition}{total})",
            lambda: f"sum({e('num')}) over ({partition}{total}{frame})", lambda: f"sum({e('num')}) over ({partition}{order})",
            lambda: f"count({e('date')}) over ({partition}{order}{frame if 'groups' in frame else ''})", lambda: f"min({e('text')}) over ({partition}{total}{frame})",
            lambda: f"max({e('num')}) over ({partition}{total}{frame})", lambda: f"first_value({e('ts')}) over ({partition}{total}{frame})",
            lambda: f"last_value({e('text')}) over ({partition}{total}{frame})", lambda: f"ntile(3) over ({partition}{total})",
            lambda: f"count(*) over ({partition})", lambda: f"cume_dist() over ({partition}{order})", lambda: f"nth_value({e('int')}, 2) over ({partition}{total}{frame})",
        ])()

    def where(self, sources, share=0.7):
        if not self.chance(share):
            return ""
        condition = self.expression("bool", sources, 2)
        if self.chance(0.35):
            condition += f" {self.pick('and', 'or')} {self.subquery(sources)}"
        return f" where {condition}"

    def subquery(self, sources):
        kind = self.pick("text", "text", "num", "int", "date")
        # A name of its own, or what is meant for the outer query would be looked for in this one.
        name = "y" if any(alias == "z" for alias, _ in sources) else "z"
        inner = (name, self.pick(self.CLAIMS, self.ODD))
        table = f"odd {name}" if inner[1] is self.ODD else f"(select * from claims where claim_id like 'ODD%' and line_id = '1') {name}"
        equality = f"{name}.{inner[1]['text'][0]} = {self.column('text', sources)}"
        link = self.random.choice([lambda: equality, lambda: f"{equality} and {self.expression('bool', [inner], 1)}"])()
        return self.random.choice([
            lambda: f"{self.pick('', 'not ')}exists (select 1 from {table} where {link})",
            lambda: f"{self.expression(kind, sources, 1)} {self.pick('', 'not ')}in (select {self.column(kind, [inner])} from {table}{self.where([inner], 0.5)})",
            lambda: f"{self.expression('num', sources, 1)} > (select {self.pick('max', 'min', 'sum')}({self.column('num', [inner])}) from {table} where {link})",
            lambda: f"(select count(*) from {table} where {link}) {self.pick('=', '<', '>')} {self.pick(0, 1, 5)}",
            lambda: f"{self.column('text', sources)} {self.pick('', 'not ')}in (select {self.column('text', [inner])} from {table} where {equality})",
        ])()

    def query(self):
        text = self.random.choice([self.plain, self.grouped, self.grouped, self.joined, self.joined, self.windowed, self.compound, self.nested, self.layered, self.layered, self.many_joins, self.many_joins, self.many_joins])()
        shared, self.shared = self.shared, ""
        names = ODD if "odd" in text + shared else "with " if shared else ""
        if shared:
            names += (", " if "odd" in text + shared else "") + shared + " "
        return names + text + " /*scale*/"

    def outputs(self, sources, count, depth=2):
        kinds = [self.pick("text", "num", "int", "date", "ts", "bool") for _ in range(count)]
        return kinds, [self.expression(kind, sources, depth) for kind in kinds]

    def plain(self):
        _, table, source = self.source("a")
        _, values = self.outputs([source], self.random.randint(1, 4), 3)
        names = [f"{value} c{number}" for number, value in enumerate(values)]
        distinct = "distinct " if self.chance(0.4) else ""
        order = " order by " + ", ".join(f"{n + 1}{self.pick('', ' desc', ' nulls first')}" for n in range(len(values))) if self.chance(0.6) else ""
        limit = f" limit {self.pick(1, 10, 100)} offset {self.pick(0, 3)}" if order and self.chance(0.6) else ""
        return f"select {distinct}{', '.join(names)} from {table}{self.where([source])}{order}{limit}"

    def grouped(self):
        _, table, source = self.source("a")
        _, keys = self.outputs([source], self.random.randint(1, 3), 1)
        keys = [key for key in keys if not key.startswith(("'", "null", "-")) and not key[0].isdigit()] or ["a.t" if source[1] is self.ODD else "a.sex"]
        values = [self.aggregate([source]) for _ in range(self.random.randint(1, 3))]
        ordinals = ", ".join(str(n + 1) for n in range(len(keys)))
        group = self.pick(ordinals, ordinals, ", ".join(keys), f"rollup ({', '.join(keys)})", f"cube ({', '.join(keys)})")
        having = f" having {self.pick('count(*) > 1', 'count(*) between 2 and 500', 'min(' + self.column('num', [source]) + ') < 10')}" if self.chance(0.3) else ""
        return f"select {', '.join(keys + values)} from {table}{self.where([source], 0.4)} group by {group}{having}"

    def joined(self):
        _, left, a = self.source("a")
        right, b = self.pick(("odd b", ("b", self.ODD)), ("(select * from claims where claim_id like 'ODD%' and line_id = '2') b", ("b", self.CLAIMS)))
        kind = self.pick("inner", "left", "right", "full")
        key = self.pick("text", "text", "num", "int", "date")
        condition = f"{self.column(key, [a])} = {self.column(key, [b])}"
        if self.chance(0.4) and kind != "full":
            condition += f" and {self.expression('bool', [a, b], 1)}"
        where = self.where([a, b], 0.5)
        if self.chance(0.5):
            values = [self.aggregate([a, b]) for _ in range(3)]
            return f"select {', '.join(values)} from {left} {kind} join {right} on {condition}{where}"
        _, keys = self.outputs([b], 1, 1)
        return f"select {keys[0]} k, {', '.join(self.aggregate([a, b]) for _ in range(2))} from {left} {kind} join {right} on {condition}{where} group by k"

    def windowed(self):
        name = self.pick("odd_lines", "first_lines", "odd")
        source = ("a", self.ODD if name == "odd" else self.CLAIMS)
        key = "a.i, a.b" if name == "odd" else "a.claim_id, a.line_id"
        values = [self.window([source], key) for _ in range(self.random.randint(1, 3))]
        return f"select {key}, {', '.join(values)} from {self.SOURCES[name]} a{self.where([source], 0.4)}"

    def compound(self):
        kinds = [self.pick("text", "num", "int", "date") for _ in range(self.random.randint(1, 2))]
        sides = []
        for _ in range(self.random.randint(2, 3)):
            _, table, source = self.source("a")
            sides.append(f"(select {', '.join(self.expression(kind, [source], 1) for kind in kinds)} from {table}{self.where([source])})")
        text = sides[0]
        for side in sides[1:]:
            text += f" {self.pick('union', 'union all', 'intersect', 'except', 'intersect all', 'except all')} {side}"
        return f"select * from ({text}) x"

    def nested(self):
        _, table, source = self.source("a")
        inner = f"select {self.expression('text', [source], 2)} t, {self.expression('num', [source], 1)} n, {self.expression('int', [source], 1)} i, {self.expression('date', [source], 1)} d from {table}{self.where([source])}"
        columns = {"text": ["t"], "num": ["n"], "int": ["i"], "date": ["d"], "ts": [], "bool": []}
        outer = [("q", columns)]
        values = f"{self.expression('text', outer, 1)} k, {self.aggregate(outer)}, {self.aggregate(outer)}"
        if self.chance(0.5):
            return f"select {values} from ({inner}) q{self.where(outer)} group by k"
        return f"select {values} from (select t, max(n) n, min(i) i, max(d) d from ({inner}) p group by t) q{self.where(outer)} group by 1"

    def layer(self, depth):
        """A derived table with columns t, n, i and d, made one of many ways: filters above must not change what it means."""
        if depth == 0 or self.chance(0.25):
            _, table, a = self.source("a")
            if self.chance(0.5):
                return f"select {self.column('text', [a])} t, {self.column('num', [a])} n, {self.column('int', [a])} i, {self.column('date', [a])} d from {table}{self.where([a], 0.5)}"
            return f"select {self.expression('text', [a], 1)} t, {self.expression('num', [a], 1)} n, {self.expression('int', [a], 1)} i, {self.expression('date', [a], 1)} d from {table}{self.where([a], 0.5)}"
        below = self.layer(depth - 1)
        q = [("q", self.LAYER)]
        e = lambda k: self.expression(k, q, 1)
        w = lambda: self.where(q, 0.6)
        total = "t, n, i, d"
        return self.random.choice([
            lambda: f"select distinct t, n, i, d from ({below}) q{w()}",
            lambda: f"select distinct on (t) t, n, i, d from ({below}) q{w()} order by t, n, i, d",
            lambda: f"select t, sum(n) n, min(i) i, max(d) d from ({below}) q{w()} group by t",
            lambda: f"select t, max(n) n, count(*)::int i, d from ({below}) q{w()} group by t, d{self.pick('', ' having count(*) > 1', ' having max(n) > 0')}",
            lambda: f"select t, max(n) n, grouping(t, d) i, d from ({below}) q{w()} group by rollup (t, d)",
            lambda: f"select t, sum(n) over (partition by t) n, rank() over (order by t, n desc)::int i, d from ({below}) q{w()}",
            lambda: f"select t, lag(n) over (partition by t order by {total}) n, i, d from ({below}) q{w()}",
            lambda: f"select t, n, i, d from ({below}) q{w()} order by {total} limit {self.pick(0, 1, 5, 50)} offset {self.pick(0, 2)}",
            lambda: f"select t, n, i, d from ({below}) q{w()} order by n desc nulls last, t, i, d limit {self.pick(1, 7)}",
            lambda: f"(select t, n, i, d from ({below}) q{w()}) {self.pick('union', 'union all', 'except', 'intersect', 'except all')} ({self.layer(0)})",
            lambda: f"select t, (select max(z.n) from odd z where z.t = q.t) n, i, d from ({below}) q{w()}",
            lambda: f"select q.t, z.n, q.i, z.dt d from ({below}) q {self.pick('left', 'inner', 'right', 'full')} join odd z on {self.pick('q.t = z.t', 'q.i = z.i', 'q.d = z.dt')}{w()}",
            lambda: f"select q.t, z.n, q.i, z.dt d from ({below}) q {self.pick('left', 'inner', 'right')} join odd z on q.t = z.u and {self.expression('bool', q + [('z', self.ODD)], 1)}{w()}",
            lambda: f"select coalesce(t, 'none') t, case when n > 0 then n end n, i, d from ({below}) q{w()}",
        ])()

    LAYER = {"text": ["t"], "num": ["n"], "int": ["i"], "date": ["d"], "ts": [], "bool": []}

    def layered(self):
        text = self.layer(self.random.randint(1, 3))
        outer = [("r", self.LAYER)]
        if self.chance(0.3):
            both = [("r", self.LAYER), ("s", self.LAYER)]
            kind = self.pick("inner", "left", "full", "right")
            self.shared = f"twice as ({text})"
            return (f"select count(*), count(r.t), count(s.t), sum(r.i::numeric), max(s.n) from (select * from twice{self.where([('twice', self.LAYER)], 0.5)}) r "
                    f"{kind} join (select t, max(n) n, min(i) i, max(d) d from twice group by t) s on r.t = s.t{self.where(both, 0.6)}")
        if self.chance(0.5):
            return f"select count(*), count(t), count(distinct n), sum(i::numeric), max(d) from ({text}) r{self.where(outer)}"
        return f"select t, {self.aggregate(outer)}, {self.aggregate(outer)} from ({text}) r{self.where(outer)} group by t"

    def many_joins(self):
        """Three or four tables, inner and outer, with conditions over any of them."""
        tables = {"odd": self.ODD, "(select * from claims where claim_id like 'ODD%' and line_id = '2')": self.CLAIMS, "deaths": self.DEATHS, "institutions": self.INSTITUTIONS,
                  "(select * from claims where claim_id like 'ODD00%')": self.CLAIMS, "(select t, max(n) n, min(i) i, max(dt) dt from odd group by t)": {**self.ODD, "text": ["t"], "int": ["i"], "bool": [], "ts": []}}
        aliases, text = [], ""
        for alias in "abcd"[:self.random.randint(2, 4)]:
            table = self.random.choice(list(tables))
            new = (alias, tables[table])
            if not aliases:
                text = f"{table} {alias}"
            else:
                key = self.pick("text", "text", "int", "date")
                old = self.random.choice(aliases)
                equal = f"{self.column(key, [old])} = {self.column(key, [new])}"
                kind = self.pick("join", "join", "left join", "right join", "full join", "cross join", "left join")
                if "institutions" in table or "deaths" in table:
                    kind = self.pick("join", "left join", "right join")
                extra = f" and {self.expression('bool', aliases + [new], 1)}" if self.chance(0.5) and kind != "full join" else ""
                if kind == "cross join":
                    text += f" cross join (select * from {table} x order by {'t, i, b' if table == 'odd' else '1, 2'} limit 3) {alias}"
                else:
                    text += f" {kind} {table} {alias} on {equal}{extra}"
            aliases.append(new)
        where = self.where(aliases, 0.7)
        counts = ", ".join(f"count({self.column(self.pick('text', 'num', 'date'), [one])})" for one in aliases)
        if self.chance(0.5):
            return f"select count(*), {counts}, {self.aggregate(aliases)} from {text}{where}"
        return f"select {self.expression(self.pick('text', 'int', 'bool'), aliases, 1)} k, count(*), {counts} from {text}{where} group by 1".replace("select null", "select 1 +0*null")

    DEATHS = {"text": ["patient_id"], "num": [], "int": [], "date": ["death_date"], "ts": [], "bool": []}
    INSTITUTIONS = {"text": ["institution_id", "region", "level", "kind", "name"], "num": ["beds::numeric(10,2)"], "int": ["beds"], "date": ["contract_start", "contract_end"], "ts": [], "bool": []}


class RandomScalars:
    """Functions over random constants in VALUES, so that nothing is folded while planning; equal seeds, equal queries.

    Expressions that hold a text of `without` are never drawn."""

    def __init__(self, seed, without=()):
        self.random, self.without = random.Random(seed), without

    def text(self, alphabet="aAbB1 ,.é😀%_", most=7):
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randint(0, most)))

    def number(self):
        digits = self.random.choice([1, 3, 6, 12])
        return f"{self.random.randint(-10**digits, 10**digits) / self.random.choice([1, 10, 1000, 1000000]):.{self.random.choice([0, 1, 3, 6])}f}"

    def double(self):
        value = self.random.choice([self.random.random(), self.random.uniform(-1e6, 1e6), self.random.uniform(-1, 1) * 10 ** self.random.randint(-20, 25), self.random.randint(-100, 100) / 2])
        return repr(value)

    def day(self):
        return f"{self.random.choice([1899, 1900, 1999, 2000, 2023, 2024, 2025])}-{self.random.choice([1, 2, 3, 12, self.random.randint(1, 12)]):02}-{self.random.choice([1, 28, self.random.randint(1, 28)]):02}"

    def moment(self):
        return f"{self.day()} {self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}:{self.random.choice(['00', '59', '59.999999', '30.5'])}"

    def interval(self):
        parts = [f"{self.random.randint(-40, 40)} {unit}" for unit in ("years", "months", "days", "hours", "minutes", "seconds", "weeks") if self.random.random() < 0.4]
        return " ".join(parts or ["1 day"])

    SHAPES = [
        ("text", "text", "length(a), octet_length(a), upper(a), lower(a), initcap(a), reverse(a), ascii(a), md5(a), a || b, btrim(a, b), ltrim(a, b), rtrim(a, b), strpos(a, b), replace(a, b, 'Z'), translate(a, b, 'xyz'), starts_with(a, b), a < b, a = b, greatest(a, b), trim(a)"),
        ("text", "small", "left(a, b), right(a, b), substring(a, b), substring(a, b, 3), substring(a, -1, abs(b)), lpad(a, b), rpad(a, b, 'xy'), lpad(a, b, 'é😀'), repeat(a, b), lpad(a, b, '')"),
        ("pattern", "pattern", "a like b, a not like b, a ilike b, upper(a) like b, a like '%' || b || '%', a like replace(b, '%', '_')"),
        ("listed", "small", "split_part(a, ',', case when b = 0 then 1 else b end), split_part(a, 'ab', 1), split_part(a, ',', 2)"),
        ("num", "num", "a + b, a - b, a < b, a = b, greatest(a, b), abs(a), sign(a), ceil(a), floor(a), round(a), trunc(a), a::int8, a::text, -a, a::double precision, round(a, 2), round(a, -2), trunc(a, 1), round(b, 4)"),
        ("num", "nonzero", "a % b, div(a, b), mod(a, b)"),
        ("double", "double", "a + b, a - b, a * b, a < b, abs(a), sign(a), ceil(a), floor(a), round(a), trunc(a), a::text, -a, greatest(a, b), sqrt(abs(a)), cbrt(a), ln(abs(a) + 1), exp(b / 1e24), atan(a), atan2(a, b), sin(b / 1e20), power(abs(a) + 1, 0.3::double precision)"),
        ("double", "nonzero", "a / b::double precision, a * b, a < b, a = b"),
        ("int", "int", "a + b, a - b, a * 2, a / nullif(b, 0), a % nullif(b, 0), a < b, abs(a), a::text, a::numeric, a::double precision, a::numeric(12,2) / 7 > 1, a / 3.0 > b, a * 1.5"),
        ("day", "day", "a - b, a < b, a + 30, age(a::timestamp, b::timestamp), extract(year from a), extract(week from a), extract(isoyear from a), extract(doy from a), extract(dow from a), extract(quarter from a), extract(century from a), extract(decade from a), extract(epoch from a), date_trunc('week', a::timestamp), date_trunc('quarter', a::timestamp), to_char(a, 'YYYY-MM-DD IYYY-IW ID D DDD Q WW W CC J'), to_char(a, 'FMMM FMDD YY Mon MON month FMDay dy'), a::text, make_date(extract(year from a)::int, 2, 28)"),
        ("moment", "moment", "a - b, a < b, age(a, b), extract(epoch from a - b), a::date, extract(second from a), extract(milliseconds from a), extract(microseconds from a), date_part('hour', a), date_trunc('hour', a), date_trunc('minute', a), date_trunc('milliseconds', a), to_char(a, 'HH24:MI:SS.MS US SSSS'), to_char(a, 'HH:MI am PM FMHH12'), a::text, to_char(a, 'YYYYMMDD\"T\"HH24MISS'), to_char(a - b, 'DD HH24:MI:SS')"),
        ("moment", "interval", "a + b, a - b, b::text, extract(epoch from b), extract(month from b), extract(day from b), extract(hour from b), date_trunc('hour', b), b * 2, b / 3, -b, b > interval '1 month', b = interval '30 days'"),
        ("interval", "interval", "a + b, a - b, a < b, a = b, greatest(a, b), a * 1.5, a / 4, extract(year from a), extract(second from a), extract(minute from a), extract(quarter from a)"),
        ("day", "interval", "a + b, a - b, (a + b)::date, a < a + b"),
        ("numtext", "numtext", "a::numeric(20,4), a::double precision, a::numeric(20,4)::text"),
        ("double", "num", "a::numeric(38,6), a::numeric(38,6) + b, b::double precision + a, a < b, a = b"),
    ]

    def value(self, kind):
        quoted = lambda text, cast: "'" + text.replace("'", "''") + "'::" + cast
        if self.random.random() < 0.06:
            return "null::" + {"small": "int", "num": "numeric(24,6)", "nonzero": "numeric(24,6)", "double": "double precision", "int": "int", "day": "date", "moment": "timestamp", "interval": "interval"}.get(kind, "text")
        return {
            "text": lambda: quoted(self.text(), "text"), "pattern": lambda: quoted(self.text("aAb%_é", 5), "text"),
            "listed": lambda: quoted(self.text("ab,,", 9), "text"), "small": lambda: str(self.random.randint(-4, 9)),
            "num": lambda: self.number() + "::numeric(24,6)", "nonzero": lambda: self.random.choice(["3", "-0.7", "2.5", "1000", "0.001"]) + "::numeric(24,6)",
            "double": lambda: quoted(self.double(), "double precision"), "int": lambda: str(self.random.choice([self.random.randint(-10, 10), self.random.randint(-10**6, 10**6)])),
            "day": lambda: quoted(self.day(), "date"), "moment": lambda: quoted(self.moment(), "timestamp"), "interval": lambda: quoted(self.interval(), "interval"),
            "numtext": lambda: quoted(self.random.choice([self.number(), " " + self.number() + " ", "+" + self.number().lstrip("-"), ".5", "5.", "1e3", "-1.5E-2"]), "text"),
        }[kind]()

    def query(self):
        left, right, outputs = self.random.choice(self.SHAPES)
        rows = ", ".join(f"({n}, {self.value(left)}, {self.value(right)})" for n in range(30))
        chosen = outputs.split(", ") if "(" not in outputs else _arguments(outputs)
        chosen = [text for text in chosen if not any(part in text for part in self.without)]
        chosen = self.random.sample(chosen, min(len(chosen), self.random.randint(2, 6)))
        named = ", ".join(f"{text} c{n}" for n, text in enumerate(chosen))
        return f"select n, a, b, {named} from (values {rows}) v(n, a, b) order by n"


def _arguments(text):
    """Parts between the commas outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if letter == "," and depth == 0:
                parts.append(text[start:at].strip())
                start = at + 1
    return parts + [text[start:].strip()]
