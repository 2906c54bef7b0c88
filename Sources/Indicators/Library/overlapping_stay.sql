-- id: overlapping_stay
-- version: 1
-- title_en: Overlapping stays
-- title_zh: 重叠住院
-- theme_en: Time and place conflicts
-- theme_zh: 时空冲突
-- kind: rule
-- result: suspicious
-- subject_en: stays
-- subject_zh: 住院
-- exposure_en: stays
-- exposure_zh: 住院
-- event_en: stays that overlap one of the patient at another institution
-- event_zh: 与该患者在其他机构的住院时间重叠
-- formula_unit_en: A stay
-- formula_unit_zh: 一次住院
-- formula_event_en: It overlaps a stay of the patient at another institution: a.admission < b.discharge and
--   b.admission < a.discharge
-- formula_event_zh: 与该患者在其他机构的住院重叠: a.入院 < b.出院 且 b.入院 < a.出院
-- formula_amount_en: Fund of the stay
-- formula_amount_zh: 该次住院的基金支付
-- reading_en: Discharge and admission on one day do not overlap. Both stays are events, each at its institution
-- reading_zh: 同日出院与入院不算重叠. 两次住院都是异常, 各计在其机构
-- basis_kind: legal
-- basis_en: Order No. 735, articles 38 and 40 (hanging beds, false stays)
-- basis_zh: 国务院令第735号第三十八条、第四十条 (挂床、虚假住院)
-- false_alarms_en: Transfers and referral tests; a discharge settled late; wrong dates
-- false_alarms_zh: 转院与转诊检查; 出院结算延迟; 日期录入错误
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
overlapped as (
    select distinct a.institution_id, a.patient_id, a.admission, a.discharge
    from stays as a
    join stays as b on b.patient_id = a.patient_id
    where b.institution_id <> a.institution_id and a.admission < b.discharge and b.admission < a.discharge
),
judged as (
    select s.institution_id,
           s.patient_id,
           s.admission,
           s.discharge,
           s.dx3,
           s.fund,
           case when o.patient_id is not null then 1 else 0 end as is_overlapping
    from stays as s
    left join overlapped as o
      on o.institution_id = s.institution_id and o.patient_id = s.patient_id
     and o.admission = s.admission and o.discharge = s.discharge
)

-- query: figures
select institution_id,
       count(case when is_overlapping = 1 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when is_overlapping = 1 then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.admission,
       j.discharge,
       j.dx3,
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
where j.institution_id = :institution and j.is_overlapping = 1
order by l.patient_id, j.admission, j.discharge, l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       c.claim_id
from judged as j
join inpatient as c
  on c.institution_id = j.institution_id and c.patient_id = j.patient_id
 and c.admission = j.admission and c.discharge = j.discharge
where j.is_overlapping = 1

-- test: in two hospitals at once; a transfer on the day is not
-- claims: institution_id patient_id visit_type admission_date discharge_date
--   H1 P1 inpatient 2025-01-01 2025-01-10
--   H2 P1 inpatient 2025-01-05 2025-01-08
--   H1 P2 inpatient 2025-01-01 2025-01-10
--   H2 P2 inpatient 2025-01-10 2025-01-12
-- because: P1 lay in both hospitals from 5 to 8 January. P2 was admitted to H2 on the day of the discharge from H1.
-- expect: H1 1 2 7.00
-- expect: H2 1 2 7.00
