-- title: drugs with the most fund money
-- kind: top-N
select item_code, count(*) as line_count, sum(quantity) as units, sum(fund_amount) as fund
from claims
where item_category = 'drug'
group by item_code
order by fund desc nulls last, item_code
limit 20
