-- id: supply_days
-- version: 1
-- title_en: Prescribed for too many days
-- title_zh: 超量开药
-- theme_en: Prescribing
-- theme_zh: 处方行为
-- kind: rule
-- result: suspicious
-- subject_en: prescription lines
-- subject_zh: 处方明细
-- exposure_en: outpatient drug lines with days of supply
-- exposure_zh: 有用药天数的门诊药品明细
-- event_en: lines that supply more days than the visit type allows
-- event_zh: 用药天数超过就诊类型上限的明细
-- formula_unit_en: A drug line whose own visit type is outpatient, chronic or emergency and that has days_supply
-- formula_unit_zh: 本条明细的就诊类型为普通门诊、门诊慢特病或急诊, 且有 days_supply 的药品明细
-- formula_event_en: days_supply > 30 (outpatient), 84 (chronic), 7 (emergency)
-- formula_event_zh: days_supply > 30 (普通门诊), 84 (门诊慢特病), 7 (急诊)
-- formula_amount_en: Fund · (days − limit) / days of the event lines
-- formula_amount_zh: 异常明细的 基金支付 · (天数 − 上限) / 天数
-- reading_en: The line's own visit type counts. Lines are summed for each count of days before the division, and the
--   quotients are rounded once per institution
-- reading_zh: 以明细自身的就诊类型为准. 先按天数汇总再相除, 每家机构只舍入一次
-- basis_kind: legal
-- basis_en: Prescription rules: seven days in general, longer for chronic diseases with a reason; limits of the
--   long-prescription policy (2021); Order No. 735, article 38
-- basis_zh: 《处方管理办法》: 一般不超过七日, 慢性病可适当延长; 长期处方管理规范 (2021); 国务院令第735号第三十八条
-- false_alarms_en: Long prescriptions, travel, elderly and disabled patients; days of supply computed from a wrong
--   dose
-- false_alarms_zh: 长期处方、外出、老年与失能患者; 按错误剂量推算的用药天数
-- parameter: outpatient_days | decimal | 30 | 0 | 1000 | days allowed at an ordinary outpatient visit | 普通门诊允许天数 | legal: national prescription rules, local ceiling
-- parameter: chronic_days | decimal | 84 | 0 | 1000 | days allowed for chronic diseases | 门诊慢特病允许天数 | legal: long-prescription policy, twelve weeks
-- parameter: emergency_days | decimal | 7 | 0 | 1000 | days allowed in emergencies | 急诊允许天数 | legal: prescription rules

-- query: common
with lines as (:lines),
supplied as (
    select l.institution_id,
           l.claim_id,
           l.line_id,
           l.days_supply as days,
           coalesce(l.fund_amount, 0) as fund,
           case l.visit_type
               when 'outpatient' then cast(:outpatient_days as numeric)
               when 'chronic' then cast(:chronic_days as numeric)
               else cast(:emergency_days as numeric)
           end as day_limit
    from lines as l
    where l.item_category = 'drug' and l.visit_type in ('outpatient', 'chronic', 'emergency')
      and l.days_supply is not null and l.institution_id <> ''
)

-- query: figures
, by_days as (
    -- One division for each count of days, so that the sum stays exact before it.
    select institution_id,
           count(case when days > day_limit then 1 end) as events,
           count(*) as exposure,
           case when days > day_limit then sum(fund) * (days - day_limit) / days else 0 end as amount
    from supplied
    group by institution_id, days, day_limit
)
select institution_id,
       cast(sum(events) as bigint) as events,
       cast(sum(exposure) as bigint) as exposure,
       round(sum(amount), 10) as amount
from by_days
group by institution_id

-- query: evidence
select s.days as days_supply,
       s.day_limit,
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
from supplied as s
join lines as l on l.claim_id = s.claim_id and l.line_id = s.line_id
where s.institution_id = :institution and s.days > s.day_limit
order by s.days - s.day_limit desc, l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       fund * (days - day_limit) / days as amount
from supplied
where days > day_limit

-- test: days beyond the limit of the visit type, in proportion
-- claims: item_category visit_type days_supply fund_amount
--   drug outpatient 45 90.00
--   drug outpatient 30 90.00
--   drug chronic 120 90.00
--   drug chronic 84 90.00
--   drug emergency 7 90.00
--   drug outpatient _ 90.00
-- because: 90 · (45 − 30) / 45 = 30.00 and 90 · (120 − 84) / 120 = 27.00.
-- because: The limit itself is allowed; a line without days is no unit.
-- expect: H1 2 5 57.00
