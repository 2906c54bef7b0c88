-- id: course_days
-- version: 2
-- needs: max_course_days
-- title_en: Longer than the paid course
-- title_zh: 超支付疗程
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: stays with an item
-- subject_zh: 住院项目
-- exposure_en: stays with an item that has a paid course
-- exposure_zh: 含限支付疗程项目的住院
-- event_en: stays with more days of the item than are paid
-- event_zh: 项目天数超过支付疗程的住院
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), paid course of drugs and services;
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限支付疗程规则 (药品、医疗服务项目); 国务院令第735号第三十八条
-- false_alarms_en: A course begun anew after a pause; charges posted for several days; a stay settled in parts
-- false_alarms_zh: 停药后重新开始的疗程; 多日费用集中记账; 分段结算的住院
-- parameter: grace_days | integer | 1 | 0 | 30 | days beyond the course that are no event | 疗程外宽限天数 | statistical: the day on which a course begins may count twice

-- query: common
with lines as (:lines),
points as (
    select item_code, max_days, first_day, last_day
    from (
        select item_code,
               cast(case when attribute = 'max_course_days' and translate(value, '0123456789', '') in ('', '.')
                          and length(value) <= 12 and value not in ('', '.') then value end as numeric(16, 4)) as max_days,
               coalesce(valid_from, date '0001-01-01') as first_day,
               coalesce(valid_to, date '9999-12-31') as last_day
        from knowledge
        where attribute = 'max_course_days' and window_days is null and item_code <> ''
    ) as read
    -- A value that is no number makes no point.
    where max_days is not null
),
stays as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id,
           min(admission_date) as admission,
           min(discharge_date) as discharge
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) = 'inpatient' and min(admission_date) is not null and min(discharge_date) is not null
       and min(nullif(institution_id, '')) is not null and min(nullif(patient_id, '')) is not null
),
dosed as (
    select s.institution_id, s.patient_id, s.admission, s.discharge, l.claim_id, l.line_id, l.item_code,
           cast(l.service_time as date) as day, coalesce(l.fund_amount, 0) as fund, min(p.max_days) as max_days
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join stays as s on s.claim_id = l.claim_id
    group by s.institution_id, s.patient_id, s.admission, s.discharge, l.claim_id, l.line_id, l.item_code,
             cast(l.service_time as date), coalesce(l.fund_amount, 0)
),
judged as (
    select institution_id, patient_id, admission, discharge, item_code, count(distinct day) as days, min(max_days) as max_days,
           sum(fund) as fund
    from dosed
    group by institution_id, patient_id, admission, discharge, item_code
)

-- query: figures
select institution_id,
       count(case when days > max_days + :grace_days then 1 end) as events,
       count(*) as exposure,
       round(coalesce(sum(case when days > max_days + :grace_days then fund * (days - max_days) / days end), 0), 10) as amount
from judged
group by institution_id

-- query: evidence
select j.admission,
       j.discharge,
       j.days,
       j.max_days,
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
from judged as j
join dosed as d
  on d.institution_id = j.institution_id and d.patient_id = j.patient_id and d.admission = j.admission
 and d.discharge = j.discharge and d.item_code = j.item_code
join lines as l on l.claim_id = d.claim_id and l.line_id = d.line_id
where j.institution_id = :institution and j.days > j.max_days + :grace_days
order by l.patient_id, j.admission, l.item_code, l.service_time, l.claim_id, l.line_id

-- query: lines
select j.institution_id,
       d.claim_id,
       d.line_id,
       d.fund * (j.days - j.max_days) / j.days as amount
from judged as j
join dosed as d
  on d.institution_id = j.institution_id and d.patient_id = j.patient_id and d.admission = j.admission
 and d.discharge = j.discharge and d.item_code = j.item_code
where j.days > j.max_days + :grace_days

-- test: more days of a stay than are paid, and a day of grace; a value that is no number makes no exposure
-- claims: claim_id visit_type item_code admission_date discharge_date service_time
--   3x C1 21 001 2025-01-10 2025-01-20 2025-01-1{n}
--   C2 21 001 2025-02-10 2025-02-20 2025-02-11
--   C3 21 002 2025-01-10 2025-01-20 2025-01-11
-- knowledge: item_code attribute value
--   001 max_course_days 1
--   002 max_course_days many
-- expect: H1 1 2 14.00
