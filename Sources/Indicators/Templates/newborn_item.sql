-- id: newborn_item
-- version: 1
-- needs: max_age_days
-- title_en: Newborns' items for older patients
-- title_zh: 限新生儿项目
-- theme_en: Person mismatch
-- theme_zh: 人证不符
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims with a date of birth
-- exposure_zh: 有出生日期的结算
-- event_en: claims with an item of newborns for an older patient
-- event_zh: 含限新生儿项目而患者超龄的结算
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), newborn restrictions;
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限新生儿使用规则; 国务院令第735号第三十八条
-- false_alarms_en: Newborns billed on the mother's account; a date of birth that is wrong in the register
-- false_alarms_zh: 新生儿费用记在母亲名下; 出生日期登记有误

-- query: common
with lines as (:lines),
points as (
    select item_code,
           cast(case when attribute = 'max_age_days' then value end as numeric(18, 6)) as max_age_days,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'max_age_days' and item_code <> ''
),
subjects as (
    select claim_id, min(nullif(institution_id, '')) as institution_id, min(birth_date) as birth_date
    from lines
    where claim_id <> ''
    group by claim_id
    having min(nullif(institution_id, '')) is not null and min(birth_date) is not null
),
offending as (
    select s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join subjects as s on s.claim_id = l.claim_id
    group by s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0), cast(l.service_time as date) - s.birth_date
    having cast(l.service_time as date) - s.birth_date > min(p.max_age_days)
)

-- query: figures
select s.institution_id,
       count(case when o.line_count > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(o.fund), 0) as amount
from subjects as s
left join (
    select claim_id, count(*) as line_count, sum(fund) as fund from offending group by claim_id
) as o on o.claim_id = s.claim_id
group by s.institution_id

-- query: evidence
select l.birth_date,
       l.service_time,
       l.claim_id,
       l.line_id,
       l.patient_id,
       l.settled_at,
       l.department,
       l.doctor_id,
       l.diagnosis_code,
       l.item_code,
       l.item_name,
       l.quantity,
       l.unit_price,
       l.amount,
       l.fund_amount
from offending as o
join lines as l on l.claim_id = o.claim_id and l.line_id = o.line_id
where o.institution_id = :institution
order by l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       fund as amount
from offending
