-- id: trace_code_reuse
-- version: 1
-- title_en: Trace codes used again
-- title_zh: 追溯码重复
-- theme_en: Trace codes
-- theme_zh: 追溯码
-- kind: rule
-- result: suspicious
-- subject_en: trace codes of claims
-- subject_zh: 结算追溯码
-- exposure_en: trace codes of claims
-- exposure_zh: 结算中的追溯码
-- event_en: trace codes that an earlier claim already used
-- event_zh: 此前结算已使用过的追溯码
-- formula_unit_en: (trace_code, claim)
-- formula_unit_zh: (追溯码, 结算)
-- formula_event_en: Not the first claim of that code by (settled_at, claim_id)
-- formula_event_zh: 按 (settled_at, claim_id) 不是该码的第一笔结算
-- formula_amount_en: Fund of the lines with that code
-- formula_amount_zh: 带该码明细的基金支付
-- reading_en: settled_at and institution are the claim's. The same code twice in one claim is one unit
-- reading_zh: settled_at 与机构取自结算. 同一结算中重复的码为一个单位
-- basis_kind: legal
-- basis_en: One code, one pack: settlement by drug trace codes (2025); Order No. 735, article 40
-- basis_zh: 药品追溯码“一物一码”结算要求 (2025); 国务院令第735号第四十条
-- false_alarms_en: Returns settled again, split packs, a repeated upload, a code typed by hand
-- false_alarms_zh: 退药后重新结算、拆零销售、重复上传、手工录入

-- query: common
with lines as (:lines),
claim_heads as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(settled_at) as settled_at
    from lines
    where claim_id <> ''
    group by claim_id
),
uses as (
    select trace_code, claim_id
    from lines
    where trace_code <> '' and claim_id <> ''
    group by trace_code, claim_id
),
reused as (
    select trace_code
    from uses
    group by trace_code
    having count(*) > 1
),
judged as (
    select u.trace_code,
           u.claim_id,
           h.institution_id,
           row_number() over (partition by u.trace_code order by h.settled_at, u.claim_id) as use_number
    from uses as u
    join claim_heads as h on h.claim_id = u.claim_id
    where u.trace_code in (select trace_code from reused)
),
repeated as (
    select trace_code, claim_id, institution_id
    from judged
    where use_number > 1 and institution_id is not null
)

-- query: figures
, used as (
    select h.institution_id, sum(u.use_count) as exposure
    from (select claim_id, count(*) as use_count from uses group by claim_id) as u
    join claim_heads as h on h.claim_id = u.claim_id
    where h.institution_id is not null
    group by h.institution_id
),
again as (
    select institution_id, count(*) as events
    from repeated
    group by institution_id
),
paid as (
    select r.institution_id, sum(l.fund_amount) as amount
    from repeated as r
    join lines as l on l.claim_id = r.claim_id and l.trace_code = r.trace_code
    group by r.institution_id
)
select u.institution_id,
       coalesce(a.events, 0) as events,
       cast(u.exposure as bigint) as exposure,
       coalesce(p.amount, 0) as amount
from used as u
left join again as a on a.institution_id = u.institution_id
left join paid as p on p.institution_id = u.institution_id

-- query: evidence
select j.trace_code,
       j.use_number,
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
join lines as l on l.claim_id = j.claim_id and l.trace_code = j.trace_code
where j.institution_id = :institution and j.use_number > 1
order by j.trace_code, l.claim_id, l.line_id

-- query: lines
select r.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) as amount
from repeated as r
join lines as l on l.claim_id = r.claim_id and l.trace_code = r.trace_code

-- test: every claim of a code after the first
-- claims: claim_id line_id institution_id trace_code settled_at
--   C1 1 H1 T1 2025-03-03
--   C1 2 H1 T1 2025-03-03
--   C2 1 H2 T1 2025-03-05
--   C3 1 H2 T1 2025-03-05
--   C4 1 H2 T2 2025-03-05
-- because: C1 was the first with T1, and its two lines are one unit. C2 and C3 used the code again.
-- expect: H1 0 1 0.00
-- expect: H2 2 3 14.00
