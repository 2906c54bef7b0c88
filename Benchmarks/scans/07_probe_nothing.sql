-- title: a claim that is not there
-- kind: look-up
select claim_id, line_id, amount
from claims
where claim_id = '97002025999999999999'
order by claim_id, line_id
