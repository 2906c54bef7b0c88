-- title: how many claims have how many lines
-- kind: group-by, high cardinality
select line_count, count(*) as claims, sum(billed) as total
from (select claim_id, count(*) as line_count, sum(amount) as billed from claims group by claim_id) as bill
group by line_count
order by line_count
