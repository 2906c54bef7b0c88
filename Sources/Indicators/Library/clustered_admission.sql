-- id: clustered_admission
-- version: 1
-- title_en: Clustered admissions
-- title_zh: 聚集住院
-- theme_en: Admissions
-- theme_zh: 住院行为
-- kind: statistical
-- result: suspicious
-- subject_en: stays
-- subject_zh: 住院
-- exposure_en: stays
-- exposure_zh: 住院
-- event_en: stays of at least five patients admitted and discharged on the same days with the same diagnosis group
-- event_zh: 同日入院、同日出院且诊断相同的患者达到五人
-- formula_unit_en: A stay
-- formula_unit_zh: 一次住院
-- formula_event_en: At least five patients share institution, admission, discharge and non-NULL dx3
-- formula_event_zh: 至少五名患者的机构、入院、出院与非空 dx3 相同
-- formula_amount_en: Fund of the stay
-- formula_amount_zh: 该次住院的基金支付
-- reading_en: A stay is one patient's, so the stays of a cluster are its patients
-- reading_zh: 一次住院属于一名患者, 因此一组的住院数即患者数
-- basis_kind: statistical
-- basis_en: Order No. 735, article 40 (induced stays); five patients as a statistical default
-- basis_zh: 国务院令第735号第四十条 (诱导住院); 五人为统计默认值
-- false_alarms_en: Screening campaigns, dialysis wards, mass events, day-surgery lists
-- false_alarms_zh: 筛查活动、透析病区、群体事件、日间手术
-- shares: stays
-- parameter: minimum_patients | integer | 5 | 2 | 100000 | patients that make a cluster | 聚集人数界值 | statistical: default of the library

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
clusters as (
    select institution_id, admission, discharge, dx3, count(*) as patient_count
    from stays
    where dx3 is not null
    group by institution_id, admission, discharge, dx3
    having count(*) >= :minimum_patients
),
judged as (
    select s.institution_id, s.patient_id, s.admission, s.discharge, s.dx3, s.fund, k.patient_count
    from stays as s
    left join clusters as k
      on k.institution_id = s.institution_id and k.admission = s.admission and k.discharge = s.discharge
     and k.dx3 = s.dx3
)

-- query: figures
select institution_id,
       count(case when patient_count is not null then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when patient_count is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.admission,
       j.discharge,
       j.dx3,
       j.patient_count,
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
join inpatient as c
  on c.institution_id = j.institution_id and c.patient_id = j.patient_id
 and c.admission = j.admission and c.discharge = j.discharge
join lines as l on l.claim_id = c.claim_id
where j.institution_id = :institution and j.patient_count is not null
order by l.patient_id, j.admission, j.discharge, l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       c.claim_id
from judged as j
join inpatient as c
  on c.institution_id = j.institution_id and c.patient_id = j.patient_id
 and c.admission = j.admission and c.discharge = j.discharge
where j.patient_count is not null

-- test: five patients in and out together with one disease
-- claims: patient_id visit_type diagnosis_code admission_date discharge_date
--   5x P{n} inpatient J18.900 2025-01-01 2025-01-05
--   P6 inpatient J18.900 2025-01-01 2025-01-06
-- because: Five patients share both days and J18. P6 left a day later.
-- expect: H1 5 6 35.00
