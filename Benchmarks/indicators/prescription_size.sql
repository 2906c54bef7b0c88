with prescriptions as (
    select institution_id, prescription_id, min(department) department, sum(amount) total, coalesce(sum(fund_amount), 0) fund
    from live_lines
    where item_category = 'drug' and prescription_id is not null
    group by all
    having sum(amount) > 0 and min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
sized as (
    select p.institution_id, coalesce(p.department, '') department, coalesce(i.level, 'none') level, p.fund, ln(p.total::double) size
    from prescriptions p left join institutions i using (institution_id)
),
groups as (
    select level, department, median(size) centre, mad(size) spread
    from sized
    group by all
    having count(*) >= 30 and mad(size) > 0
)
select institution_id,
       count(*) filter (where z > 3.5) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where z > 3.5), 0) amount
from (select s.institution_id, s.fund, (s.size - g.centre) / (1.4826 * g.spread) z from sized s join groups g using (level, department))
group by institution_id
order by institution_id
