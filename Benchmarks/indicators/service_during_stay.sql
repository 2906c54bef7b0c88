-- One pass over the claims for both the stays and the visits.
with bills as materialized (
    select claim_id, min(institution_id) institution_id, min(patient_id) patient_id, min(visit_type) visit_type,
           min(admission_date) admission, min(discharge_date) discharge, min(settled_at)::date as day, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency', 'pharmacy', 'inpatient')
),
stays as (
    select distinct institution_id, patient_id, admission, discharge
    from bills
    where visit_type = 'inpatient' and admission is not null and discharge is not null
),
visits as (select * from bills where visit_type <> 'inpatient'),
during as (
    select distinct v.claim_id
    from visits v join stays s on s.patient_id = v.patient_id
    where s.institution_id <> v.institution_id and s.admission < v.day and v.day < s.discharge
)
select v.institution_id,
       count(d.claim_id) events,
       count(*) exposure,
       coalesce(sum(v.fund) filter (where d.claim_id is not null), 0) amount
from visits v left join during d using (claim_id)
group by v.institution_id
order by v.institution_id
