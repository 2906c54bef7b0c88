with visits as (
    select min(institution_id) institution_id, min(patient_id) patient_id, min(settled_at)::date as day, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency', 'pharmacy')
),
busy as (
    select patient_id, day from visits group by all having count(distinct institution_id) >= 3
)
select v.institution_id,
       count(b.patient_id) events,
       count(*) exposure,
       coalesce(sum(v.fund) filter (where b.patient_id is not null), 0) amount
from visits v left join busy b using (patient_id, day)
group by v.institution_id
order by v.institution_id
