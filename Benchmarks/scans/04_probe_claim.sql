-- title: one claim by its id
-- kind: look-up
-- bind claim: select max(claim_id) from claims where settled_at < timestamp '2025-06-01'
select claim_id, line_id, patient_id, settled_at, item_code, quantity, unit_price, amount
from claims
where claim_id = '{claim}'
order by claim_id, line_id
