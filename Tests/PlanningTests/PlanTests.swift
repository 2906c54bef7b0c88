import Planning
import Testing

@Suite("Plans of queries")
struct PlanTests {
    /// What must hold, the query, and its plan.
    typealias Golden = (name: String, query: String, plan: String)

    static let filterPushdownCases: [Golden] = [
        (
            "a filter becomes the scan's, literals in the column's type",
            "select claim_id from claims where settled_at >= '2025-01-01' and amount > 10",
            """
            Scan claims [claim_id, settled_at, amount] where settled_at >= timestamp '2025-01-01 00:00:00' AND amount > 10
            """
        ),
        (
            "through a derived table and its expressions",
            "select k from (select upper(region) as k, claim_id from claims) x where k = 'A'",
            """
            Project [k := upper(region)]
              Scan claims [region] where upper(region) = 'A'
            """
        ),
        (
            "on group keys, not on aggregates",
            "select * from (select region, count(*) n from claims group by region) x where region = 'a' and n > 1",
            """
            Filter count > 1
              Aggregate by region [count := count(*)]
                Scan claims [region] where region = 'a'
            """
        ),
        (
            "through a window's partition keys only",
            "select * from (select region, row_number() over (partition by region order by settled_at) k from claims) x where region = 'a' and k = 1",
            """
            Project [region, row_number]
              Filter row_number = 1
                Window [row_number := row_number() over (partition by region order by settled_at), first 1]
                  Scan claims [settled_at, region] where region = 'a'
            """
        ),
        (
            "into both sides of a set operation",
            "select * from (select region from claims union select region from institutions) x where region <> 'a'",
            """
            Union [region#3]
              Scan claims [region] where region <> 'a'
              Scan institutions [region#2] where region#2 <> 'a'
            """
        ),
        (
            "to the other side of a key",
            "select c.claim_id from claims c join institutions i on i.institution_id = c.institution_id where i.institution_id = 'A'",
            """
            Project [claim_id]
              InnerJoin on institution_id = institution_id#2
                Scan claims [claim_id, institution_id] where institution_id = 'A'
                Scan institutions [institution_id#2] where institution_id#2 = 'A'
            """
        ),
        (
            "not below a LIMIT",
            "select * from (select region from claims limit 5) x where region = 'a'",
            """
            Filter region = 'a'
              Limit 5
                Scan claims [region]
            """
        ),
        (
            "what may fail stays behind its guard",
            "select item_code from knowledge where value::numeric > 3 and attribute = 'max_per_day'",
            """
            Project [item_code]
              Filter value::numeric(38,10) > 3
                Scan knowledge [item_code, attribute, value] where attribute = 'max_per_day'
            """
        ),
        (
            "a division stays above the join",
            "select c.claim_id from claims c join institutions i using (institution_id) where c.amount / c.quantity > 5 and c.quantity > 0",
            """
            Project [claim_id]
              Filter amount / quantity > 5
                InnerJoin on institution_id = institution_id#2
                  Scan claims [claim_id, institution_id, quantity, amount] where quantity > 0
                  Scan institutions [institution_id#2]
            """
        ),
        (
            "a false filter reads nothing",
            "select patient_id from deaths where 1 = 2",
            """
            Values [patient_id] (0 rows)
            """
        ),
    ]

    @Test("Filters move down", arguments: filterPushdownCases)
    func filterPushdown(golden: Golden) throws {
        let plan = try planText(golden.query)
        #expect(plan == golden.plan)
    }

