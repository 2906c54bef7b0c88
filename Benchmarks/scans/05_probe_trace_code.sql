-- title: one package by its trace code
-- kind: look-up
-- bind code: select max(trace_code) from claims where settled_at < timestamp '2025-06-01'
select claim_id, line_id, institution_id, settled_at, item_code
from claims
where trace_code = '{code}'
order by claim_id, line_id
