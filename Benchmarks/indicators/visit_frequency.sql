with visits as (
    select min(institution_id) institution_id, min(patient_id) patient_id, min(settled_at) settled_at, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
months as (
    select institution_id, count(*) claims, sum(fund) fund
    from visits
    group by institution_id, patient_id, date_trunc('month', settled_at)
)
select institution_id,
       count(*) filter (where claims >= 10) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where claims >= 10), 0) amount
from months
group by institution_id
order by institution_id
