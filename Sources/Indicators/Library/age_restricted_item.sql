-- id: age_restricted_item
-- version: 1
-- title_en: Items restricted to another age
-- title_zh: 限年龄项目
-- theme_en: Person mismatch
-- theme_zh: 人证不符
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims of patients with a date of birth
-- exposure_zh: 有出生日期的结算
-- event_en: claims with an item for which the patient was too old or too young
-- event_zh: 患者年龄超出项目限定范围的结算
-- formula_unit_en: A claim with birth_date
-- formula_unit_zh: 有 birth_date 的一笔结算
-- formula_event_en: A line whose patient's completed age at its service date is ≥ `max_age_years` or <
--   `min_age_years` of the item
-- formula_event_zh: 某明细服务日期时患者周岁 ≥ 项目的 `max_age_years` 或 < `min_age_years`
-- formula_amount_en: Fund of those lines
-- formula_amount_zh: 这些明细的基金支付
-- reading_en: The age is the year field of PostgreSQL's `age`. The smallest maximum and the largest minimum count, so
--   any violated valid point makes the line offend
-- reading_zh: 年龄为 PostgreSQL `age` 的年数. 取最小的上限与最大的下限, 因此违反任一有效知识点即为违规
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration, items for children and
--   age-restricted items (2025 edition)
-- basis_zh: 国家医保局“两库”限儿童与限年龄规则 (2025年版)
-- false_alarms_en: A wrong date of birth; dose forms for children given to adults who cannot swallow; a newborn
--   billed on the mother's account
-- false_alarms_zh: 出生日期有误; 吞咽困难的成人使用儿童剂型; 新生儿费用记在母亲名下
-- needs: max_age_years, min_age_years

-- query: common
with lines as (:lines),
subjects as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(birth_date) as birth_date
    from lines
    where claim_id <> ''
    group by claim_id
    having min(birth_date) is not null and min(nullif(institution_id, '')) is not null
),
restricted as (
    select item_code,
           cast(case when attribute = 'max_age_years' then value end as numeric(16, 4)) as max_age,
           cast(case when attribute = 'min_age_years' then value end as numeric(16, 4)) as min_age,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute in ('max_age_years', 'min_age_years') and item_code <> ''
),
aged as (
    select s.institution_id,
           l.claim_id,
           l.line_id,
           coalesce(l.fund_amount, 0) as fund,
           extract(year from age(cast(l.service_time as date), s.birth_date)) as age,
           r.max_age,
           r.min_age
    from lines as l
    join restricted as r
      on r.item_code = l.item_code
     and cast(l.service_time as date) >= r.first_day
     and cast(l.service_time as date) <= r.last_day
    join subjects as s on s.claim_id = l.claim_id
),
offending as (
    -- The smallest maximum and the largest minimum count: the line offends if any valid point says so.
    select distinct institution_id, claim_id, line_id, fund
    from aged
    where age >= max_age or age < min_age
),
judged as (
    select s.institution_id, s.claim_id, coalesce(o.line_count, 0) as line_count, coalesce(o.fund, 0) as fund
    from subjects as s
    left join (
        select claim_id, count(*) as line_count, sum(fund) as fund from offending group by claim_id
    ) as o on o.claim_id = s.claim_id
)

-- query: figures
select institution_id,
       count(case when line_count > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(fund), 0) as amount
from judged
group by institution_id

-- query: evidence
select l.sex,
       l.birth_date,
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

-- test: of the very age is too old, a day younger is not
-- knowledge: item_code attribute value
--   001 max_age_years 18
-- claims: birth_date service_time
--   2007-03-01 2025-03-01
--   2007-03-01 2025-02-28
--   _ 2025-03-01
-- because: The patient is 18 on 1 March and was 17 the day before. Without a date of birth there is no unit.
-- expect: H1 1 2 7.00
