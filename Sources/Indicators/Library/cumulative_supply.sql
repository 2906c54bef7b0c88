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
-- formula_unit_en: (institution, patient, item, calendar quarter of settled_at) of drug lines with days_supply,
--   whatever the visit type
-- formula_unit_zh: 有 days_supply 的药品明细的 (机构, 患者, 项目, settled_at 所在季度), 不论就诊类型
-- formula_event_en: The days of that patient, item and quarter sum to more than 180 over all institutions
-- formula_event_zh: 该患者该项目当季天数在全部机构合计超过 180
-- formula_amount_en: Fund of the unit's lines
-- formula_amount_zh: 该单位各明细的基金支付
-- reading_en: Keys are the lines' own values. A line without an institution forms no unit but its days count for the
--   patient
-- reading_zh: 键取明细自身的值. 没有机构的明细不构成单位, 但其天数计入患者
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
           sum(days_supply) as days
    from lines
    where item_category = 'drug' and days_supply is not null and patient_id <> '' and item_code <> ''
    group by institution_id, patient_id, item_code, date_trunc('quarter', settled_at)
),
hoarded as (
    select patient_id, item_code, quarter, sum(days) as total_days
    from supplied
    group by patient_id, item_code, quarter
    having sum(days) > :maximum_days
),
hoarding as (
    select h.total_days, h.quarter, l.*
    from hoarded as h
    join lines as l
      on l.patient_id = h.patient_id and l.item_code = h.item_code and date_trunc('quarter', l.settled_at) = h.quarter
    where l.institution_id <> '' and l.item_category = 'drug' and l.days_supply is not null
)

-- query: figures
, used as (
    select institution_id, count(*) as exposure
    from supplied
    where institution_id <> ''
    group by institution_id
),
again as (
    select institution_id, count(*) as events, sum(fund) as amount
    from (
        select institution_id, patient_id, item_code, quarter, sum(fund_amount) as fund
        from hoarding
        group by institution_id, patient_id, item_code, quarter
    ) as quarters
    group by institution_id
)
select u.institution_id,
       coalesce(a.events, 0) as events,
       u.exposure,
       coalesce(a.amount, 0) as amount
from used as u
left join again as a on a.institution_id = u.institution_id

-- query: evidence
select total_days,
       cast(quarter as date) as quarter,
       days_supply,
       claim_id,
       line_id,
       patient_id,
       settled_at,
       department,
       doctor_id,
       diagnosis_code,
       item_code,
       item_name,
       quantity,
       unit_price,
       amount,
       fund_amount
from hoarding
where institution_id = :institution
order by total_days desc, patient_id, item_code, claim_id, line_id

-- query: lines
select institution_id, claim_id, line_id, coalesce(fund_amount, 0) as amount
from hoarding

-- test: more than 180 days of an item in a quarter, over all institutions
-- claims: institution_id patient_id item_category days_supply settled_at
--   H1 P1 drug 100 2025-01-10
--   H1 P1 drug 60 2025-03-31
--   H2 P1 drug 30 2025-02-10
--   H1 P2 drug 180 2025-02-10
--   H2 P1 drug 180 2025-04-01
-- because: P1 had 100 + 60 + 30 = 190 days in the first quarter: an event at each institution, each with its own Fund.
-- because: 180 days are allowed, and April is another quarter.
-- expect: H1 1 2 14.00
-- expect: H2 1 2 7.00
