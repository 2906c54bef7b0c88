with months as (
    select institution_id, date_trunc('month', settled_at)::date as month, coalesce(sum(fund_amount), 0) fund
    from live_lines
    group by all
),
windowed as (
    select institution_id, month, fund, lag(month, 3) over w third_before,
           lag(fund, 1) over w + lag(fund, 2) over w + lag(fund, 3) over w as before
    from months
    window w as (partition by institution_id order by month)
)
select institution_id,
       count(*) filter (where is_sudden) events,
       count(*) exposure,
       coalesce(share(sum(3 * fund - before) filter (where is_sudden), 3), 0) amount
from (
    select institution_id, fund, before, before > 0 and 3 * fund > 2 * before is_sudden
    from windowed
    where third_before = month - interval 3 month)
group by institution_id
order by institution_id
