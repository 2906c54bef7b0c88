-- id: spending_growth
-- version: 1
-- title_en: Sudden growth
-- title_zh: 费用突增
-- theme_en: Cost structure
-- theme_zh: 费用结构
-- kind: statistical
-- result: suspicious
-- subject_en: institution-months
-- subject_zh: 机构月
-- exposure_en: months with three preceding months of data
-- exposure_zh: 前三个自然月均有数据的月份
-- event_en: months whose fund is more than twice the mean of the three before
-- event_zh: 基金支出超过前三个月均值两倍的月份
-- formula_unit_en: An institution-month with lines whose three preceding calendar months have lines too
-- formula_unit_zh: 有明细且前三个自然月也有明细的机构月
-- formula_event_en: Fund > 2 × mean of those three, mean > 0
-- formula_event_zh: 基金支付 > 2 × 这三个月的均值, 均值 > 0
-- formula_amount_en: Fund − mean of the event months
-- formula_amount_zh: 异常月份的 基金支付 − 均值
-- reading_en: Compared as 3 · Fund > 2 · (sum of three), so nothing is divided before the comparison. It is left out
--   of the amount at issue, because a rise belongs to no line
-- reading_zh: 按 3 · 基金支付 > 2 · (三个月之和) 比较, 比较之前不做除法. 增长不属于任何明细, 因此不计入涉及金额
-- basis_kind: statistical
-- basis_en: Growth monitoring of fund spending; twice the mean as a statistical default
-- basis_zh: 基金支出增长监测; 两倍均值为统计默认值
-- false_alarms_en: Seasons and epidemics, new departments, settlements posted late after a system change
-- false_alarms_zh: 季节与疫情、新设科室、系统切换后集中补录
-- parameter: growth_ratio | decimal | 2 | 1 | 1000 | multiple of the mean above which a month stands out | 均值倍数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
months as (
    select institution_id,
           date_trunc('month', settled_at) as month,
           coalesce(sum(fund_amount), 0) as fund
    from lines
    where institution_id <> ''
    group by institution_id, date_trunc('month', settled_at)
),
numbered as (
    select institution_id,
           month,
           cast(extract(year from month) as bigint) * 12 + cast(extract(month from month) as bigint) as month_number,
           fund
    from months
),
windowed as (
    select institution_id,
           month,
           month_number,
           fund,
           lag(month_number, 3) over (partition by institution_id order by month_number) as third_before,
           lag(fund, 1) over (partition by institution_id order by month_number)
               + lag(fund, 2) over (partition by institution_id order by month_number)
               + lag(fund, 3) over (partition by institution_id order by month_number) as fund_before
    from numbered
),
judged as (
    -- Three times the fund against the sum of three months: no division before the comparison.
    select institution_id,
           month,
           fund,
           fund_before,
           case when fund_before > 0 and 3 * fund > :growth_ratio * fund_before then 1 else 0 end as is_sudden
    from windowed
    where third_before = month_number - 3
)

-- query: figures
select institution_id,
       count(case when is_sudden = 1 then 1 end) as events,
       count(*) as exposure,
       round(coalesce(sum(case when is_sudden = 1 then 3 * fund - fund_before end), 0) / 3, 10) as amount
from judged
group by institution_id

-- query: evidence
select cast(month as date) as month,
       fund,
       fund_before as fund_of_three_months_before,
       round(fund - fund_before / 3, 2) as beyond_the_mean
from judged
where institution_id = :institution and is_sudden = 1
order by month

-- test: a month of more than twice the mean of the three before
-- claims: fund_amount settled_at
--   100.00 2025-01-10
--   110.00 2025-02-10
--   90.00 2025-03-10
--   201.00 2025-04-10
--   267.00 2025-05-10
-- because: April: the mean is 100, and 201 > 200, so the amount is 201 − 100 = 101.00. May: 3 · 267 = 801 is not above 2 · (110 + 90 + 201) = 802.
-- expect: H1 1 2 101.00
