with prescriptions as (
    select institution_id, prescription_id, min(department) dept, sum(amount) total, coalesce(sum(fund_amount), 0) fund
    from live_lines
    where item_category = 'drug' and prescription_id is not null
    group by institution_id, prescription_id
    having sum(amount) > 0 and min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
sized as (
    select p.institution_id institution, coalesce(p.dept, '') dept, coalesce(i.level, 'none') class, p.fund fund,
           log(toFloat64(p.total)) size
    from prescriptions p left join institutions i on i.institution_id = p.institution_id
),
groups as (
    select class, dept, arraySort(groupArray(size)) sizes, count(*) n, (sizes[intDiv(n + 1, 2)] + sizes[intDiv(n + 2, 2)]) / 2 centre,
           arraySort(arrayMap(s -> abs(s - centre), sizes)) deviations,
           (deviations[intDiv(n + 1, 2)] + deviations[intDiv(n + 2, 2)]) / 2 spread
    from sized
    group by class, dept
    having n >= 30 and spread > 0
)
select institution,
       count(*) filter (where z > 3.5) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where z > 3.5), 0) amount
from (
    select s.institution institution, s.fund fund, (s.size - g.centre) / (1.4826 * g.spread) z
    from sized s join groups g on g.class = s.class and g.dept = s.dept)
group by institution
order by institution
