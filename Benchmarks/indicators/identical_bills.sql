with visits as (
    select claim_id, min(institution_id) institution_id, min(patient_id) patient_id, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
items as (
    select claim_id, item_code, sum(quantity) quantity from live_lines group by all
),
bills as (
    select claim_id, sorted_list((item_code, quantity)) bill from items group by claim_id having count(*) >= 5
),
billed as (
    select v.institution_id, v.patient_id, v.fund, b.bill from visits v join bills b using (claim_id)
),
shared as (
    select institution_id, bill from billed group by all having count(distinct patient_id) >= 5
)
select b.institution_id,
       count(s.institution_id) events,
       count(*) exposure,
       coalesce(sum(b.fund) filter (where s.institution_id is not null), 0) amount
from billed b left join shared s on s.institution_id = b.institution_id and s.bill = b.bill
group by b.institution_id
order by b.institution_id
