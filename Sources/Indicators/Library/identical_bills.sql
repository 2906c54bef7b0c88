-- id: identical_bills
-- version: 1
-- title_en: Identical bills
-- title_zh: 雷同账单
-- theme_en: Cost structure
-- theme_zh: 费用结构
-- kind: statistical
-- result: suspicious
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: outpatient claims with at least five distinct items
-- exposure_zh: 含五个及以上不同项目的门诊结算
-- event_en: claims whose list of items and quantities at least five patients of the institution share
-- event_zh: 项目与数量清单与该机构五名及以上患者完全相同的结算
-- formula_unit_en: An outpatient claim with at least five distinct items
-- formula_unit_zh: 至少有五个不同项目的门诊结算
-- formula_event_en: Its list of item and Σ quantity is shared by at least five patients of the institution
-- formula_event_zh: 其项目与 Σ quantity 的清单为该机构至少五名患者所共有
-- formula_amount_en: Fund of the claim
-- formula_amount_zh: 该结算的基金支付
-- reading_en: Items are ordered by code; quantities are the sums over the claim's lines. A patient with several such
--   claims counts once
-- reading_zh: 项目按编码排序; 数量为结算各明细之和. 一名患者有多笔此类结算只计一次
-- basis_kind: statistical
-- basis_en: Order No. 735, article 40 (false services); limits are statistical defaults
-- basis_zh: 国务院令第735号第四十条 (虚构服务); 界值为统计默认值
-- false_alarms_en: Health-check packages, standard sets before operations, screening campaigns
-- false_alarms_zh: 体检套餐、术前常规组合、筛查活动
-- parameter: minimum_items | integer | 5 | 1 | 10000 | distinct items a bill needs | 最少不同项目数 | statistical: default of the library
-- parameter: minimum_patients | integer | 5 | 2 | 100000 | patients that share the list | 清单相同的患者数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
visits as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(patient_id, '')) as patient_id,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(visit_type) in ('outpatient', 'chronic', 'emergency') and min(nullif(institution_id, '')) is not null
),
long_bills as (
    select claim_id,
           count(distinct item_code) as item_count,
           min(item_code) as first_item,
           max(item_code) as last_item,
           sum(quantity) as quantity
    from lines
    where claim_id <> '' and item_code <> ''
    group by claim_id
    having count(distinct item_code) >= :minimum_items
),
billed as (
    select v.claim_id, v.institution_id, v.patient_id, v.fund, b.item_count, b.first_item, b.last_item, b.quantity
    from visits as v
    join long_bills as b on b.claim_id = v.claim_id
),
-- Bills that are the same have all of this in common: only where enough patients do, the lists themselves are compared.
alike as (
    select institution_id, item_count, first_item, last_item, quantity
    from billed
    group by institution_id, item_count, first_item, last_item, quantity
    having count(distinct patient_id) >= :minimum_patients
),
compared as (
    select b.claim_id, b.institution_id, b.patient_id
    from billed as b
    join alike as a
      on a.institution_id = b.institution_id and a.item_count = b.item_count and a.first_item = b.first_item
     and a.last_item = b.last_item and a.quantity = b.quantity
),
items as (
    select claim_id, item_code, sum(quantity) as quantity
    from lines
    where claim_id in (select claim_id from compared) and item_code <> ''
    group by claim_id, item_code
),
bills as (
    select claim_id, string_agg(item_code || ':' || cast(quantity as text), ',' order by item_code) as bill
    from items
    group by claim_id
),
listed as (
    select c.claim_id, c.institution_id, c.patient_id, b.bill
    from compared as c
    join bills as b on b.claim_id = c.claim_id
),
shared as (
    select institution_id, bill, count(distinct patient_id) as patient_count
    from listed
    group by institution_id, bill
    having count(distinct patient_id) >= :minimum_patients
),
identical as (
    select l.claim_id, s.patient_count
    from listed as l
    join shared as s on s.institution_id = l.institution_id and s.bill = l.bill
),
judged as (
    select b.claim_id, b.institution_id, b.fund, i.patient_count
    from billed as b
    left join identical as i on i.claim_id = b.claim_id
)

-- query: figures
select institution_id,
       count(case when patient_count is not null then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when patient_count is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.patient_count,
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
where j.institution_id = :institution and j.patient_count is not null
order by l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       j.claim_id
from judged as j
where j.patient_count is not null

-- test: five patients with the same five items
-- claims: claim_id line_id patient_id item_code quantity
--   5x A{n} 1 P{n} 001 1
--   5x A{n} 2 P{n} 002 1
--   5x A{n} 3 P{n} 003 1
--   5x A{n} 4 P{n} 004 1
--   5x A{n} 5 P{n} 005 1
--   5x A6 {n} P1 00{n} 1
--   5x A7 {n} P2 00{n} 1
--   5x B {n} P6 00{n} 2
-- because: The seven claims A1 to A7 are of five patients and have one list of items. B has the same items twice each.
-- expect: H1 7 8 245.00