    static let joinsCases: [Golden] = [
        (
            "a subquery about the side that may be missing is asked before the outer join",
            """
            select c.claim_id, i.name from claims c
            left join institutions i on i.institution_id = c.institution_id and i.region in (select region from claims)
            """,
            """
            Project [claim_id, name]
              LeftJoin on institution_id = institution_id#2
                Scan claims [claim_id, institution_id]
                SemiJoin on region = region#2
                  Scan institutions [institution_id#2, name, region]
                  Scan claims [region#2]
            """
        ),
        (
            "comma and WHERE make keys, the large table streams",
            "select d.patient_id from deaths d, claims c, institutions i where d.patient_id = c.patient_id and c.institution_id = i.institution_id and i.level = 'tertiary' and c.service_time > d.death_date",
            """
            Project [patient_id]
              InnerJoin on patient_id#2 = patient_id if service_time > death_date::timestamp
                InnerJoin on institution_id = institution_id#2
                  Scan claims [institution_id, patient_id#2, service_time]
                  Scan institutions [institution_id#2, level] where level = 'tertiary'
                Scan deaths [patient_id, death_date]
            """
        ),
        (
            "a left join whose fillers are thrown away is an inner join",
            "select i.name from institutions i left join deaths d on d.patient_id = i.institution_id where d.death_date > '2025-01-01'",
            """
            Project [name]
              InnerJoin on institution_id = patient_id
                Scan institutions [institution_id, name]
                Scan deaths [patient_id, death_date] where death_date > date '2025-01-01'
            """
        ),
        (
            "ON of a left join filters its right side",
            "select i.name from institutions i left join deaths d on d.patient_id = i.institution_id and d.death_date > '2025-01-01' and i.level = 'x'",
            """
            Project [name]
              LeftJoin on institution_id = patient_id if level = 'x'
                Scan institutions [institution_id, name, level]
                Scan deaths [patient_id, death_date] where death_date > date '2025-01-01'
            """
        ),
        (
            "null-safe keys",
            "select i.name from institutions i join deaths d on d.patient_id is not distinct from i.institution_id",
            """
            Project [name]
              InnerJoin on patient_id IS NOT DISTINCT FROM institution_id
                Scan deaths [patient_id]
                Scan institutions [institution_id, name]
            """
        ),
        (
            "USING of a full join merges its columns",
            "select patient_id from deaths a full join deaths b using (patient_id)",
            """
            Project [patient_id#3 := coalesce(patient_id, patient_id#2)]
              FullJoin on patient_id = patient_id#2
                Scan deaths [patient_id]
                Scan deaths [patient_id#2]
            """
        ),
    ]

    @Test("Joins", arguments: joinsCases)
    func joins(golden: Golden) throws {
        let plan = try planText(golden.query)
        #expect(plan == golden.plan)
    }

    static let subqueriesCases: [Golden] = [
        (
            "IN is a semi join",
            "select patient_id from deaths where patient_id in (select patient_id from claims where amount > 10)",
            """
            SemiJoin on patient_id = patient_id#2
              Scan deaths [patient_id]
              Scan claims [patient_id#2, amount] where amount > 10
            """
        ),
        (
            "NOT IN is a mark join, because of NULLs",
            "select patient_id from deaths where patient_id not in (select patient_id from claims)",
            """
            Project [patient_id]
              Filter NOT mark
                MarkJoin mark on patient_id = patient_id#2
                  Scan deaths [patient_id]
                  Scan claims [patient_id#2]
            """
        ),
        (
            "NOT EXISTS is an anti join",
            "select d.patient_id from deaths d where not exists (select 1 from claims c where c.patient_id = d.patient_id and c.service_time > d.death_date)",
            """
            Project [patient_id]
              AntiJoin on patient_id = patient_id#2 if service_time > death_date::timestamp
                Scan deaths [patient_id, death_date]
                Scan claims [patient_id#2, service_time]
            """
        ),
        (
            "EXISTS inside OR is a mark",
            "select d.patient_id from deaths d where death_date is null or exists (select 1 from claims c where c.patient_id = d.patient_id)",
            """
            Project [patient_id]
              Filter death_date IS NULL OR mark IS TRUE
                MarkJoin mark on patient_id = patient_id#2
                  Scan deaths [patient_id, death_date]
                  Scan claims [patient_id#2]
            """
        ),
        (
            "a correlated count groups by its key; no rows count 0",
            "select name, (select count(*) from claims c where c.institution_id = i.institution_id) n from institutions i",
            """
            Project [name, n := coalesce(count, 0)]
              LeftJoin on institution_id = key
                Shared 1 [institution_id, name]
                  Scan institutions [institution_id#4, name#3]
                Aggregate by key := institution_id#2 [count := count(*)]
                  SemiJoin on institution_id#2 = institution_id#3
                    Scan claims [institution_id#2]
                    Shared 1 [institution_id#3, name#2]
            """
        ),
        (
            "an uncorrelated scalar is joined once",
            "select name from institutions where beds > (select avg(beds) from institutions)",
            """
            Project [name]
              Filter beds::numeric(19,0) > avg
                SingleJoin
                  Scan institutions [name, beds]
                  Aggregate [avg := avg(beds#2)]
                    Scan institutions [beds#2]
            """
        ),
        (
            "the latest row of each is a numbered window",
            "select (select item_code from claims c where c.patient_id = d.patient_id order by settled_at desc limit 1) from deaths d",
            """
            Project [item_code]
              SingleJoin on patient_id = patient_id#2
                Scan deaths [patient_id]
                Project [item_code, patient_id#2]
                  Filter row_number <= 1
                    Window [row_number := row_number() over (partition by patient_id#2 order by settled_at DESC), first 1]
                      Scan claims [patient_id#2, settled_at, item_code]
            """
        ),
        (
            "a comparison other than = groups by the outer rows' values",
            "select (select max(amount) from claims c where c.patient_id = d.patient_id and c.settled_at < d.death_date) from deaths d",
            """
            Project [max]
              LeftJoin on patient_id IS NOT DISTINCT FROM key AND death_date IS NOT DISTINCT FROM key#2
                Project [patient_id := patient_id#3, death_date := death_date#2]
                  Scan deaths [patient_id#3, death_date#2]
                Aggregate by key := patient_id#4, key#2 := death_date#3 [max := max(amount)]
                  InnerJoin on patient_id#2 = patient_id#4 if settled_at < death_date#3::timestamp
                    Scan claims [patient_id#2, settled_at, amount]
                    Aggregate by patient_id#4, death_date#3
                      Project [patient_id#4 := patient_id#5, death_date#3 := death_date#4]
                        Scan deaths [patient_id#5, death_date#4]
            """
        ),
        (
            "a row among a query's rows",
            "select 1 from deaths where (patient_id, death_date) in (select patient_id, birth_date from claims)",
            """
            Project [?column? := 1]
              SemiJoin on patient_id = patient_id#2 AND death_date = birth_date
                Scan deaths [patient_id, death_date]
                Scan claims [patient_id#2, birth_date]
            """
        ),
    ]

