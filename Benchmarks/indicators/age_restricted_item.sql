with subjects as (
    select claim_id, min(institution_id) institution_id, min(birth_date) birth_date
    from live_lines
    group by claim_id
    having min(birth_date) is not null
),
restricted as (
    select l.claim_id, l.line_id, any_value(l.fund_amount) fund, any_value(l.service_time)::date as day,
           min(case when k.attribute = 'max_age_years' then k.value::decimal(16, 4) end) max_age,
           max(case when k.attribute = 'min_age_years' then k.value::decimal(16, 4) end) min_age
    from live_lines l join knowledge k
      on k.item_code = l.item_code and k.attribute in ('max_age_years', 'min_age_years')
     and l.service_time::date between coalesce(k.valid_from, date '0001-01-01') and coalesce(k.valid_to, date '9999-12-31')
    group by l.claim_id, l.line_id
),
offending as (
    select r.claim_id, coalesce(sum(r.fund), 0) fund
    from restricted r join subjects s using (claim_id)
    where full_years(s.birth_date, r.day) >= r.max_age or full_years(s.birth_date, r.day) < r.min_age
    group by r.claim_id
)
select s.institution_id, count(o.claim_id) events, count(*) exposure, coalesce(sum(o.fund), 0) amount
from subjects s left join offending o using (claim_id)
group by s.institution_id
order by s.institution_id
