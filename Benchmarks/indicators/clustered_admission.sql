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
       count(*) filter (where patients >= 5) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where patients >= 5), 0) amount
from (
    select institution_id, fund,
           case when dx3 is not null then count(*) over (partition by institution_id, admission, discharge, dx3) end patients
    from stays)
group by institution_id
order by institution_id
