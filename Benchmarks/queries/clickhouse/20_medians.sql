select institution_id, quantileExactInclusive(0.5)(toFloat64(amount)) as middle, quantileExactInclusive(0.9)(toFloat64(amount)) as high
from claims
group by institution_id
order by institution_id
