-- id: split_hospitalisation
-- version: 1
-- title_en: Split hospital stays
-- title_zh: 分解住院
-- theme_en: Admissions
-- theme_zh: 住院行为
-- kind: rule
-- result: suspicious
-- subject_en: stays
-- subject_zh: 住院
-- exposure_en: stays
-- exposure_zh: 住院
-- event_en: stays that follow one of the same patient, institution and diagnosis group within fifteen days
-- event_zh: 同患者同机构同诊断在15日内再次住院
-- formula_unit_en: A stay
-- formula_unit_zh: 一次住院
-- formula_event_en: The stay just before it (by admission, then discharge) of the same patient at the same
--   institution has the same non-NULL dx3 and ended 0–15 days before the admission
-- formula_event_zh: 同一患者在同一机构的前一次住院 (按入院、再按出院排序) 有相同的非空 dx3, 且在本次入院前 0–15 日出院
-- formula_amount_en: Fund of the stay
-- formula_amount_zh: 该次住院的基金支付
-- reading_en: A stay is a distinct (institution, patient, admission, discharge) of inpatient claims with both dates;
--   its dx3 is taken from the smallest diagnosis of its claims. The stay before counts whatever its dx3; only then
--   are the diagnoses compared
-- reading_zh: 住院为两个日期齐全的住院结算中不同的 (机构, 患者, 入院, 出院); 其 dx3 取自各结算的最小诊断. 前一次住院不论 dx3 为何, 找到之后才比较诊断
-- basis_kind: legal
-- basis_en: Order No. 735, article 38; implementing rules (Order No. 7), split stays: discharged before criteria and
--   shortly readmitted for the same disease
-- basis_zh: 国务院令第735号第三十八条; 实施细则 (第7号令) 分解住院
-- false_alarms_en: Chemotherapy, dialysis, radiotherapy, planned two-stage operations, complications, settlement at
--   the turn of the year
-- false_alarms_zh: 化疗、透析、放疗、计划分期手术、并发症、跨年结算
-- shares: stays
-- parameter: maximum_gap_days | integer | 15 | 0 | 365 | days between discharge and admission up to which it is an event | 出院至再入院天数界值 | statistical: usual window of inspections, 15 days

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
ordered as (
    select institution_id,
           patient_id,
           admission,
           discharge,
           dx3,
           fund,
           lag(discharge) over (partition by institution_id, patient_id order by admission, discharge) as last_discharge,
           lag(dx3) over (partition by institution_id, patient_id order by admission, discharge) as last_dx3
    from stays
),
judged as (
    select institution_id,
           patient_id,
           admission,
           discharge,
           dx3,
           fund,
           last_discharge,
           case when dx3 = last_dx3 and admission - last_discharge between 0 and :maximum_gap_days
                then 1 else 0 end as is_split
    from ordered
)

-- query: figures
select institution_id,
       count(case when is_split = 1 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when is_split = 1 then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.admission,
       j.discharge,
       j.dx3,
       j.last_discharge,
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
where j.institution_id = :institution and j.is_split = 1
order by l.patient_id, j.admission, j.discharge, l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       c.claim_id
from judged as j
join inpatient as c
  on c.institution_id = j.institution_id and c.patient_id = j.patient_id
 and c.admission = j.admission and c.discharge = j.discharge
where j.is_split = 1

-- test: back within 15 days for the same disease
-- claims: patient_id visit_type diagnosis_code admission_date discharge_date
--   P1 inpatient I63.900 2025-01-01 2025-01-05
--   P1 inpatient I63.500 2025-01-20 2025-01-25
--   P2 inpatient I63.900 2025-01-01 2025-01-05
--   P2 inpatient I63.900 2025-01-21 2025-01-25
--   P3 inpatient I10.x00 2025-03-01 2025-03-05
--   P3 inpatient J18.900 2025-03-08 2025-03-09
--   P3 inpatient I10.x00 2025-03-12 2025-03-15
-- because: P1 came back on the fifteenth day, P2 on the sixteenth. Between P3's two stays with I10 lies one with J18, so neither follows its like.
-- expect: H1 1 7 7.00
