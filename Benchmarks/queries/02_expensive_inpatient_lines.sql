-- title: expensive inpatient lines of a week
-- kind: selective filter
select institution_id, item_code, count(*) as line_count, sum(amount) as billed
from claims
where visit_type = 'inpatient' and amount >= 1000 and settled_at >= timestamp '2025-05-05' and settled_at < timestamp '2025-05-12'
group by institution_id, item_code
order by billed desc, institution_id, item_code
limit 100
