-- title: all lines of one patient
-- kind: selective filter
-- bind patient: select max(patient_id) from claims where claim_id = (select min(claim_id) from claims where visit_type = 'chronic')
select claim_id, line_id, institution_id, settled_at, item_code, quantity, amount, fund_amount
from claims
where patient_id = '{patient}'
order by claim_id, line_id
