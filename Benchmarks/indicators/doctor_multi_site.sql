with days as (
    select institution_id, doctor_id, service_time::date as day, coalesce(sum(fund_amount), 0) fund
    from live_lines
    where doctor_id is not null
    group by all
),
spread as (
    select doctor_id, day from days group by all having count(*) >= 2
)
select d.institution_id,
       count(s.doctor_id) events,
       count(*) exposure,
       coalesce(sum(d.fund) filter (where s.doctor_id is not null), 0) amount
from days d left join spread s using (doctor_id, day)
group by d.institution_id
order by d.institution_id
