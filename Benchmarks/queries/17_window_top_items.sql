-- title: three leading items of each institution
-- kind: window
select institution_id, place, item_code, fund
from (
    select institution_id, item_code, sum(fund_amount) as fund,
           row_number() over (partition by institution_id order by sum(fund_amount) desc nulls last, item_code) as place
    from claims
    group by institution_id, item_code
) as ranked
where place <= 3
order by institution_id, place
