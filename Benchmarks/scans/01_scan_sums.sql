-- title: sums of all lines
-- kind: scan
select count(*) as line_count, sum(quantity) as units, sum(amount) as billed, sum(fund_amount) as fund
from claims
