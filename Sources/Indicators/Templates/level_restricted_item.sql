-- id: level_restricted_item
-- version: 1
-- needs: min_level
-- title_en: Items above the institution's level
-- title_zh: 超机构等级使用
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims of institutions whose level is listed
-- exposure_zh: 等级在册机构的结算
-- event_en: claims with an item that needs a higher level
-- event_zh: 含须更高等级机构方可使用项目的结算
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), institution-level restrictions (drugs and services);
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限医疗机构级别规则 (药品、医疗服务项目); 国务院令第735号第三十八条
-- false_alarms_en: A level that changed during the year; a medical alliance that bills through a member; an item mapped to the wrong national code
-- false_alarms_zh: 年内等级变更; 医联体由成员机构结算; 项目对码错误

-- query: common
with lines as (:lines),
points as (
    select item_code,
           case value when 'tertiary' then 3 when 'secondary' then 2 else 1 end as needed,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'min_level' and value in ('tertiary', 'secondary', 'primary') and item_code <> ''
),
graded as (
    select institution_id,
           case level when 'tertiary' then 3 when 'secondary' then 2 when 'primary' then 1 else 0 end as level_rank
    from institutions
    where coalesce(level, 'none') <> 'pharmacy' and coalesce(kind, 'none') <> 'pharmacy'
),
subjects as (
    select c.claim_id, c.institution_id, g.level_rank
    from (
        select claim_id, min(nullif(institution_id, '')) as institution_id from lines where claim_id <> '' group by claim_id
    ) as c
    join graded as g on g.institution_id = c.institution_id
),
offending as (
    select s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join subjects as s on s.claim_id = l.claim_id
    group by s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0), s.level_rank
    having min(p.needed) > s.level_rank
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
