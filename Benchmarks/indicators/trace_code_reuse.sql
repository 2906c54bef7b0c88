with heads as (
    select claim_id, min(institution_id) institution_id, min(settled_at) settled_at from live_lines group by claim_id
),
uses as (
    select trace_code, claim_id, coalesce(sum(fund_amount), 0) fund from live_lines where trace_code is not null group by all
)
select institution_id,
       count(*) filter (where use > 1) events,
       count(*) exposure,
       coalesce(sum(fund) filter (where use > 1), 0) amount
from (
    select h.institution_id, u.fund, row_number() over (partition by u.trace_code order by h.settled_at, u.claim_id) use
    from uses u join heads h using (claim_id))
group by institution_id
order by institution_id
