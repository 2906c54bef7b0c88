with priced as (
    select l.institution_id institution, l.item_code item, i.region area, l.unit_price price, l.quantity quantity
    from live_lines l join institutions i on i.institution_id = l.institution_id
    where i.region is not null
),
markets as (
    -- Prices are decimals: their median as a decimal is exact.
    select item, area, toDecimal64(quantileExactInclusive(0.5)(toFloat64(price)), 6) middle
    from priced
    group by item, area
    having count(*) >= 30 and count(distinct institution) >= 3
)
select institution,
       count(*) filter (where 2 * price > 3 * middle) events,
       count(*) exposure,
       coalesce(sum((price - middle)::decimal(38, 6) * quantity) filter (where 2 * price > 3 * middle), 0) amount
from (
    select p.institution institution, p.price price, p.quantity quantity, m.middle middle
    from priced p join markets m on m.item = p.item and m.area = p.area)
group by institution
order by institution
