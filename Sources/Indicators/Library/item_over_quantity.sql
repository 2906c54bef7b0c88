-- id: item_over_quantity
-- version: 1
-- title_en: Billed more often than allowed
-- title_zh: 超频次
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: patient-item days
-- subject_zh: 患者项目日
-- exposure_en: patients' days of an item that has a daily limit
-- exposure_zh: 有每日限量项目的患者日
-- event_en: days on which more was billed than the limit
-- event_zh: 当日数量超过限量的患者日
-- formula_unit_en: (institution, patient, item, service date) where a `max_per_day` point of the item is valid
-- formula_unit_zh: 该项目有有效 `max_per_day` 知识点的 (机构, 患者, 项目, 服务日期)
-- formula_event_en: Σ quantity > limit
-- formula_event_zh: Σ quantity > 限量
-- formula_amount_en: Fund · (q − limit) / q
-- formula_amount_zh: 基金支付 · (q − 限量) / q
-- reading_en: Of several valid points the smallest limit counts. Days on which no point is valid form no unit
-- reading_zh: 多个有效知识点取最小限量. 没有有效知识点的日期不构成单位
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition); Order No.
--   735, article 38
-- basis_zh: 国家医保局“两库”(2025年版); 国务院令第735号第三十八条
-- false_alarms_en: Nursing past midnight, a change of bed, charges posted on one date; hours that overlap at transfer
-- false_alarms_zh: 跨午夜护理、换床、集中补记费用; 转科时段重叠
-- needs: max_per_day

-- query: common
with lines as (:lines),
points as (
    select item_code,
           cast(case when attribute = 'max_per_day' then value end as numeric(16, 4)) as max_per_day,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'max_per_day' and item_code <> ''
),
used as (
    select institution_id,
           patient_id,
           item_code,
           cast(service_time as date) as day,
           sum(quantity) as quantity
    from lines
    where institution_id <> '' and patient_id <> '' and item_code in (select item_code from points)
    group by institution_id, patient_id, item_code, cast(service_time as date)
),
-- Of several limits on a day the lowest holds.
limits as (
    select d.item_code, d.day, min(p.max_per_day) as max_per_day
    from (select distinct item_code, day from used) as d
    join points as p on p.item_code = d.item_code and d.day >= p.first_day and d.day <= p.last_day
    group by d.item_code, d.day
),
judged as (
    select u.institution_id, u.patient_id, u.item_code, u.day, u.quantity as day_quantity, l.max_per_day
    from used as u
    join limits as l on l.item_code = u.item_code and l.day = u.day
),
excess as (
    select e.day, e.day_quantity, e.max_per_day, l.*
    from judged as e
    join lines as l
      on l.institution_id = e.institution_id and l.patient_id = e.patient_id and l.item_code = e.item_code
     and cast(l.service_time as date) = e.day
    where e.day_quantity > e.max_per_day
)

-- query: figures
, counted as (
    select institution_id, count(*) as exposure
    from judged
    group by institution_id
),
exceeded as (
    select institution_id,
           count(*) as events,
           sum(fund * (day_quantity - max_per_day) / day_quantity) as amount
    from (
        select institution_id, patient_id, item_code, day, day_quantity, max_per_day, coalesce(sum(fund_amount), 0) as fund
        from excess
        group by institution_id, patient_id, item_code, day, day_quantity, max_per_day
    ) as days
    group by institution_id
)
select c.institution_id,
       coalesce(e.events, 0) as events,
       c.exposure,
       round(coalesce(e.amount, 0), 10) as amount
from counted as c
left join exceeded as e on e.institution_id = c.institution_id

-- query: evidence
select day,
       day_quantity,
       max_per_day,
       claim_id,
       line_id,
       patient_id,
       settled_at,
       department,
       doctor_id,
       diagnosis_code,
       item_code,
       item_name,
       quantity,
       unit_price,
       amount,
       fund_amount
from excess
where institution_id = :institution
order by patient_id, day, item_code, claim_id, line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       coalesce(fund_amount, 0) * (day_quantity - max_per_day) / day_quantity as amount
from excess

-- test: what is beyond the daily limit, in proportion
-- knowledge: item_code attribute value
--   001 max_per_day 1
-- claims: patient_id item_code quantity fund_amount
--   P1 001 1 20.00
--   P1 001 2 40.00
--   P2 001 1 20.00
--   P2 002 9 90.00
-- because: P1 was billed 3 of the item where 1 is allowed: 60 · (3 − 1) / 3 = 40.00. Item 002 has no limit and is no unit.
-- expect: H1 1 2 40.00
