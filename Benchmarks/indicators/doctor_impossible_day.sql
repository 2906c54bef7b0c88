with visits as (
    select min(institution_id) institution_id, min(doctor_id) doctor_id, min(patient_id) patient_id, min(settled_at)::date as day,
           coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency') and min(doctor_id) is not null
),
days as (
    select institution_id, count(distinct patient_id) patients, sum(fund) fund from visits group by institution_id, doctor_id, day
)
select institution_id,
       count(*) filter (where patients >= 150) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where patients >= 150), 0) amount
from days
group by institution_id
order by institution_id
