-- title: lines of a price and a quantity
-- kind: scan
select count(*) as line_count, sum(amount) as billed
from claims
where quantity >= 3 and unit_price < 20
