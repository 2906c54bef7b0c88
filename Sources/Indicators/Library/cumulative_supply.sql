-- id: cumulative_supply
-- version: 1
-- title_en: Hoarded supply
-- title_zh: 囤药
-- theme_en: Prescribing
-- theme_zh: 处方行为
-- kind: statistical
-- result: suspicious
-- subject_en: patient-item quarters
-- subject_zh: 患者药品季度
-- exposure_en: patients' items in a calendar quarter, with days of supply
-- exposure_zh: 有用药天数的患者、药品、季度组合
-- event_en: patient-item quarters supplied for more than 180 days over all institutions
-- event_zh: 该患者该药品当季在全部机构累计超过180天
-- basis_kind: statistical
-- basis_en: Order No. 735, article 41 (hoarding and resale by insured persons); the limit is twice a quarter's days
-- basis_zh: 国务院令第735号第四十一条 (超量购药、转卖); 界值为一个季度天数的两倍
-- false_alarms_en: Refills before holidays, lost medicines, changes of dose, stays that overlap with medicines at
--   home
-- false_alarms_zh: 节前续方、药品遗失、剂量调整、住院与居家用药重叠
-- parameter: maximum_days | decimal | 180 | 0 | 100000 | days of one item in a quarter above which it is an event | 单品种当季累计天数界值 | statistical: twice the days of a quarter

-- query: common
with lines as (:lines),
supplied as (
    select institution_id,
           patient_id,
           item_code,
           date_trunc('quarter', settled_at) as quarter,
           sum(days_supply) as days,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where item_category = 'drug' and days_supply is not null and patient_id <> '' and item_code <> ''
    group by institution_id, patient_id, item_code, date_trunc('quarter', settled_at)
),
hoarded as (
    select patient_id, item_code, quarter, sum(days) as days
    from supplied
    group by patient_id, item_code, quarter
    having sum(days) > :maximum_days
),
judged as (
    select s.institution_id, s.patient_id, s.item_code, s.quarter, s.fund, h.days as total_days
    from supplied as s
    left join hoarded as h on h.patient_id = s.patient_id and h.item_code = s.item_code and h.quarter = s.quarter
    where s.institution_id <> ''
)

-- query: figures
select institution_id,
       count(total_days) as events,
       count(*) as exposure,
       coalesce(sum(case when total_days is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.total_days,
       cast(j.quarter as date) as quarter,
       l.days_supply,
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
 and date_trunc('quarter', l.settled_at) = j.quarter
where j.institution_id = :institution and j.total_days is not null
  and l.item_category = 'drug' and l.days_supply is not null
order by j.total_days desc, l.patient_id, l.item_code, l.claim_id, l.line_id

-- query: lines
select j.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) as amount
from judged as j
join lines as l
  on l.institution_id = j.institution_id and l.patient_id = j.patient_id and l.item_code = j.item_code
 and date_trunc('quarter', l.settled_at) = j.quarter
where j.total_days is not null and l.item_category = 'drug' and l.days_supply is not null

-- test: more than 180 days of an item in a quarter, over all institutions
-- claims: institution_id patient_id item_category days_supply settled_at
--   H1 P1 drug 100 2025-01-10
--   H1 P1 drug 60 2025-03-31
--   H2 P1 drug 30 2025-02-10
--   H1 P2 drug 180 2025-02-10
--   H2 P1 drug 180 2025-04-01
-- expect: H1 1 2 14.00
-- expect: H2 1 2 7.00
