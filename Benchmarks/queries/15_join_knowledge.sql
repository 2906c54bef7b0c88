-- title: lines under a knowledge point, by rule
-- kind: join
select k.rule_id, k.attribute, count(*) as line_count, sum(c.fund_amount) as fund
from claims as c
join knowledge as k on k.item_code = c.item_code
where cast(c.service_time as date) >= k.valid_from
group by k.rule_id, k.attribute
order by k.rule_id
