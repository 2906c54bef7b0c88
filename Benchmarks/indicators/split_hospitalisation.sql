with inpatient as (
    select min(institution_id) institution_id, min(patient_id) patient_id, min(admission_date) admission,
           min(discharge_date) discharge, min(diagnosis_code) diagnosis_code, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) = 'inpatient' and min(admission_date) is not null and min(discharge_date) is not null
),
stays as (
    select institution_id, patient_id, admission, discharge, left(min(diagnosis_code), 3) dx3, sum(fund) fund
    from inpatient
    group by all
)
select institution_id,
       count(*) filter (where is_split) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where is_split), 0) amount
from (
    select institution_id, fund, coalesce(dx3 = lag(dx3) over w and date_diff('day', lag(discharge) over w, admission) between 0 and 15, false) is_split
    from stays
    window w as (partition by institution_id, patient_id order by admission, discharge))
group by institution_id
order by institution_id