    @Test("Subqueries", arguments: subqueriesCases)
    func subqueries(golden: Golden) throws {
        let plan = try planText(golden.query)
        #expect(plan == golden.plan)
    }

    static let sharingCases: [Golden] = [
        (
            "live claims: filters reach the scan, two anti joins share a small right side",
            "select sum(amount) from live_claims where visit_type = 'pharmacy'",
            """
            Aggregate [sum := sum(amount#2)]
              Project [amount#2 := amount]
                AntiJoin on claim_id = original_claim_id#2
                  AntiJoin on claim_id = claim_id#2
                    Scan claims [claim_id, visit_type, amount] where visit_type = 'pharmacy'
                    Shared 2 [claim_id#2, original_claim_id]
                      Scan claims [claim_id#4, original_claim_id#3] where original_claim_id#3 <> ''
                  Shared 2 [claim_id#3, original_claim_id#2]
            """
        ),
        (
            "a common table used twice is computed once",
            "with a as (select region, count(*) n from claims group by region) select x.n from a x join a y on x.n = y.n",
            """
            Project [n]
              InnerJoin on n#2 = n
                Shared 1 [n#2]
                  Project [count]
                    Aggregate by region [count := count(*)]
                      Scan claims [region]
                Shared 1 [n]
            """
        ),
        (
            "a common table that only filters is part of each reader",
            "with a as (select * from claims where quantity > 0) select count(*) from a where region = 'x' union all select count(*) from a where region = 'y'",
            """
            UnionAll [count#3]
              Aggregate [count := count(*)]
                Scan claims [quantity, region] where quantity > 0 AND region = 'x'
              Aggregate [count#2 := count(*)]
                Scan claims [quantity#2, region#2] where quantity#2 > 0 AND region#2 = 'y'
            """
        ),
        (
            "materialized is obeyed",
            "with a as materialized (select * from deaths) select patient_id from a where death_date > '2025-01-01'",
            """
            Project [patient_id#2]
              Filter death_date#2 > date '2025-01-01'
                Shared 1 [patient_id#2, death_date#2]
                  Scan deaths [patient_id, death_date]
            """
        ),
        (
            "a view over a view",
            "select institution_id, sum(fund_amount) from settlements group by institution_id",
            """
            Aggregate by institution_id#3 [sum#2 := sum(fund_amount#3)]
              Project [institution_id#3 := min, fund_amount#3 := sum]
                Aggregate by claim_id#4 [min := min(institution_id#2), sum := sum(fund_amount#2)]
                  Project [claim_id#4 := claim_id, institution_id#2 := institution_id, fund_amount#2 := fund_amount]
                    AntiJoin on claim_id = original_claim_id#2
                      AntiJoin on claim_id = claim_id#2
                        Scan claims [claim_id, institution_id, fund_amount]
                        Shared 3 [claim_id#2, original_claim_id]
                          Scan claims [claim_id#5, original_claim_id#3] where original_claim_id#3 <> ''
                      Shared 3 [claim_id#3, original_claim_id#2]
            """
        ),
        (
            "DISTINCT of groups is nothing",
            "select distinct region from (select region, count(*) from claims group by region) x",
            """
            Aggregate by region
              Scan claims [region]
            """
        ),
        (
            "LIMIT stands on its ORDER BY",
            "select name from institutions order by beds desc limit 3",
            """
            Project [name]
              Top 3
                Sort [beds DESC]
                  Scan institutions [name, beds]
            """
        ),
        (
            "count needs no column",
            "select count(*) from claims",
            """
            Aggregate [count := count(*)]
              Scan claims []
            """
        ),
    ]

