-- title: patient-days with the most lines
-- kind: group-by, high cardinality
select patient_id, cast(settled_at as date) as day, count(*) as line_count, sum(amount) as billed
from claims
group by patient_id, cast(settled_at as date)
order by line_count desc, billed desc, patient_id, day
limit 50
