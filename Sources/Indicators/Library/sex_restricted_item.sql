-- id: sex_restricted_item
-- version: 1
-- title_en: Items restricted to the other sex
-- title_zh: 限性别项目
-- theme_en: Person mismatch
-- theme_zh: 人证不符
-- kind: rule
-- result: violation
-- subject_en: claims
-- subject_zh: 结算
-- exposure_en: claims of patients of known sex
-- exposure_zh: 性别明确患者的结算
-- event_en: claims with an item restricted to the other sex
-- event_zh: 含限另一性别项目的结算
-- formula_unit_en: A claim of a patient of known sex
-- formula_unit_zh: 性别明确患者的一笔结算
-- formula_event_en: A line whose item is restricted to the other sex
-- formula_event_zh: 含限另一性别项目的明细
-- formula_amount_en: Fund of those lines only
-- formula_amount_zh: 仅这些明细的基金支付
-- reading_en: The sex is the claim's. Unlike `male_gynecology` only the offending lines are at issue
-- reading_zh: 性别取自结算. 与 `male_gynecology` 不同, 只涉及违规明细的金额
-- basis_kind: legal
-- basis_en: Rule and knowledge libraries of the National Healthcare Security Administration, sex-restricted items
--   (2025 edition); Order No. 735, article 38
-- basis_zh: 国家医保局“两库”限定性别规则 (2025年版); 国务院令第735号第三十八条
-- false_alarms_en: A wrong sex in the register; a newborn billed on the mother's account; an item picked by mistake;
--   hormones in oncology
-- false_alarms_zh: 参保登记性别有误; 新生儿费用记在母亲名下; 误选项目; 肿瘤科使用激素
-- needs: sex

-- query: common
with lines as (:lines),
subjects as (
    select claim_id,
           min(nullif(institution_id, '')) as institution_id,
           min(sex) as sex
    from lines
    where claim_id <> ''
    group by claim_id
    having min(sex) in ('male', 'female') and min(nullif(institution_id, '')) is not null
),
restricted as (
    select item_code,
           value as sex,
           coalesce(valid_from, date '0001-01-01') as first_day,
           coalesce(valid_to, date '9999-12-31') as last_day
    from knowledge
    where attribute = 'sex' and value in ('male', 'female') and item_code <> ''
),
offending as (
    select distinct s.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as fund
    from lines as l
    join restricted as r
      on r.item_code = l.item_code
     and cast(l.service_time as date) >= r.first_day
     and cast(l.service_time as date) <= r.last_day
    join subjects as s on s.claim_id = l.claim_id and s.sex <> r.sex
),
judged as (
    select s.institution_id, s.claim_id, coalesce(o.line_count, 0) as line_count, coalesce(o.fund, 0) as fund
    from subjects as s
    left join (
        select claim_id, count(*) as line_count, sum(fund) as fund from offending group by claim_id
    ) as o on o.claim_id = s.claim_id
)

-- query: figures
select institution_id,
       count(case when line_count > 0 then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(fund), 0) as amount
from judged
group by institution_id

-- query: evidence
select l.sex,
       l.birth_date,
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

-- test: an item of the other sex, within its days
-- knowledge: item_code attribute value valid_to
--   001 sex female 2025-03-10
-- claims: claim_id sex item_code service_time fund_amount
--   C1 male 001 2025-03-10 45.00
--   C1 male 002 2025-03-10 255.00
--   C2 male 001 2025-03-11 45.00
--   C3 female 001 2025-03-10 45.00
--   C4 unknown 001 2025-03-10 45.00
-- because: Of C1's 300.00 only the line of the item is at issue. The restriction had ended when C2 was served; C4's sex is not known.
-- expect: H1 1 3 45.00
