with men as (
    select claim_id, min(institution_id) institution_id, min(department) department, left(min(diagnosis_code), 3) category,
           coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by claim_id
    having min(sex) = 'male'
),
marked as (
    select distinct l.claim_id
    from live_lines l join knowledge k
      on k.item_code = l.item_code and k.attribute = 'sex' and k.value = 'female'
     and l.service_time::date between coalesce(k.valid_from, date '0001-01-01') and coalesce(k.valid_to, date '9999-12-31')
)
select institution_id,
       count(*) filter (where hit) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where hit), 0) amount
from (
    select institution_id, fund,
           m.claim_id in (select claim_id from marked) or coalesce(department like 'A05%', false)
           or coalesce(category between 'C51' and 'C58' or category = 'D06' or category between 'D25' and 'D28'
               or category between 'N70' and 'N98' or category between 'O00' and 'O99' or category between 'Z32' and 'Z37', false) hit
    from men m)
group by institution_id
order by institution_id
