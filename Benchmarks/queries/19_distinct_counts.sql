-- title: claims, patients and doctors of each department
-- kind: distinct count
select department, count(distinct claim_id) as claims, count(distinct patient_id) as patients, count(distinct doctor_id) as doctors
from claims
group by department
order by department
