with subjects as (
    select claim_id claim, min(institution_id) institution, min(patient_id) patient from live_lines group by claim_id
),
dead as (select patient_id patient, min(death_date) died from deaths group by patient_id),
late_claims as (select s.claim claim, d.died died from subjects s join dead d on d.patient = s.patient),
offending as (
    select l.claim_id claim, coalesce(sum(l.fund_amount), 0) fund
    from live_lines l join late_claims c on c.claim = l.claim_id
    where l.service_time::date > c.died
    group by l.claim_id
)
select s.institution institution, count(o.claim) events, count(*) exposure, coalesce(sum(o.fund), 0) amount
from subjects s left join offending o on o.claim = s.claim
group by s.institution
order by institution
