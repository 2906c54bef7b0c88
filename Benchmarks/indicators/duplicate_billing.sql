with sets as (
    select institution_id, count(*) lines, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by institution_id, claim_id, item_code, service_time::date, quantity, unit_price
)
select institution_id,
       sum(lines - 1) events,
       sum(lines) exposure,
       coalesce(sum(share(fund * (lines - 1), lines)) filter (where lines > 1), 0) amount
from sets
group by institution_id
order by institution_id
