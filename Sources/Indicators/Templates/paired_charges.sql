-- id: paired_charges
-- version: 1
-- needs: not_with
-- title_en: Charged together with what contains it
-- title_zh: 项目重复收费
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: lines
-- subject_zh: 明细
-- exposure_en: lines of items that another one contains
-- exposure_zh: 被其他项目包含的项目明细
-- event_en: lines within whose window the containing item was charged, too
-- event_zh: 时间窗内另有包含该项目的收费的明细
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), duplicate charges of services;
--   Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 医疗服务项目重复收费规则; 国务院令第735号第三十八条
-- false_alarms_en: Another body site or side; two sessions on a day; the contained item done before an admission
-- false_alarms_zh: 不同部位或侧别; 同日两次治疗; 入院前已做的项目

-- query: common
with lines as (:lines),
pairs as (
    select item_code as containing,
           paired_item_code as contained,
           case when value = 'day' then 0
                when value = 'visit' then -1
                when translate(value, '0123456789', '') = 'h' and length(value) between 2 and 4
                then cast(substr(value, 1, length(value) - 1) as bigint) end as hours,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'not_with' and item_code <> '' and paired_item_code <> ''
      and (value in ('day', 'visit') or value like '%h')
),
charged as (
    select institution_id,
           patient_id,
           item_code,
           claim_id,
           line_id,
           service_time,
           cast(service_time as date) as day,
           case when visit_type = 'inpatient' then admission_date end as admission,
           case when visit_type = 'inpatient' then discharge_date end as discharge,
           coalesce(fund_amount, 0) as fund
    from lines
    where institution_id <> '' and patient_id <> ''
      and item_code in (select containing from pairs union select contained from pairs)
),
exposed as (
    select distinct b.institution_id, b.claim_id, b.line_id
    from charged as b
    join pairs as p on p.contained = b.item_code and b.day >= p.first_day and b.day <= p.last_day
),
offending as (
    select distinct b.institution_id, b.claim_id, b.line_id, b.fund
    from charged as b
    join pairs as p on p.contained = b.item_code and b.day >= p.first_day and b.day <= p.last_day
    join charged as a
      on a.item_code = p.containing and a.institution_id = b.institution_id and a.patient_id = b.patient_id
    where (p.hours = 0 and a.day = b.day)
       or (p.hours = -1 and (a.claim_id = b.claim_id or (a.admission = b.admission and a.discharge = b.discharge)))
       or (p.hours > 0 and a.service_time < b.service_time + p.hours * interval '1 hour'
           and b.service_time < a.service_time + p.hours * interval '1 hour')
)

-- query: figures
select e.institution_id,
       count(o.line_id) as events,
       count(*) as exposure,
       coalesce(sum(o.fund), 0) as amount
from exposed as e
left join offending as o on o.claim_id = e.claim_id and o.line_id = e.line_id
group by e.institution_id

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
from lines as l
where l.institution_id = :institution
  and exists (
      select 1
      from offending as o
      join charged as b on b.claim_id = o.claim_id and b.line_id = o.line_id
      join pairs as p on p.contained = b.item_code and b.day >= p.first_day and b.day <= p.last_day
      where o.institution_id = :institution and l.patient_id = b.patient_id
        and (l.item_code = p.containing or (l.claim_id = o.claim_id and l.line_id = o.line_id)))
order by l.patient_id, l.service_time, l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       fund as amount
from offending
