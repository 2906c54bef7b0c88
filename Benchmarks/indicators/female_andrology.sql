with women as (
    select claim_id, min(institution_id) institution_id, left(min(diagnosis_code), 3) category, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(sex) = 'female'
),
marked as (
    select distinct l.claim_id
    from live_lines l join knowledge k
      on k.item_code = l.item_code and k.attribute = 'sex' and k.value = 'male'
     and l.service_time::date between coalesce(k.valid_from, date '0001-01-01') and coalesce(k.valid_to, date '9999-12-31')
)
select institution_id,
       count(*) filter (where hit) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where hit), 0) amount
from (
    select institution_id, fund,
           w.claim_id in (select claim_id from marked)
           or coalesce(category between 'C60' and 'C63' or category = 'D29' or category between 'N40' and 'N51', false) hit
    from women w)
group by institution_id
order by institution_id
