-- title: four patients and one unknown, their claims and money
-- kind: look-up
-- bind first: select min(patient_id) from claims where institution_id = (select min(institution_id) from claims)
-- bind second: select max(patient_id) from claims where institution_id = (select min(institution_id) from claims)
-- bind third: select min(patient_id) from claims where institution_id = (select max(institution_id) from claims)
-- bind fourth: select max(patient_id) from claims where institution_id = (select max(institution_id) from claims)
select patient_id, count(distinct claim_id) as claims, sum(amount) as billed
from claims
where patient_id in ('{first}', '{second}', '{third}', '{fourth}', 'none')
group by patient_id
order by patient_id
