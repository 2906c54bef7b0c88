-- id: prescription_size
-- version: 1
-- title_en: Oversized prescriptions
-- title_zh: 大处方
-- theme_en: Prescribing
-- theme_zh: 处方行为
-- kind: statistical
-- result: suspicious
-- subject_en: prescriptions
-- subject_zh: 处方
-- exposure_en: outpatient drug prescriptions in a comparable group
-- exposure_zh: 有可比组的门诊药品处方
-- event_en: prescriptions far above the usual amount of their level and department
-- event_zh: 金额远高于同级别同科室常见水平的处方
-- formula_unit_en: (institution_id, prescription_id) over drug lines, with total a = Σ amount > 0 and an outpatient
--   visit type. Its group is the level of the institution × department, with at least 30 such prescriptions and MAD >
--   0; prescriptions of other groups are neither events nor exposure
-- formula_unit_zh: 药品明细的 (institution_id, prescription_id), 总金额 a = Σ amount > 0, 就诊类型属门诊. 同组为机构级别 × 科室, 组内此类处方至少 30 张且 MAD > 0; 其他组的处方既不是异常也不计入总数
-- formula_event_en: z = (ln a − median ln a) / (1.4826 · MAD of ln a), and z > 3.5
-- formula_event_zh: z = (ln a − ln a 的中位数) / (1.4826 · ln a 的 MAD), 且 z > 3.5
-- formula_amount_en: Fund of the event prescriptions
-- formula_amount_zh: 异常处方的基金支付
-- reading_en: A prescription is made of *drug* lines, so its total, its Fund and its attributes (visit type,
--   department: the smallest of its lines, NULLs ignored) are those of its drug lines; a service that carries the
--   same number belongs to the order, not to the prescription. Being outpatient is decided once for the prescription
--   from the smallest visit type, not line by line. The department is a key here, so an empty one is missing, and
--   missing departments of a level form a group of their own. A total of 0 or less has no logarithm and forms no
--   unit. Logarithm, median and MAD are doubles; money is exact
-- reading_zh: 处方由药品明细组成, 其总金额、基金支付与属性 (就诊类型、科室: 各明细中的最小值, 忽略空值) 均取自药品明细; 同号的诊疗项目属于医嘱, 不属于处方. 是否门诊按处方的最小就诊类型判定一次, 不逐条判定. 科室在此是键, 空科室视为缺失, 同级别的缺失科室自成一组. 总金额不大于 0 者没有对数, 不构成单位. 对数、中位数与 MAD 为双精度; 金额精确
-- basis_kind: statistical
-- basis_en: Robust z of the logarithm of the amount after Iglewicz and Hoaglin (1993), limit 3.5; Order No. 735, article 38 (over-prescribing)
-- basis_zh: 金额对数的稳健 z 值 (Iglewicz 与 Hoaglin, 1993), 界值 3.5; 国务院令第735号第三十八条 (过度开药)
-- false_alarms_en: Long prescriptions of chronic patients; oncology, biologics and dialysis; patients from remote areas;
--   departments that mix ordinary and high-cost clinics
-- false_alarms_zh: 慢性病长期处方; 肿瘤、生物制剂与透析用药; 偏远地区患者; 同一科室内普通门诊与高费用专科并存
-- parameter: z_limit | decimal | 3.5 | 0 | 100 | robust z above which a prescription stands out | 判定异常的稳健 z 界值 | statistical: Iglewicz and Hoaglin (1993)
-- parameter: minimum_group | integer | 30 | 2 | 1000000000 | prescriptions a level × department group needs | 级别×科室组内最少处方数 | statistical: smallest group with a stable median

-- query: common
with lines as (:lines),
prescriptions as (
    select institution_id,
           prescription_id,
           coalesce(min(nullif(department, '')), '') as department,
           sum(amount) as amount,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where item_category = 'drug' and institution_id <> '' and prescription_id <> ''
    group by institution_id, prescription_id
    having sum(amount) > 0 and min(visit_type) in ('outpatient', 'chronic', 'emergency')
),
sized as (
    select p.institution_id,
           p.prescription_id,
           p.department,
           coalesce(nullif(i.level, ''), 'none') as level,
           p.amount,
           p.fund,
           ln(cast(p.amount as double precision)) as log_amount
    from prescriptions as p
    left join institutions as i on i.institution_id = p.institution_id
),
centres as (
    select level,
           department,
           percentile_cont(0.5) within group (order by log_amount) as centre
    from sized
    group by level, department
    having count(*) >= :minimum_group
),
deviations as (
    select s.institution_id,
           s.prescription_id,
           s.level,
           s.department,
           s.amount,
           s.fund,
           c.centre,
           s.log_amount - c.centre as deviation
    from sized as s
    join centres as c on c.level = s.level and c.department = s.department
),
spreads as (
    select level,
           department,
           percentile_cont(0.5) within group (order by abs(deviation)) as spread
    from deviations
    group by level, department
    having percentile_cont(0.5) within group (order by abs(deviation)) > 0
),
judged as (
    select d.institution_id,
           d.prescription_id,
           d.level,
           d.department,
           d.amount,
           d.fund,
           d.centre,
           d.deviation / (1.4826 * s.spread) as z
    from deviations as d
    join spreads as s on s.level = d.level and s.department = d.department
)

-- query: figures
select institution_id,
       count(case when z > :z_limit then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when z > :z_limit then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.prescription_id,
       l.claim_id,
       l.line_id,
       l.patient_id,
       l.doctor_id,
       j.level,
       j.department,
       l.settled_at,
       l.item_code,
       l.item_name,
       l.quantity,
       l.unit_price,
       l.amount,
       l.fund_amount,
       j.amount as prescription_amount,
       exp(j.centre) as peer_median_amount,
       j.z
from judged as j
join lines as l on l.institution_id = j.institution_id and l.prescription_id = j.prescription_id
where j.institution_id = :institution and j.z > :z_limit and l.item_category = 'drug'
order by j.z desc, j.prescription_id, l.claim_id, l.line_id

-- query: lines
select j.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) as amount
from judged as j
join lines as l on l.institution_id = j.institution_id and l.prescription_id = j.prescription_id
where j.z > :z_limit and l.item_category = 'drug'

-- test: one of 41 prescriptions is far beyond the others of its level and department
-- claims: prescription_id department item_category amount fund_amount
--   20x A{n} A01 drug 40.00 7.00
--   20x B{n} A01 drug 60.00 7.00
--   C A01 drug 2000.00 100.00
-- because: The median of ln a is ln 60 = 4.094. The deviations are 0.405, 0 and, of C, 3.507; their median is 0.405.
-- because: So z of C = 3.507 / (1.4826 · 0.405) = 5.83 > 3.5, and of no other.
-- expect: H1 1 41 100.00
