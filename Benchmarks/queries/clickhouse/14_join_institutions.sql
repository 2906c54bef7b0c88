select i.level, c.item_category, count(*) as line_count, quantileExactInclusive(0.5)(toFloat64(c.unit_price)) as price
from claims as c
join institutions as i on i.institution_id = c.institution_id
group by i.level, c.item_category
order by i.level, c.item_category
