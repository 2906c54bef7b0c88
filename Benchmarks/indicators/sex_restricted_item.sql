with subjects as (
    select claim_id, min(institution_id) institution_id, min(sex) sex
    from live_lines
    group by claim_id
    having min(sex) in ('male', 'female')
),
restricted as (
    select l.claim_id, l.line_id, any_value(l.fund_amount) fund, max(k.value = 'female') for_women, max(k.value = 'male') for_men
    from live_lines l join knowledge k
      on k.item_code = l.item_code and k.attribute = 'sex'
     and l.service_time::date between coalesce(k.valid_from, date '0001-01-01') and coalesce(k.valid_to, date '9999-12-31')
    group by l.claim_id, l.line_id
),
offending as (
    select r.claim_id, coalesce(sum(r.fund), 0) fund
    from restricted r join subjects s using (claim_id)
    where s.sex = 'male' and r.for_women or s.sex = 'female' and r.for_men
    group by r.claim_id
)
select s.institution_id, count(o.claim_id) events, count(*) exposure, coalesce(sum(o.fund), 0) amount
from subjects s left join offending o using (claim_id)
group by s.institution_id
order by s.institution_id
