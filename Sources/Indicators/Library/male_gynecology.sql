-- id: male_gynecology
-- version: 1
-- title_en: Gynaecology billed for men
-- title_zh: 男性妇科
-- theme_en: Person mismatch
-- theme_zh: 人证不符
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims of male patients
-- exposure_zh: 男性患者的结算
-- event_en: claims of men with a gynaecological department, diagnosis or female-only item
-- event_zh: 含妇科科室、妇产科诊断或限女性项目的男性结算
-- formula_unit_en: A claim of a male patient
-- formula_unit_zh: 男性患者的一笔结算
-- formula_event_en: Department A05…, or a diagnosis in C51–C58, D06, D25–D28, N70–N98, O00–O99, Z32–Z37 (first three
--   characters), or a line whose item a valid knowledge point restricts to women
-- formula_event_zh: 科室 A05…, 或诊断 (前三位) 属于 C51–C58、D06、D25–D28、N70–N98、O00–O99、Z32–Z37, 或某明细的项目由有效知识点限为女性
-- formula_amount_en: Fund of the claim
-- formula_amount_zh: 该结算的基金支付
-- reading_en: Sex, department and diagnosis are the smallest of the claim's lines; a claim with lines of both sexes
--   is `female`, because that sorts first. A point holds on service dates from valid_from to valid_to, both included;
--   an open end is open. An item restricted to both sexes is restricted for both. Without knowledge points department
--   and diagnosis still count
-- reading_zh: 性别、科室与诊断取结算明细中的最小值; 明细含两种性别的结算为 `female`, 因其排序在前. 知识点在 valid_from 至 valid_to (含两端) 的服务日期有效, 未填一端不限. 同时限两种性别的项目对两者都限. 没有知识点时科室与诊断照样适用
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration, sex-restricted items (2025 edition); Order No. 735, article 38
-- basis_zh: 国家医保局“两库”限定性别规则 (2025年版); 国务院令第735号第三十八条
-- false_alarms_en: A wrong sex in the register; a newborn billed on the mother's account; an item picked by mistake from
--   a list of like spellings; sex hormones in oncology; transgender patients
-- false_alarms_zh: 参保登记性别有误; 新生儿费用记在母亲名下; 拼音首字母误选项目; 肿瘤科使用性激素; 跨性别患者
-- parameter: department_pattern | text | A05% | | | departments of gynaecology and obstetrics, as a LIKE pattern | 妇产科科室编码 (LIKE 模式) | legal: department codes of the national interface

-- query: common
with lines as (:lines),
men as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(nullif(department, '')) as department,
           min(nullif(diagnosis_code, '')) as diagnosis_code,
           substr(min(nullif(diagnosis_code, '')), 1, 3) as category,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where claim_id <> ''
    group by claim_id
    having min(sex) = 'male' and min(nullif(institution_id, '')) is not null
),
female_items as (
    select item_code,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'sex' and value = 'female' and item_code <> ''
),
female_item_lines as (
    select distinct l.claim_id, l.line_id
    from lines as l
    join female_items as f
      on f.item_code = l.item_code
     and cast(l.service_time as date) >= f.first_day
     and cast(l.service_time as date) <= f.last_day
),
female_item_claims as (
    select distinct claim_id from female_item_lines
),
judged as (
    select m.claim_id,
           m.institution_id,
           m.department,
           m.diagnosis_code,
           m.fund,
           case when m.department like :department_pattern then 1 else 0 end as by_department,
           case when m.category between 'C51' and 'C58' or m.category = 'D06'
                  or m.category between 'D25' and 'D28' or m.category between 'N70' and 'N98'
                  or m.category between 'O00' and 'O99' or m.category between 'Z32' and 'Z37'
                then 1 else 0 end as by_diagnosis,
           case when f.claim_id is not null then 1 else 0 end as by_item
    from men as m
    left join female_item_claims as f on f.claim_id = m.claim_id
)

-- query: figures
select institution_id,
       count(case when by_department + by_diagnosis + by_item > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when by_department + by_diagnosis + by_item > 0 then fund end), 0) as amount
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
       j.by_department = 1 as department_matches,
       j.by_diagnosis = 1 as diagnosis_matches,
       f.line_id is not null as item_is_female_only,
       l.item_code,
       l.item_name,
       l.quantity,
       l.unit_price,
       l.amount,
       l.fund_amount
from judged as j
join lines as l on l.claim_id = j.claim_id
left join female_item_lines as f on f.claim_id = l.claim_id and f.line_id = l.line_id
where j.institution_id = :institution and j.by_department + j.by_diagnosis + j.by_item > 0
order by l.claim_id, l.line_id

-- query: claims
select j.institution_id,
       j.claim_id
from judged as j
where j.by_department + j.by_diagnosis + j.by_item > 0

-- test: a man with a diagnosis, a department or an item of women
-- knowledge: item_code attribute value
--   002 sex female
-- claims: claim_id sex department diagnosis_code item_code
--   C1 male A02 N80.001 001
--   C2 male A05.01 J06.900 001
--   C3 male A02 J06.900 001
--   C3 male A02 J06.900 002
--   C4 male A02 J06.900 001
--   C5 female A05.01 N80.001 002
-- because: C1 by its diagnosis, C2 by its department, C3 by one line of a female-only item: the Fund of the whole claim is at issue.
-- expect: H1 3 4 28.00
