-- id: service_during_stay
-- version: 1
-- title_en: Outpatient service during a stay
-- title_zh: 住院期间门诊
-- theme_en: Time and place conflicts
-- theme_zh: 时空冲突
-- kind: rule
-- result: suspicious
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: outpatient and pharmacy claims
-- exposure_zh: 门诊与药店结算
-- event_en: claims inside a stay of the patient at another institution
-- event_zh: 患者在其他机构住院期间的结算
-- formula_unit_en: An outpatient or pharmacy claim
-- formula_unit_zh: 一笔门诊或药店结算
-- formula_event_en: Its day lies strictly between admission and discharge of a stay of the patient at another
--   institution
-- formula_event_zh: 日期严格位于该患者在其他机构一次住院的入院与出院之间
-- formula_amount_en: Fund of the claim
-- formula_amount_zh: 该结算的基金支付
-- reading_en: The day is that of settled_at. The days of admission and discharge themselves do not count
-- reading_zh: 日期为 settled_at 的日期. 入院日与出院日本身不计
-- basis_kind: legal
-- basis_en: Order No. 735, article 38 (hanging beds) and article 41 (use of another's card)
-- basis_zh: 国务院令第735号第三十八条 (挂床) 与第四十一条 (冒名使用)
-- false_alarms_en: Relatives who use a shared account; services posted on another day; the days of admission and
--   discharge are left out
-- false_alarms_zh: 家庭共济账户; 费用日期录入偏差; 入院日与出院日不计
-- shares: stays

-- query: common
with lines as (:lines),
inpatient as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id,
           min(admission_date) as admission,
           min(discharge_date) as discharge,
           min(nullif(diagnosis_code, '')) as diagnosis_code,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) = 'inpatient' and min(admission_date) is not null and min(discharge_date) is not null
),
stays as (
    select institution_id,
           patient_id,
           admission,
           discharge,
           substr(min(nullif(diagnosis_code, '')), 1, 3) as dx3,
           sum(fund) as fund
    from inpatient
    where institution_id is not null and patient_id is not null
    group by institution_id, patient_id, admission, discharge
),
visits as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id,
           cast(min(settled_at) as date) as day,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency', 'pharmacy') and min(nullif(institution_id, '')) is not null
),
during as (
    select v.claim_id, min(s.admission) as admission, max(s.discharge) as discharge
    from visits as v
    join stays as s on s.patient_id = v.patient_id
    where s.institution_id <> v.institution_id and s.admission < v.day and v.day < s.discharge
    group by v.claim_id
),
judged as (
    select v.claim_id, v.institution_id, v.day, v.fund, d.admission, d.discharge
    from visits as v
    left join during as d on d.claim_id = v.claim_id
)

-- query: figures
select institution_id,
       count(case when admission is not null then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when admission is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.day,
       j.admission as stay_admission,
       j.discharge as stay_discharge,

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
join lines as l on l.claim_id = j.claim_id
where j.institution_id = :institution and j.admission is not null
order by l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       j.claim_id
from judged as j
where j.admission is not null

-- test: an outpatient claim inside a stay elsewhere
-- claims: institution_id patient_id visit_type admission_date discharge_date settled_at
--   H2 P1 inpatient 2025-03-01 2025-03-20 2025-03-20
--   H1 P1 outpatient _ _ 2025-03-10
--   H1 P1 pharmacy _ _ 2025-03-20
--   H2 P1 outpatient _ _ 2025-03-10
-- because: On 10 March P1 lay in H2. The pharmacy's claim is of the day of discharge, and the last claim of the hospital of the stay itself.
-- expect: H1 1 2 7.00
-- expect: H2 0 1 0.00
