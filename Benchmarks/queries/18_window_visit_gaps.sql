-- title: days between a patient's claims
-- kind: window
select gap, count(*) as claims
from (
    select cast(settled_at as date) - cast(lag(settled_at) over (partition by patient_id order by settled_at, claim_id) as date) as gap
    from (select claim_id, min(patient_id) as patient_id, min(settled_at) as settled_at from claims group by claim_id) as bill
) as gaps
where gap is not null
group by gap
order by gap
limit 60
