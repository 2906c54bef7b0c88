-- title: level of the institution and category: median price
-- kind: join
-- values: double
select i.level, c.item_category, count(*) as line_count, median(c.unit_price) as price
from claims as c
join institutions as i on i.institution_id = c.institution_id
group by i.level, c.item_category
order by i.level, c.item_category
