-- title: visit type, category and sex
-- kind: group-by, low cardinality
select visit_type, item_category, sex, count(*) as line_count, sum(amount) as billed, sum(fund_amount) as fund
from claims
group by visit_type, item_category, sex
order by visit_type, item_category, sex
