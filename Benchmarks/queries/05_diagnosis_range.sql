-- title: claims and money of the tumour chapters
-- kind: prefix
select substr(diagnosis_code, 1, 3) as category, count(distinct claim_id) as claims, sum(fund_amount) as fund
from claims
where substr(diagnosis_code, 1, 3) between 'C00' and 'D48'
group by substr(diagnosis_code, 1, 3)
order by category
