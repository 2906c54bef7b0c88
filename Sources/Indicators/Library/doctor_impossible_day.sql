-- id: doctor_impossible_day
-- version: 1
-- title_en: Impossible doctor days
-- title_zh: 超负荷接诊
-- theme_en: Doctors
-- theme_zh: 医师行为
-- kind: statistical
-- result: suspicious
-- subject_en: doctor-days
-- subject_zh: 医师日
-- exposure_en: doctors' days with outpatient claims
-- exposure_zh: 有门诊结算的医师日
-- event_en: doctor-days with at least 150 distinct patients
-- event_zh: 当日接诊患者达到150人及以上的医师日
-- formula_unit_en: (institution, doctor, day) with outpatient claims
-- formula_unit_zh: 有门诊结算的 (机构, 医师, 日)
-- formula_event_en: At least 150 distinct patients
-- formula_event_zh: 至少 150 名不同患者
-- formula_amount_en: Fund of those claims
-- formula_amount_zh: 这些结算的基金支付
-- reading_en: Doctor, patient and day are the claim's (smallest of its lines). Claims without a patient add money but
--   no patient
-- reading_zh: 医师、患者与日期取自结算 (其明细中的最小值). 没有患者的结算计入金额, 不计入人数
-- basis_kind: statistical
-- basis_en: Order No. 735, article 38; the limit of 150 patients is a statistical default
-- basis_zh: 国务院令第735号第三十八条; 150 人界值为统计默认值
-- false_alarms_en: A shared or default account; team clinics billed under one name; clinics that only renew
--   prescriptions
-- false_alarms_zh: 共用或默认账号; 团队接诊记于一人名下; 慢病续方门诊
-- parameter: minimum_patients | integer | 150 | 2 | 100000 | distinct patients in a day that make it an event | 当日接诊患者数界值 | statistical: above the 99.5th percentile of doctors

-- query: common
with lines as (:lines),
visits as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(doctor_id, '')) as doctor_id,
           min(nullif(patient_id, '')) as patient_id,
           cast(min(settled_at) as date) as day,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
days as (
    select institution_id,
           doctor_id,
           day,
           count(distinct patient_id) as patient_count,
           sum(fund) as fund
    from visits
    where institution_id is not null and doctor_id is not null
    group by institution_id, doctor_id, day
)

-- query: figures
select institution_id,
       count(case when patient_count >= :minimum_patients then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when patient_count >= :minimum_patients then fund end), 0) as amount
from days
group by institution_id

-- query: evidence
select d.doctor_id as billed_doctor,
       d.day,
       d.patient_count,
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
from days as d
join visits as v on v.institution_id = d.institution_id and v.doctor_id = d.doctor_id and v.day = d.day
join lines as l on l.claim_id = v.claim_id
where d.institution_id = :institution and d.patient_count >= :minimum_patients
order by d.patient_count desc, d.doctor_id, d.day, l.claim_id, l.line_id

-- query: claims
select d.institution_id,
       v.claim_id
from days as d
join visits as v on v.institution_id = d.institution_id and v.doctor_id = d.doctor_id and v.day = d.day
where d.patient_count >= :minimum_patients

-- test: 150 patients of one doctor on a day
-- claims: doctor_id patient_id
--   150x D1 P{n}
--   149x D2 P{n}
--   2x D2 P{n}
-- because: D1 has 150 patients. D2 has 151 claims, but of 149 patients.
-- expect: H1 1 2 1050.00
