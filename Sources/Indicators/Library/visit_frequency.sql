-- id: visit_frequency
-- version: 1
-- title_en: Frequent outpatient visits
-- title_zh: 频繁门诊
-- theme_en: Visits
-- theme_zh: 就诊行为
-- kind: statistical
-- result: suspicious
-- subject_en: patient-months
-- subject_zh: 患者月
-- exposure_en: patient-months with an outpatient claim
-- exposure_zh: 有门诊结算的患者月
-- event_en: patient-months with at least ten outpatient claims at the institution
-- event_zh: 当月在该机构门诊结算达到十次及以上的患者月
-- formula_unit_en: (institution, patient, calendar month) with an outpatient claim
-- formula_unit_zh: 有门诊结算的 (机构, 患者, 自然月)
-- formula_event_en: At least 10 distinct outpatient claims
-- formula_event_zh: 至少 10 笔不同的门诊结算
-- formula_amount_en: Fund of those claims
-- formula_amount_zh: 这些结算的基金支付
-- reading_en: A claim's institution, patient, visit type and settled_at are the smallest of its lines, so a claim
--   belongs to one unit only; its Fund is that of all its lines that meet the common rules. An empty patient or
--   institution id counts as missing: such a claim forms no unit
-- reading_zh: 结算的机构、患者、就诊类型与 settled_at 取其明细中的最小值, 因此一笔结算只属于一个单位; 其基金支付为符合共同规则的全部明细之和. 患者或机构编号为空视为缺失, 不构成单位
-- basis_kind: statistical
-- basis_en: National regulation of fund supervision (Order No. 735), article 41 (repeated visits by insured persons); the limit is a statistical default
-- basis_zh: 《医疗保障基金使用监督管理条例》(国务院令第735号) 第四十一条 (重复就诊); 界值为统计默认值
-- false_alarms_en: Dialysis, radiotherapy, rehabilitation, traditional treatments and dressing changes;
--   one visit settled in several parts; relatives who collect medicines for disabled patients
-- false_alarms_zh: 血液透析、放疗、康复、针灸推拿与换药; 一次就诊分多次结算; 家属代失能患者取药
-- parameter: minimum_claims | integer | 10 | 2 | 1000000 | distinct outpatient claims in a month that make it an event | 一个月内门诊结算次数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
visits as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id,
           date_trunc('month', min(settled_at)) as month,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
months as (
    select institution_id,
           patient_id,
           month,
           count(*) as claim_count,
           sum(fund) as fund
    from visits
    where institution_id is not null and patient_id is not null
    group by institution_id, patient_id, month
)

-- query: figures
select institution_id,
       count(case when claim_count >= :minimum_claims then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when claim_count >= :minimum_claims then fund end), 0) as amount
from months
group by institution_id

-- query: evidence
select m.patient_id,
       cast(m.month as date) as month,
       m.claim_count,
       l.claim_id,
       l.line_id,
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
from months as m
join visits as v
  on v.institution_id = m.institution_id and v.patient_id = m.patient_id and v.month = m.month
join lines as l on l.claim_id = v.claim_id
where m.institution_id = :institution and m.claim_count >= :minimum_claims
order by m.claim_count desc, m.patient_id, m.month, l.claim_id, l.line_id

-- query: claims
select m.institution_id,
       v.claim_id
from months as m
join visits as v
  on v.institution_id = m.institution_id and v.patient_id = m.patient_id and v.month = m.month
where m.claim_count >= :minimum_claims

-- test: ten claims in a month are an event, nine are not
-- claims: patient_id settled_at
--   9x P1 2025-03-0{n}
--   P1 2025-03-31
--   9x P2 2025-03-0{n}
--   P2 2025-04-01
-- because: P1 has ten claims in March. P2 has nine in March and one in April: two units, neither an event.
-- expect: H1 1 3 70.00
