with subjects as (
    select claim_id, min(institution_id) institution_id, min(patient_id) patient_id from live_lines group by claim_id
),
dead as (select patient_id, min(death_date) death_date from deaths group by patient_id),
late_claims as (select claim_id, patient_id from subjects where patient_id in (select patient_id from dead)),
offending as (
    select l.claim_id, coalesce(sum(l.fund_amount), 0) fund
    from live_lines l join late_claims c using (claim_id) join dead d on d.patient_id = c.patient_id
    where l.service_time::date > d.death_date
    group by l.claim_id
)
select s.institution_id, count(o.claim_id) events, count(*) exposure, coalesce(sum(o.fund), 0) amount
from subjects s left join offending o using (claim_id)
group by s.institution_id
order by s.institution_id
