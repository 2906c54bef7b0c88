-- title: months and departments
-- kind: group-by, low cardinality
select cast(date_trunc('month', settled_at) as date) as month, department, count(*) as line_count, sum(fund_amount) as fund
from claims
group by cast(date_trunc('month', settled_at) as date), department
order by month, department
