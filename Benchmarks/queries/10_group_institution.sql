-- title: institutions
-- kind: group-by, low cardinality
select institution_id, count(*) as line_count, sum(amount) as billed, sum(fund_amount) as fund
from claims
group by institution_id
order by billed desc, institution_id
