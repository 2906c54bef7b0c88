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
),
overlapped as (
    select distinct a.institution_id, a.patient_id, a.admission, a.discharge
    from stays a join stays b on b.patient_id = a.patient_id
    where b.institution_id <> a.institution_id and a.admission < b.discharge and b.admission < a.discharge
)
select s.institution_id,
       count(o.patient_id) events,
       count(*) exposure,
       coalesce(sum(s.fund) filter (where o.patient_id is not null), 0) amount
from stays s left join overlapped o using (institution_id, patient_id, admission, discharge)
group by s.institution_id
order by s.institution_id
