-- id: multi_institution_day
-- version: 1
-- title_en: Several institutions in a day
-- title_zh: 一日多院
-- theme_en: Visits
-- theme_zh: 就诊行为
-- kind: statistical
-- result: suspicious
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: outpatient and pharmacy claims
-- exposure_zh: 门诊与药店结算
-- event_en: claims of a patient who has such claims at three or more institutions that day
-- event_zh: 患者当日在三家及以上机构有此类结算
-- formula_unit_en: An outpatient or pharmacy claim
-- formula_unit_zh: 一笔门诊或药店结算
-- formula_event_en: Its patient has such claims at three or more institutions on that day (of settled_at)
-- formula_event_zh: 患者当日 (settled_at) 在三家及以上机构有此类结算
-- formula_amount_en: Fund of the claim
-- formula_amount_zh: 该结算的基金支付
-- reading_en: A claim without a patient is exposure and never an event
-- reading_zh: 没有患者的结算计入总数, 不会成为异常
-- basis_kind: statistical
-- basis_en: Order No. 735, article 41 (repeated visits, use of another's card); the limit is a statistical default
-- basis_zh: 国务院令第735号第四十一条 (重复就诊、冒名使用); 界值为统计默认值
-- false_alarms_en: Relatives who fetch medicines; referrals and tests at another institution the same day;
--   settlements posted late
-- false_alarms_zh: 家属代购; 当日转诊或外检; 补录结算
-- parameter: minimum_institutions | integer | 3 | 2 | 1000 | institutions in a day that make it an event | 当日机构数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
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
busy as (
    select patient_id, day, count(distinct institution_id) as institution_count
    from visits
    where patient_id is not null
    group by patient_id, day
    having count(distinct institution_id) >= :minimum_institutions
),
judged as (
    select v.claim_id, v.institution_id, v.patient_id, v.day, v.fund, b.institution_count
    from visits as v
    left join busy as b on b.patient_id = v.patient_id and b.day = v.day
)

-- query: figures
select institution_id,
       count(case when institution_count is not null then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when institution_count is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.day,
       j.institution_count,

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
where j.institution_id = :institution and j.institution_count is not null
order by l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       j.claim_id
from judged as j
where j.institution_count is not null

-- test: three institutions on one day
-- claims: institution_id patient_id visit_type settled_at
--   2x H1 P1 outpatient 2025-03-10
--   H2 P1 outpatient 2025-03-10
--   H3 P1 pharmacy 2025-03-10
--   H1 P2 outpatient 2025-03-10
--   H2 P2 outpatient 2025-03-10
--   H3 P2 outpatient 2025-03-11
-- because: P1 is at three institutions on 10 March, so each of the four claims is an event. P2 is at two on that day.
-- expect: H1 2 3 14.00
-- expect: H2 1 2 7.00
-- expect: H3 1 2 7.00
