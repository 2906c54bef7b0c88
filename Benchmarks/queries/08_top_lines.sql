-- title: the hundred largest lines
-- kind: top-N
select claim_id, line_id, institution_id, patient_id, item_code, amount
from claims
order by amount desc, claim_id, line_id
limit 100
