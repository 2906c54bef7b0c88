-- title: lines settled after the patient's death
-- kind: join
select c.institution_id, count(*) as line_count, count(distinct c.patient_id) as patients, sum(c.fund_amount) as fund
from claims as c
join deaths as d on d.patient_id = c.patient_id
where c.settled_at >= d.death_date + interval '1 day'
group by c.institution_id
order by c.institution_id
