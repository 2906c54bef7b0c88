-- title: median and ninth decile of the amount by institution
-- kind: median
-- values: double
select institution_id, percentile_cont(0.5) within group (order by cast(amount as double precision)) as middle, percentile_cont(0.9) within group (order by cast(amount as double precision)) as high
from claims
group by institution_id
order by institution_id
