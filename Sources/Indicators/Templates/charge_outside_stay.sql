-- id: charge_outside_stay
-- version: 1
-- title_en: Charges outside the stay
-- title_zh: 计费日期与住院时间不符
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: suspicious
-- subject_en: lines
-- subject_zh: 明细
-- exposure_en: inpatient lines with both dates of the stay
-- exposure_zh: 有入出院日期的住院明细
-- event_en: lines of a day before admission or after discharge
-- event_zh: 费用日期早于入院或晚于出院的明细
-- basis_kind: legal
-- basis_en: Rule library of the National Healthcare Security Administration (2025 edition), charge dates and stays; Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 计费日期与住院时间不符规则; 国务院令第735号第三十八条
-- false_alarms_en: Charges posted late; examinations before the admission that count for it
-- false_alarms_zh: 费用补记; 计入本次住院的院前检查
-- parameter: days_before | integer | 3 | 0 | 60 | days before admission that are no event | 入院前宽限天数 | statistical: usual reach of examinations before a stay
-- parameter: days_after | integer | 1 | 0 | 60 | days after discharge that are no event | 出院后宽限天数 | statistical: charges posted on the next day

-- query: common
with lines as (:lines),
judged as (
    select institution_id,
           claim_id,
           line_id,
           coalesce(fund_amount, 0) as fund,
           case when admission_date - cast(service_time as date) > :days_before
                  or cast(service_time as date) - discharge_date > :days_after then 1 else 0 end as is_outside
    from lines
    where institution_id <> '' and visit_type = 'inpatient' and admission_date is not null and discharge_date is not null
)

-- query: figures
select institution_id,
       sum(is_outside) as events,
       count(*) as exposure,
       coalesce(sum(case when is_outside = 1 then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select l.admission_date,
       l.discharge_date,
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
join lines as l on l.claim_id = j.claim_id and l.line_id = j.line_id
where j.institution_id = :institution and j.is_outside = 1
order by l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       fund as amount
from judged
where is_outside = 1
