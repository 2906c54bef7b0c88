with points as (
    select item_code, value::decimal(16, 4) day_limit, coalesce(valid_from, date '0001-01-01') first_day,
           coalesce(valid_to, date '9999-12-31') last_day
    from knowledge
    where attribute = 'max_per_day'
),
used as (
    select institution_id, patient_id, item_code, service_time::date as day, sum(quantity) quantity, coalesce(sum(fund_amount), 0) fund
    from live_lines
    where item_code in (select item_code from points)
    group by all
),
judged as (
    select u.institution_id, any_value(u.quantity) quantity, any_value(u.fund) fund, min(p.day_limit) day_limit
    from used u join points p on p.item_code = u.item_code and u.day between p.first_day and p.last_day
    group by u.institution_id, u.patient_id, u.item_code, u.day
)
select institution_id,
       count(*) filter (where quantity > day_limit) events,
       count(*) exposure,
       coalesce(sum(share(fund * (quantity - day_limit), quantity)) filter (where quantity > day_limit), 0) amount
from judged
group by institution_id
order by institution_id
