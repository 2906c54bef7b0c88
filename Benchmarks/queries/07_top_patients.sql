-- title: patients with the most fund money
-- kind: top-N
select patient_id, count(*) as line_count, sum(fund_amount) as fund
from claims
group by patient_id
order by fund desc nulls last, patient_id
limit 20
