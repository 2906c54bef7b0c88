-- id: period_course_days
-- version: 2
-- needs: max_course_days
-- title_en: More days than the course of a period
-- title_zh: 超周期支付天数
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: patient-item days
-- subject_zh: 患者项目日
-- exposure_en: patients' days of an item that is paid for so many days of a period, a year for instance
-- exposure_zh: 有周期 (如年度) 支付天数限制项目的患者日
-- event_en: days with which the patient had had the item on more days of the period than are paid, at any institution
-- event_zh: 该患者周期内 (含其他机构) 使用天数超过限定的患者日
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), paid course of drugs and services;
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限支付疗程规则 (药品、医疗服务项目); 国务院令第735号第三十八条
-- false_alarms_en: A second illness treated in the same year; an approved longer course; charges posted on several dates
-- false_alarms_zh: 同一年度内另一疾患的治疗; 经审批延长的疗程; 费用分日补记
-- parameter: grace_days | integer | 0 | 0 | 30 | days beyond the course that are no event | 疗程外宽限天数 | statistical: a year leaves room for the day that counts twice

-- query: common
with lines as (:lines),
points as (
    select item_code, max_days, window_days, first_day, last_day
    from (
        select item_code,
               cast(case when attribute = 'max_course_days' and translate(value, '0123456789', '') in ('', '.')
                          and length(value) <= 12 and value not in ('', '.') then value end as numeric(16, 4)) as max_days,
               window_days,
               coalesce(valid_from, date '0001-01-01') as first_day,
               coalesce(valid_to, date '9999-12-31') as last_day
        from knowledge
        where attribute = 'max_course_days' and window_days > 0 and item_code <> ''
    ) as read
    -- A value that is no number makes no point.
    where max_days is not null
),
used as (
    select institution_id,
           patient_id,
           item_code,
           cast(service_time as date) as day,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where institution_id <> '' and patient_id <> '' and item_code in (select item_code from points)
    group by institution_id, patient_id, item_code, cast(service_time as date)
),
dates as (
    select distinct patient_id, item_code, day from used
),
limited as (
    -- Two points may say the same of one day.
    select distinct u.institution_id, u.patient_id, u.item_code, u.day, u.fund, p.max_days, p.window_days
    from used as u
    join points as p on p.item_code = u.item_code and u.day >= p.first_day and u.day <= p.last_day
),
counts as (
    select u.institution_id, u.patient_id, u.item_code, u.day, u.fund, u.max_days, u.window_days, count(*) as days
    from limited as u
    join dates as t
      on t.patient_id = u.patient_id and t.item_code = u.item_code and t.day <= u.day and u.day - t.day < u.window_days
    group by u.institution_id, u.patient_id, u.item_code, u.day, u.fund, u.max_days, u.window_days
),
judged as (
    -- The days are those of a window that was passed: of one that was not they would say nothing.
    select institution_id, patient_id, item_code, day, fund,
           max(case when days > max_days + :grace_days then days end) as days,
           max(case when days > max_days + :grace_days then 1 else 0 end) as is_over
    from counts
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
       j.days,
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

-- test: the third day of a year of which two are paid, counted over all institutions; a year later it begins anew
-- claims: institution_id patient_id service_time
--   H1 P1 2025-01-10
--   H2 P1 2025-06-10
--   H1 P1 2025-06-10
--   H1 P1 2026-01-09
--   H1 P1 2026-06-11
--   H1 P2 2025-06-10
-- knowledge: attribute value window_days
--   max_course_days 2 365
-- expect: H1 1 5 7.00
-- expect: H2 0 1 0.00
-- test: a course of a stay is another indicator's, and a grace makes room
-- claims: institution_id patient_id item_code service_time
--   H1 P1 001 2025-01-10
--   H1 P1 001 2025-01-11
--   H1 P1 002 2025-01-10
--   H1 P1 002 2025-01-11
-- knowledge: item_code attribute value window_days
--   001 max_course_days 1 _
--   002 max_course_days 1 365
-- set: grace_days=1
-- expect: H1 0 2 0.00
-- test: a value that is no number makes no exposure, and a window longer than time itself is one
-- claims: item_code service_time
--   001 2025-01-10
--   002 1925-01-10
--   002 2025-01-10
-- knowledge: item_code attribute value window_days
--   001 max_course_days many 365
--   002 max_course_days 1 9223372036854775807
-- expect: H1 1 2 7.00
