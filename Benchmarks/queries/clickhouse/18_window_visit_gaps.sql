select gap, count(*) as claims
from (
    select toDate(settled) - toDate(lagInFrame(toNullable(settled)) over (partition by patient order by settled, claim_id)) as gap
    from (select claim_id, min(patient_id) as patient, min(settled_at) as settled from claims group by claim_id) as bill
) as gaps
where gap is not null
group by gap
order by gap
limit 60
