-- id: service_after_death
-- version: 1
-- title_en: Billed after death
-- title_zh: 死亡后费用
-- theme_en: Time and place conflicts
-- theme_zh: 时空冲突
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims
-- exposure_zh: 结算
-- event_en: claims with a service after the patient's death
-- event_zh: 含患者死亡日期之后费用的结算
-- formula_unit_en: A claim
-- formula_unit_zh: 一笔结算
-- formula_event_en: A line with a service date after the patient's death
-- formula_event_zh: 服务日期晚于患者死亡日期的明细
-- formula_amount_en: Fund of those lines
-- formula_amount_zh: 这些明细的基金支付
-- reading_en: Every claim is exposure, also of patients without a known death. Of repeated deaths the earliest
--   counts. The day of death itself is allowed
-- reading_zh: 全部结算计入总数, 包括没有死亡记录的患者. 重复的死亡记录取最早者. 死亡当日不算
-- basis_kind: legal
-- basis_en: Order No. 735, article 40 (fraud by false services)
-- basis_zh: 国务院令第735号第四十条 (虚构服务骗保)
-- false_alarms_en: A wrong match with the register of deaths; earlier services posted late with a later service date
-- false_alarms_zh: 死亡登记比对错误; 生前费用补录而日期偏晚

-- query: common
with lines as (:lines),
subjects as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id
    from lines
    where claim_id <> ''
    group by claim_id
    having min(nullif(institution_id, '')) is not null
),
dead as (
    select patient_id, min(death_date) as death_date
    from deaths
    where patient_id <> ''
    group by patient_id
),
offending as (
    select s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from subjects as s
    join dead as d on d.patient_id = s.patient_id
    join lines as l on l.claim_id = s.claim_id and cast(l.service_time as date) > d.death_date
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

-- test: a service after the day of death
-- deaths: patient_id death_date
--   P1 2025-03-03
--   P2 2025-03-10
-- claims: claim_id patient_id service_time fund_amount
--   C1 P1 2025-03-03 5.00
--   C1 P1 2025-03-04 7.00
--   C2 P2 2025-03-10 7.00
--   C3 P3 2025-03-10 7.00
-- because: Of C1 the line of the day after the death is at issue. C2 is of the day of death itself; no death of P3 is known.
-- expect: H1 1 3 7.00
