/// Questions an analyst asks of claims: one of each kind that an engine answers in a way of its own.
struct BenchQuery {
    let name: String
    let sql: String

    static let all = [
        BenchQuery(
            name: "count lines",
            sql: "select count(*), sum(amount), sum(fund_amount) from claims"),
        BenchQuery(
            name: "filter by diagnosis prefix and month",
            sql: """
                select visit_type, count(*), sum(amount) from claims
                where diagnosis_code like 'I1%' and settled_at >= timestamp '2025-03-01' and settled_at < timestamp '2025-04-01'
                group by visit_type order by visit_type
                """),
        BenchQuery(
            name: "top items by fund",
            sql: """
                select item_code, count(*), sum(quantity), sum(fund_amount) as fund from claims where item_category = 'drug'
                group by item_code order by fund desc nulls last, item_code limit 20
                """),
        BenchQuery(
            name: "group by institution",
            sql: "select institution_id, count(*), sum(amount), sum(fund_amount) from claims group by institution_id order by institution_id"),
        BenchQuery(
            name: "group by patient",
            sql: """
                select patient_id, count(*), sum(fund_amount) as fund from claims group by patient_id
                order by fund desc nulls last, patient_id limit 20
                """),
        BenchQuery(
            name: "distinct patients by department",
            sql: "select department, count(distinct patient_id) from claims group by department order by department"),
        BenchQuery(
            name: "join with institutions, median price",
            sql: """
                select i.level, c.item_category, median(c.unit_price) from claims as c
                join institutions as i on i.institution_id = c.institution_id
                group by i.level, c.item_category order by i.level, c.item_category
                """),
        BenchQuery(
            name: "window: leading items of institutions",
            sql: """
                select institution_id, place, item_code from (
                    select institution_id, item_code,
                           row_number() over (partition by institution_id order by sum(amount) desc, item_code) as place
                    from claims group by institution_id, item_code) as ranked
                where place <= 3 order by institution_id, place
                """),
        BenchQuery(
            name: "live lines",
            sql: "select count(*), sum(fund_amount) from live_claims"),
    ]
}