    @Test("Sharing and pruning", arguments: sharingCases)
    func sharing(golden: Golden) throws {
        let plan = try planText(golden.query)
        #expect(plan == golden.plan)
    }

    static let groupingCases: [Golden] = [
        (
            "a frame's distance in time from days is one from their midnights",
            "select sum(amount) over (order by admission_date range between '3 days' preceding and current row) from claims",
            """
            Project [sum]
              Window [sum := sum(amount) over (order by admission_date::timestamp range between interval '0 mons 3 days 0 us' preceding and current row)]
                Scan claims [admission_date, amount]
            """
        ),
        (
            "grouping sets",
            "select region, level, grouping(region) g, count(*) from institutions group by rollup (region, level)",
            """
            Project [region#2, level#2, grouping, count]
              Aggregate by region#2 := region, level#2 := level sets (region#2, level#2) (region#2) () [count := count(*), grouping := grouping(region#2)]
                Scan institutions [region, level]
            """
        ),
        (
            "aggregates of aggregates in a window",
            "select region, sum(amount), sum(sum(amount)) over (order by region rows between 1 preceding and current row) from claims group by region",
            """
            Window [sum#2 := sum(sum) over (order by region rows between 1 preceding and current row)]
              Aggregate by region [sum := sum(amount)]
                Scan claims [amount, region]
            """
        ),
        (
            "the same call is computed once",
            "select sum(amount), sum(amount) / count(*) from claims having sum(amount) > 0",
            """
            Project [sum, ?column? := sum / count::numeric(19,0)]
              Filter sum > 0
                Aggregate [sum := sum(amount), count := count(*)]
                  Scan claims [amount]
            """
        ),
        (
            "FILTER, DISTINCT and ordered sets",
            "select count(distinct patient_id) filter (where sex = 'male'), percentile_cont(0.5) within group (order by unit_price desc) from claims",
            """
            Aggregate [count := count(DISTINCT patient_id) FILTER (WHERE sex = 'male'), percentile_cont := percentile_cont(0.5) WITHIN GROUP (ORDER BY unit_price DESC)]
              Scan claims [patient_id, sex, unit_price]
            """
        ),
        (
            "DISTINCT ON keeps the first of its order",
            "select distinct on (patient_id) patient_id, amount from claims order by patient_id, settled_at desc",
            """
            Project [patient_id, amount]
              DistinctOn [patient_id]
                Sort [patient_id, settled_at DESC]
                  Scan claims [patient_id, settled_at, amount]
            """
        ),
    ]

    @Test("Aggregates and windows", arguments: groupingCases)
    func grouping(golden: Golden) throws {
        let plan = try planText(golden.query)
        #expect(plan == golden.plan)
    }

    @Test("what a statement says twice is computed once, in with clauses of their own too") func saidTwice() throws {
        func part(_ region: String) -> String {
            """
            select * from (
                with firsts as (select claim_id, min(region) as region, sum(amount) as amount from claims group by claim_id),
                     totals as (select region, sum(amount) as amount from firsts group by region)
                select f.claim_id, t.amount from firsts as f join totals as t on t.region = f.region where f.region = '\(region)'
            ) as part_of_\(region)
            """
        }
        let plan = try planText(part("a") + " union all " + part("b"))
        #expect(plan.ranges(of: "Aggregate by claim_id").count == 1, "\(plan)")
        #expect(plan.ranges(of: "Scan claims").count == 1, "\(plan)")
    }
}
