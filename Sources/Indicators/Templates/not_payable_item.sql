-- id: not_payable_item
-- version: 1
-- needs: not_payable
-- title_en: Items that the fund never pays
-- title_zh: 不予支付项目
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims
-- exposure_zh: 结算
-- event_en: claims with fund money on an item that is never payable
-- event_zh: 含不予支付项目且有基金支付的结算
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), slices that are not
--   payable alone or in compounds; Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 中药饮片单复方均不予支付规则; 国务院令第735号第三十八条
-- false_alarms_en: An item mapped to the wrong national code; a region that pays the item by its own list
-- false_alarms_zh: 项目对码错误; 本地目录另行支付

-- query: common
with lines as (:lines),
points as (
    select item_code,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'not_payable' and item_code <> ''
),
subjects as (
    select claim_id, min(nullif(institution_id, '')) as institution_id
    from lines
    where claim_id <> ''
    group by claim_id
    having min(nullif(institution_id, '')) is not null
),
offending as (
    select distinct s.institution_id, l.claim_id, l.line_id, l.fund_amount as fund
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join subjects as s on s.claim_id = l.claim_id
    where l.fund_amount > 0
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
select l.service_time,
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
