import Columns
import Planning
import Testing

@Suite("Plans are sound")
struct PlanValidityTests {
    static let queries = [
        "select 1",
        "select * from claims",
        "select c.*, i.level from live_claims c left join institutions i using (institution_id)",
        "select institution_id, sum(amount) s, count(*) from claims where settled_at >= '2025-01-01' group by 1 order by s desc, 1 limit 5 offset 2",
        "select upper(region) r, count(distinct patient_id) from claims group by upper(region) having sum(amount) > 100 order by count(*)",
        "select region, level, grouping(region, level) g, count(*) from institutions group by cube(region, level) order by 1, 2",
        "select region, kind, sum(beds) from institutions group by grouping sets ((region), (kind), ()), level",
        "select distinct region, level from institutions order by level",
        "select distinct on (patient_id) patient_id, settled_at, amount from claims order by patient_id, settled_at desc",
        "select a.institution_id, b.name from claims a, institutions b, deaths d where a.institution_id = b.institution_id and a.patient_id = d.patient_id and a.service_time > d.death_date",
        "select * from claims natural join deaths",
        "select patient_id, death_date, name from deaths full join institutions on patient_id = institution_id",
        "select patient_id from (select patient_id, region from claims) a full join (select patient_id, death_date from deaths) b using (patient_id)",
        "select i.name from institutions i left join claims c on c.institution_id = i.institution_id and c.amount > 5 where c.item_code = 'a'",
        "select i.name from claims c right join institutions i on c.institution_id = i.institution_id where c.amount > 1 or i.level = 'x'",
        "select * from deaths where patient_id in (select patient_id from claims where amount > 10)",
        "select * from deaths where patient_id not in (select patient_id from claims)",
        "select * from deaths d where patient_id not in (select patient_id from claims c where c.settled_at < d.death_date)",
        "select * from deaths d where exists (select 1 from claims c where c.patient_id = d.patient_id and c.service_time > d.death_date) or death_date is null",
        "select * from deaths where (patient_id, death_date) in (select patient_id, settled_at::date from claims)",
        "select * from deaths where (patient_id, death_date) not in (select patient_id, settled_at::date from claims)",
        "select * from deaths d where death_date >= all (select birth_date from claims c where c.patient_id = d.patient_id)",
        "select * from claims where amount > any (select 5 union select 7)",
        "select i.name, (select count(*) from claims c where c.institution_id = i.institution_id), (select max(amount) from claims c where c.institution_id = i.institution_id and c.settled_at < i.contract_start) from institutions i",
        "select i.name, (select count(*) + 1 from claims c where c.institution_id = i.institution_id and c.region = i.region || 'x') from institutions i where i.beds > (select avg(beds) from institutions)",
        "select patient_id, (select c.item_code || d.patient_id from claims c where c.patient_id = d.patient_id order by settled_at desc limit 1) from deaths d",
        "select * from deaths d where exists (select 1 from claims c where c.patient_id = d.patient_id and exists (select 1 from institutions i where i.institution_id = c.institution_id and i.contract_end < d.death_date))",
        "select case when region in (select region from institutions) then 'a' else 'b' end as k, count(*) from claims group by 1 order by k",
        "select 'x' as k, region from claims order by k limit 3",
        "select distinct 'x', null from claims union select region, day::text from claims, types",
        "select region from claims c group by region having count(*) > (select count(*) from institutions i where i.region = c.region)",
        "select sum(case when patient_id in (select patient_id from deaths) then amount else 0 end) from claims",
        "select region in (select region from institutions) as known, count(*) from claims group by region in (select region from institutions)",
        "select i.institution_id, x.n from institutions i left join lateral (select count(*) n from claims c where c.institution_id = i.institution_id) x on true",
        "select i.institution_id, x.* from institutions i cross join lateral (select patient_id, i.level || 'x' l from claims c where c.institution_id = i.institution_id order by amount limit 2) x",
        "select 1 from institutions i, lateral (select sum(amount) s from claims c where c.region = i.region) x where x.s > 5",
        "select patient_id from claims where region = 'x' union select patient_id from deaths order by 1 limit 3",
        "(select patient_id, 1 as k from claims limit 5) union all select patient_id, 2.5 from deaths",
        "select region from claims intersect select region from institutions except select 'x'",
        "select x + 1 from (values (1, 'a'), (2, null)) as v(x, y) where y is null",
        "values (1, date '2025-01-01'), (2.5, null) order by 2",
        "select d::date from generate_series('2025-01-01'::date, '2025-03-01', '1 month') d",
        "select n from generate_series(1, 10, 3) as g(n)",
        "with a as (select region, count(*) n from claims group by region), b as (select * from a where n > 5) select * from a join b on a.region = b.region",
        "with a as materialized (select * from deaths) select count(*) from a",
        "with a as not materialized (select region, count(*) n from claims group by region) select * from a x join a y on x.n = y.n",
        "with a(x, y) as (select patient_id, death_date from deaths) select y from a where x = 'p'",
        "select s.claim_id, t.claim_id from settlements s join settlements t on s.institution_id = t.institution_id where s.claim_id < t.claim_id",
        "select a.claim_id from live_claims a join live_claims b on a.claim_id = b.claim_id where a.item_code = 'x' and b.item_code = 'y'",
        "select institution_id, date_trunc('month', settled_at) m, sum(fund_amount) f, sum(sum(fund_amount)) over w from claims group by 1, 2 window w as (partition by institution_id order by date_trunc('month', settled_at) rows between 3 preceding and 1 preceding)",
        "select * from (select patient_id, lag(discharge_date) over w as prev, row_number() over w as k from claims window w as (partition by patient_id order by admission_date)) s where patient_id = 'A' and k = 1",
        "select amount, rank() over (order by amount desc), sum(amount) filter (where region = 'x') over (partition by region), ntile(4) over (order by amount) from claims where amount in (select max(amount) from claims)",
        "select percentile_cont(0.5) within group (order by unit_price), string_agg(region, ',' order by item_code), mad(amount), corr(amount, quantity), count(*) filter (where sex = 'male') from claims",
        "select * from deaths where false",
        "select 1 where not exists (select 1 from deaths) and exists (select count(*) from claims)",
        "select k.item_code from knowledge k join claims c on c.item_code = k.item_code where k.attribute = 'max_per_day' and k.value::numeric > 3 and c.service_time::date between k.valid_from and coalesce(k.valid_to, '9999-12-31')",
        "select distinct institution_id from (select institution_id, count(*) from claims group by institution_id) x",
        "select count(*) from claims c where c.claim_id in (select distinct claim_id from settlements where fund_amount > 100)",
        "select (select min(d.death_date) from deaths d where d.patient_id = c.patient_id and d.death_date > (select max(x.birth_date) from claims x where x.patient_id = c.patient_id)) from claims c",
        "select * from institutions i where not exists (select 1 from claims c where c.institution_id = i.institution_id group by c.patient_id having count(*) > 3)",
        "select level, median(x) from (select level, ln(sum(amount)) as x from claims join institutions using (institution_id) group by level, prescription_id having sum(amount) > 0) z group by level",
    ]

    @Test("with all rules", arguments: queries)
    func withRules(query: String) throws {
        let planned = try plan(query)
        #expect(PlanCheck.problems(planned.plan) == [])
        #expect(planned.plan.columns.map(\.id) == planned.columns.map(\.id))
    }

    @Test("with each rule switched off, and with all of them", arguments: queries)
    func withoutRules(query: String) throws {
        let names = try plan(query).columns.map(\.name)
        for rules in Optimizer.ruleNames.map({ [$0] }) + [Optimizer.ruleNames] {
            let planned = try plan(query, without: Set(rules))
            #expect(PlanCheck.problems(planned.plan) == [], "without \(rules)")
            #expect(planned.columns.map(\.name) == names)
            #expect(planned.appliedRules.allSatisfy { !rules.contains($0) })
        }
    }

    @Test("planning twice gives the same plan", arguments: queries)
    func deterministic(query: String) throws {
        #expect(try plan(query).plan == plan(query).plan)
    }
}
