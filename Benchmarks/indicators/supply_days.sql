with supplied as (
    select institution_id, days_supply as days, coalesce(sum(fund_amount), 0) fund, count(*) lines,
           case visit_type when 'outpatient' then 30 when 'chronic' then 84 else 7 end day_limit
    from live_lines
    where item_category = 'drug' and days_supply is not null and visit_type in ('outpatient', 'chronic', 'emergency')
    group by all
)
select institution_id,
       coalesce(sum(lines) filter (where days > day_limit), 0) events,
       sum(lines) exposure,
       coalesce(sum(share(fund * (days - day_limit), days)) filter (where days > day_limit), 0) amount
from supplied
group by institution_id
order by institution_id
