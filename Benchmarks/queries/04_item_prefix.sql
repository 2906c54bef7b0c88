-- title: drugs of one class by department
-- kind: prefix
select department, count(*) as line_count, sum(quantity) as units, sum(fund_amount) as fund
from claims
where item_code like 'XJ04%'
group by department
order by fund desc nulls last, department
