with priced as (
    select l.institution_id, l.item_code, i.region, l.unit_price, l.quantity
    from live_lines l join institutions i using (institution_id)
    where i.region is not null
),
markets as (
    select item_code, region, median(unit_price) middle
    from priced
    group by all
    having count(*) >= 30 and count(distinct institution_id) >= 3
)
select p.institution_id,
       count(*) filter (where p.unit_price > 1.5 * m.middle) events,
       count(*) exposure,
       coalesce(sum((p.unit_price - m.middle) * p.quantity) filter (where p.unit_price > 1.5 * m.middle), 0) amount
from priced p join markets m using (item_code, region)
group by p.institution_id
order by p.institution_id
