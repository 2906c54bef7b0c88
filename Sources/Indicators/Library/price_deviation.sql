-- id: price_deviation
-- version: 1
-- title_en: Prices far above the region's
-- title_zh: 价格偏离
-- theme_en: Cost structure
-- theme_zh: 费用结构
-- kind: statistical
-- result: suspicious
-- subject_en: lines
-- subject_zh: 明细
-- exposure_en: lines of items that enough institutions of the region bill
-- exposure_zh: 区域内有足够机构收费的项目明细
-- event_en: lines priced above one and a half times the region's median
-- event_zh: 单价高于区域中位数1.5倍的明细
-- formula_unit_en: A line of an (item, region of the institution) with at least 30 lines from at least 3 institutions
-- formula_unit_zh: (项目, 机构所在区域) 至少有 30 条明细且来自至少 3 家机构的明细
-- formula_event_en: unit_price > 1.5 · median
-- formula_event_zh: unit_price > 1.5 · 中位数
-- formula_amount_en: Σ (unit_price − median) · quantity of the event lines
-- formula_amount_zh: 异常明细的 Σ (unit_price − 中位数) · 数量
-- reading_en: The region is that of the institution in `institutions`; without one there is no unit. The median is
--   half the sum of the lower and the upper middle price, as an exact decimal, so that the comparison and the money
--   stay exact
-- reading_zh: 区域取 `institutions` 中机构的区域, 没有则不构成单位. 中位数为中间两个价格之和的一半, 是精确小数, 因此比较与金额都精确
-- basis_kind: statistical
-- basis_en: Price supervision of drugs and services; one and a half times the median as in public price monitoring
-- basis_zh: 药品与服务价格监管; 中位数1.5倍为价格监测常用界值
-- false_alarms_en: Other packs or strengths under one code; level-dependent tariffs; old prices billed before a
--   change
-- false_alarms_zh: 同一编码不同规格; 按级别定价; 调价前旧价
-- parameter: price_ratio | decimal | 1.5 | 1 | 1000 | multiple of the median above which a price stands out | 中位数倍数界值 | statistical: price monitoring
-- parameter: minimum_lines | integer | 30 | 1 | 1000000000 | lines of the item in the region | 区域内该项目最少明细数 | statistical: smallest group with a stable median
-- parameter: minimum_institutions | integer | 3 | 1 | 1000000 | institutions of the region that bill the item | 区域内最少机构数 | statistical: default of the library

-- query: common
with lines as (:lines),
priced as (
    select l.institution_id,
           l.claim_id,
           l.line_id,
           l.item_code,
           i.region,
           l.unit_price,
           l.quantity
    from lines as l
    join institutions as i on i.institution_id = l.institution_id
    where l.institution_id <> '' and l.item_code <> '' and i.region <> ''
),
medians as (
    -- The exact median: half the sum of the lower and the upper middle value, which are one for an odd count.
    select item_code,
           region,
           (percentile_disc(0.5) within group (order by unit_price)
               + percentile_disc(0.5) within group (order by unit_price desc)) * 0.5 as median
    from priced
    group by item_code, region
    having count(*) >= :minimum_lines and count(distinct institution_id) >= :minimum_institutions
),
markets as (
    select item_code, region, median, :price_ratio * median as highest from medians
),
judged as (
    select p.institution_id,
           p.claim_id,
           p.line_id,
           p.unit_price,
           p.quantity,
           m.median,
           p.unit_price > m.highest as is_high
    from priced as p
    join markets as m on m.item_code = p.item_code and m.region = p.region
)

-- query: figures
select institution_id,
       count(case when is_high then 1 end) as events,
       count(*) as exposure,
       coalesce(sum(case when is_high then (unit_price - median) * quantity end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.median as region_median,
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
join lines as l on l.claim_id = j.claim_id and l.line_id = j.line_id
where j.institution_id = :institution and j.is_high
order by (j.unit_price - j.median) * j.quantity desc, l.claim_id, l.line_id

-- query: lines
select institution_id,
       claim_id,
       line_id,
       (unit_price - median) * quantity as amount
from judged
where is_high

-- test: a price beyond one and a half times the median of item and region
-- institutions: institution_id
--   3x H{n}
-- claims: institution_id unit_price quantity
--   10x H1 10.00 1
--   10x H2 10.00 1
--   10x H3 10.00 1
--   H3 15.01 2
--   H3 15.00 1
-- because: The median of the 32 prices is 10.00. 15.00 is not above 15.00; 15.01 is: (15.01 − 10.00) · 2 = 10.02.
-- expect: H1 0 10 0.00
-- expect: H2 0 10 0.00
-- expect: H3 1 12 10.02
