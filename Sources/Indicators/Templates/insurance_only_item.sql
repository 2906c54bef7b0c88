-- id: insurance_only_item
-- version: 2
-- needs: only_insurance
-- title_en: Items of another insurance
-- title_zh: 超险种使用
-- theme_en: Charging
-- theme_zh: 收费行为
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims with an insurance type
-- exposure_zh: 有险种的结算
-- event_en: claims with an item that only another insurance pays, work injury or maternity for instance
-- event_zh: 含仅限其他险种 (如工伤、生育) 支付项目的结算
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration (2025 edition), items for work injury or maternity
--   insurance only; Order No. 735, article 38
-- basis_zh: 国家医保局“两库”(2025年版) 限工伤保险、限生育保险规则; 国务院令第735号第三十八条
-- false_alarms_en: Maternity insurance that is settled as part of the employees' insurance, as most regions do since 2019; a claim paid by several funds
-- false_alarms_zh: 生育保险与职工医保合并实施 (2019年起多数地区), 按职工医保结算; 多险种共同支付的结算
-- parameter: insurance_column | column | insutype | | | the column of claims with the insurance type | 存放险种的列 | statistical: the national interface's name

-- query: common
with lines as (:lines),
points as (
    select item_code,
           -- A value may list several; neither blanks nor the form of the comma matter.
           ',' || translate(value, '|;，、；/ 　', ',,,,,,') || ',' as list,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'only_insurance' and translate(value, ',|;，、；/ 　', '') <> '' and item_code <> ''
),
subjects as (
    -- A type of blanks says nothing.
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(translate(:insurance_column, ' 　', ''), '')) as insurance_code
    from lines
    where claim_id <> ''
    group by claim_id
    having min(nullif(institution_id, '')) is not null and min(nullif(translate(:insurance_column, ' 　', ''), '')) is not null
),
insured as (
    select claim_id,
           institution_id,
           insurance_code,
           case when insurance_code like '510%' or insurance_code like '生育%' or insurance_code = 'maternity' then 'maternity'
                when insurance_code like '工伤%' or insurance_code = 'work_injury' then 'work_injury' end as insurance
    from subjects
),
offending as (
    -- A line offends if no point allows its claim's insurance, by its word or by any code or name of it.
    select s.institution_id, s.insurance_code, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from lines as l
    join points as p
      on p.item_code = l.item_code
     and cast(l.service_time as date) >= p.first_day
     and cast(l.service_time as date) <= p.last_day
    join insured as s on s.claim_id = l.claim_id
    group by s.institution_id, s.insurance_code, l.claim_id, l.line_id, coalesce(l.fund_amount, 0)
    having count(case when strpos(p.list, ',' || s.insurance_code || ',') > 0
                        or (s.insurance = 'maternity'
                            and (strpos(p.list, ',maternity,') > 0 or strpos(p.list, ',510') > 0 or strpos(p.list, ',生育') > 0))
                        or (s.insurance = 'work_injury'
                            and (strpos(p.list, ',work_injury,') > 0 or strpos(p.list, ',工伤') > 0))
                      then 1 end) = 0
)

-- query: figures
select s.institution_id,
       count(case when o.line_count > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(o.fund), 0) as amount
from insured as s
left join (
    select claim_id, count(*) as line_count, sum(fund) as fund from offending group by claim_id
) as o on o.claim_id = s.claim_id
group by s.institution_id

-- query: evidence
select o.insurance_code,
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

-- test: items of work injury and maternity; codes and words of the same insurance; claims that say none are not judged
-- claims: claim_id item_code insutype
--   C1 001 310
--   C2 001 工伤保险
--   C3 002 510
--   C4 002 390
--   C5 003 390
--   C6 001 _
-- knowledge: item_code attribute value
--   001 only_insurance work_injury
--   002 only_insurance maternity
--   003 only_insurance 310
--   003 only_insurance 390
-- expect: H1 2 5 14.00
-- test: a column of another name
-- claims: item_code 险种
--   001 310
-- knowledge: attribute value
--   only_insurance maternity
-- set: insurance_column=险种
-- expect: H1 1 1 7.00
-- test: a column that nobody named goes by the name it has
-- claims: item_code 参保险种
--   001 310
-- knowledge: attribute value
--   only_insurance maternity
-- expect: H1 1 1 7.00
-- test: lists, with commas of either language, and codes of what the claim has a word for; a type of blanks says nothing
-- claims: claim_id item_code insutype
--   C1 001 310
--   C2 001 390
--   C3 001 392
--   C4 002 510
--   C5 002 生育保险
--   C6 002 390
--   C7 003 3
--   C8 003 　
-- knowledge: item_code attribute value
--   001 only_insurance 310，390
--   002 only_insurance 310、5101
--   003 only_insurance 310;，390
-- expect: H1 3 7 21.00
