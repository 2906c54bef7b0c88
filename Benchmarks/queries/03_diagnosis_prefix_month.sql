-- title: one group of diagnoses in one month
-- kind: prefix
select visit_type, count(*) as line_count, sum(amount) as billed
from claims
where diagnosis_code like 'I1%' and settled_at >= timestamp '2025-03-01' and settled_at < timestamp '2025-04-01'
group by visit_type
order by visit_type
