with supplied as (
    select institution_id, patient_id, item_code, date_trunc('quarter', settled_at) as quarter, sum(days_supply) as days,
           coalesce(sum(fund_amount), 0) fund
    from live_lines
    where item_category = 'drug' and days_supply is not null
    group by all
),
hoarded as (
    select patient_id, item_code, quarter from supplied group by all having sum(days) > 180
)
select s.institution_id,
       count(h.patient_id) events,
       count(*) exposure,
       coalesce(sum(s.fund) filter (where h.patient_id is not null), 0) amount
from supplied s left join hoarded h using (patient_id, item_code, quarter)
group by s.institution_id
order by s.institution_id
