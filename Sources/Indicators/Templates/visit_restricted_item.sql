-- id: visit_restricted_item
-- version: 2
-- needs: only_visit_type
-- title_en: Items outside their visit types
-- title_zh: 超就医方式使用
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims with a visit type
-- exposure_zh: 有医疗类别的结算
-- event_en: claims with an item that is payable in other visit types only
-- event_zh: 含仅限其他就医方式支付项目的结算
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), visit-type restrictions (drugs and services);
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限就医方式规则 (药品、医疗服务项目); 国务院令第735号第三十八条
-- false_alarms_en: Emergency observation coded as outpatient; day surgery; a local visit type that the prefix map does not know
-- false_alarms_zh: 急诊留观按门诊结算; 日间手术; 本地医疗类别未映射

-- query: common
with lines as (:lines),
points as (
    select item_code,
           -- A value may list several; neither blanks nor the form of the comma matter.
           ',' || translate(value, '|;，、；/ 　', ',,,,,,') || ',' as list,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'only_visit_type' and translate(value, ',|;，、；/ 　', '') <> '' and item_code <> ''
),
subjects as (
    select claim_id, min(nullif(institution_id, '')) as institution_id, min(nullif(visit_type, '')) as visit_type
    from lines
    where claim_id <> ''
    group by claim_id
    having min(nullif(institution_id, '')) is not null and min(nullif(visit_type, '')) is not null
),
offending as (
    select s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join subjects as s on s.claim_id = l.claim_id
    group by s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0)
    having count(case when strpos(p.list, ',' || translate(s.visit_type, ' 　', '') || ',') > 0 then 1 end) = 0
)

-- query: figures
select s.institution_id,
       count(case when o.line_count > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(o.fund), 0) as amount
from subjects as s
left join (
    select claim_id, count(*) as line_count, sum(fund) as fund from offending group by claim_id
) as o on o.claim_id = s.claim_id
group by s.institution_id

-- query: evidence
select l.visit_type,
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
from offending as o
join lines as l on l.claim_id = o.claim_id and l.line_id = o.line_id
where o.institution_id = :institution
order by l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       fund as amount
from offending

-- test: one type, several of a list, several rows; a type that is part of another's name is another
-- claims: claim_id item_code visit_type
--   C1 001 11
--   C2 001 21
--   C3 002 21
--   C4 002 13
--   C5 002 11
--   C6 003 41
--   C7 003 52
--   C8 004 11
-- knowledge: item_code attribute value
--   001 only_visit_type inpatient
--   002 only_visit_type inpatient，emergency
--   003 only_visit_type 521、pharmacy
--   004 only_visit_type ，
-- expect: H1 3 8 21.00
