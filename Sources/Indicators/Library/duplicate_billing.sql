-- id: duplicate_billing
-- version: 1
-- title_en: Billed twice
-- title_zh: 重复收费
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: suspicious
-- subject_en: lines
-- subject_zh: 明细
-- exposure_en: billed lines
-- exposure_zh: 收费明细
-- event_en: lines beyond the first of the same claim, item, service date, quantity and price
-- event_zh: 同一结算、项目、日期、数量、单价的第二条及以后明细
-- formula_unit_en: A line
-- formula_unit_zh: 一条明细
-- formula_event_en: Each line beyond the first of the same (claim, item, service date, quantity, unit_price)
-- formula_event_zh: 同一 (结算, 项目, 服务日期, 数量, unit_price) 的第二条及以后明细
-- formula_amount_en: Fund · (n − 1) / n of the set
-- formula_amount_zh: 该组的 基金支付 · (n − 1) / n
-- reading_en: Which of the lines is the surplus cannot be told, so the money is a share of the set. Lines of one
--   claim at different institutions are different sets
-- reading_zh: 无法分辨哪一条多余, 因此金额按组分摊. 同一结算在不同机构的明细属于不同的组
-- basis_kind: legal
-- basis_en: Order No. 735, article 38 (duplicate charging); duplicate-charge rules of the national library
-- basis_zh: 国务院令第735号第三十八条 (重复收费); 国家规则库重复收费规则
-- false_alarms_en: Both sides of the body, two sessions a day, a line sent again after a failed upload and not yet
--   reversed
-- false_alarms_zh: 双侧部位、一日两次治疗、上传失败后重传且尚未冲销

-- query: common
with lines as (:lines),
repeated as (
    select institution_id,
           claim_id,
           item_code,
           cast(service_time as date) as day,
           quantity,
           unit_price,
           count(*) as line_count,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where institution_id <> '' and claim_id <> '' and item_code <> ''
    group by institution_id, claim_id, item_code, cast(service_time as date), quantity, unit_price
    having count(*) > 1
)

-- query: figures
, billed as (
    select institution_id, count(*) as exposure
    from lines
    where institution_id <> '' and claim_id <> ''
    group by institution_id
),
again as (
    select institution_id,
           cast(sum(line_count - 1) as bigint) as events,
           sum(fund * (line_count - 1) / line_count) as amount
    from repeated
    group by institution_id
)
select b.institution_id,
       coalesce(a.events, 0) as events,
       b.exposure,
       round(coalesce(a.amount, 0), 10) as amount
from billed as b
left join again as a on a.institution_id = b.institution_id

-- query: evidence
select r.line_count as set_lines,
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
from repeated as r
join lines as l
  on l.institution_id = r.institution_id and l.claim_id = r.claim_id and l.item_code = r.item_code
 and cast(l.service_time as date) = r.day and l.quantity = r.quantity and l.unit_price = r.unit_price
where r.institution_id = :institution
order by l.claim_id, l.item_code, l.line_id

-- query: lines
select r.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) * (r.line_count - 1) / r.line_count as amount
from repeated as r
join lines as l
  on l.institution_id = r.institution_id and l.claim_id = r.claim_id and l.item_code = r.item_code
 and cast(l.service_time as date) = r.day and l.quantity = r.quantity and l.unit_price = r.unit_price

-- test: three times the same line are two events
-- claims: claim_id line_id quantity fund_amount
--   C1 1 1 12.00
--   C1 2 1 9.00
--   C1 3 1 6.00
--   C1 4 2 12.00
--   C2 1 1 12.00
-- because: Three equal lines with Fund 27.00 together: two are beyond the first, 27 · 2/3 = 18.00. Another quantity or claim is another set.
-- expect: H1 2 5 18.00
