-- id: period_over_frequency
-- version: 2
-- needs: max_per_period
-- title_en: Charged more often than the period allows
-- title_zh: 周期超频次
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: patient-item days
-- subject_zh: 患者项目日
-- exposure_en: patients' days of an item that has a limit within a period
-- exposure_zh: 有周期限量项目的患者日
-- event_en: days on which the patient had had more within the period, at any institution
-- event_zh: 该患者周期内 (含其他机构) 累计超限的患者日
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), period frequency of services;
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 医疗服务项目周期超频次规则; 国务院令第735号第三十八条
-- false_alarms_en: A reversal billed anew; a second complaint treated in the same period; charges posted on one date
-- false_alarms_zh: 冲销后重记; 同一周期内另一疾患的治疗; 集中补记费用

-- query: common
with lines as (:lines),
points as (
    select item_code, max_quantity, window_days, first_day, last_day
    from (
        select item_code,
               cast(case when attribute = 'max_per_period' and translate(value, '0123456789', '') in ('', '.')
                          and length(value) <= 12 and value not in ('', '.') then value end as numeric(16, 4)) as max_quantity,
               window_days,
               coalesce(valid_from, date '0001-01-01') as first_day,
               coalesce(valid_to, date '9999-12-31') as last_day
        from knowledge
        where attribute = 'max_per_period' and window_days > 0 and item_code <> ''
    ) as read
    -- A value that is no number makes no point.
    where max_quantity is not null
),
used as (
    select institution_id,
           patient_id,
           item_code,
           cast(service_time as date) as day,
           sum(quantity) as quantity,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where patient_id <> '' and item_code in (select item_code from points)
    group by institution_id, patient_id, item_code, cast(service_time as date)
),
totals as (
    select patient_id, item_code, day, sum(quantity) as quantity from used group by patient_id, item_code, day
),
limited as (
    -- Two points may say the same of one day.
    select distinct u.institution_id, u.patient_id, u.item_code, u.day, u.fund, p.max_quantity, p.window_days
    from used as u
    join points as p on p.item_code = u.item_code and u.day >= p.first_day and u.day <= p.last_day
    where u.institution_id <> ''
),
sums as (
    select u.institution_id, u.patient_id, u.item_code, u.day, u.fund, u.max_quantity, u.window_days, sum(t.quantity) as quantity
    from limited as u
    join totals as t
      on t.patient_id = u.patient_id and t.item_code = u.item_code and t.day <= u.day and u.day - t.day < u.window_days
    group by u.institution_id, u.patient_id, u.item_code, u.day, u.fund, u.max_quantity, u.window_days
),
judged as (
    select institution_id, patient_id, item_code, day, fund,
           max(case when quantity > max_quantity then 1 else 0 end) as is_over
    from sums
    group by institution_id, patient_id, item_code, day, fund
)

-- query: figures
select institution_id,
       sum(is_over) as events,
       count(*) as exposure,
       coalesce(sum(case when is_over = 1 then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.day,
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
from judged as j
join lines as l
  on l.institution_id = j.institution_id and l.patient_id = j.patient_id and l.item_code = j.item_code
 and cast(l.service_time as date) = j.day
where j.institution_id = :institution and j.is_over = 1
order by l.patient_id, l.item_code, j.day, l.claim_id, l.line_id

-- query: lines
select j.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) as amount
from judged as j
join lines as l
  on l.institution_id = j.institution_id and l.patient_id = j.patient_id and l.item_code = j.item_code
 and cast(l.service_time as date) = j.day
where j.is_over = 1

-- test: more than the period allows, over all institutions; a value that is no number, and a window longer than time itself
-- claims: institution_id item_code service_time
--   H1 001 2025-01-10
--   H2 001 2025-01-12
--   H1 001 2025-01-17
--   H1 002 2025-01-10
--   H1 003 1925-01-10
--   H1 003 2025-01-10
-- knowledge: item_code attribute value window_days
--   001 max_per_period 1 7
--   002 max_per_period many 7
--   003 max_per_period 1 9223372036854775807
-- expect: H1 2 4 14.00
-- expect: H2 1 1 7.00
