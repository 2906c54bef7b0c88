-- id: female_andrology
-- version: 1
-- title_en: Andrology billed for women
-- title_zh: 女性男科
-- theme_en: Person mismatch
-- theme_zh: 人证不符
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims of female patients
-- exposure_zh: 女性患者的结算
-- event_en: claims of women with an andrological diagnosis or male-only item
-- event_zh: 含男性疾病诊断或限男性项目的女性结算
-- formula_unit_en: A claim of a female patient
-- formula_unit_zh: 女性患者的一笔结算
-- formula_event_en: A diagnosis in C60–C63, D29, N40–N51, or a line whose item is restricted to men
-- formula_event_zh: 诊断属于 C60–C63、D29、N40–N51, 或某明细的项目限为男性
-- formula_amount_en: Fund of the claim
-- formula_amount_zh: 该结算的基金支付
-- reading_en: As `male_gynecology`; there is no department rule
-- reading_zh: 同 `male_gynecology`; 没有科室规则
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration, sex-restricted items
--   (2025 edition); Order No. 735, article 38
-- basis_zh: 国家医保局“两库”限定性别规则 (2025年版); 国务院令第735号第三十八条
-- false_alarms_en: A wrong sex in the register; an item picked by mistake; "prostate" in the name of a laboratory
--   panel
-- false_alarms_zh: 参保登记性别有误; 误选项目; 检验组合名称含“前列腺”

-- query: common
with lines as (:lines),
women as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(department, '')) as department,
           min(nullif(diagnosis_code, '')) as diagnosis_code,
           substr(min(nullif(diagnosis_code, '')), 1, 3) as category,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(sex) = 'female' and min(nullif(institution_id, '')) is not null
),
male_items as (
    select item_code,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'sex' and value = 'male' and item_code <> ''
),
male_item_lines as (
    select distinct l.claim_id, l.line_id
    from lines as l
    join male_items as f
      on f.item_code = l.item_code
     and cast(l.service_time as date) >= f.first_day
     and cast(l.service_time as date) <= f.last_day
),
male_item_claims as (
    select distinct claim_id from male_item_lines
),
judged as (
    select w.claim_id,
           w.institution_id,
           w.department,
           w.diagnosis_code,
           w.fund,
           case when w.category between 'C60' and 'C63' or w.category = 'D29' or w.category between 'N40' and 'N51'
                then 1 else 0 end as by_diagnosis,
           case when f.claim_id is not null then 1 else 0 end as by_item
    from women as w
    left join male_item_claims as f on f.claim_id = w.claim_id
)

-- query: figures
select institution_id,
       count(case when by_diagnosis + by_item > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when by_diagnosis + by_item > 0 then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select l.claim_id,
       l.line_id,
       l.patient_id,
       l.sex,
       l.settled_at,
       l.service_time,
       j.department,
       j.diagnosis_code,
       j.by_diagnosis = 1 as diagnosis_matches,
       f.line_id is not null as item_is_male_only,
       l.item_code,
       l.item_name,
       l.quantity,
       l.unit_price,
       l.amount,
       l.fund_amount
from judged as j
join lines as l on l.claim_id = j.claim_id
left join male_item_lines as f on f.claim_id = l.claim_id and f.line_id = l.line_id
where j.institution_id = :institution and j.by_diagnosis + j.by_item > 0
order by l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       j.claim_id
from judged as j
where j.by_diagnosis + j.by_item > 0

-- test: a woman with a diagnosis or an item of men
-- knowledge: item_code attribute value
--   002 sex male
-- claims: claim_id sex diagnosis_code item_code
--   C1 female N40.x00 001
--   C2 female J06.900 002
--   C3 female J06.900 001
--   C4 male C61.x00 002
-- because: C1 by its diagnosis, C2 by its item. C4 is a man's.
-- expect: H1 2 3 14.00
