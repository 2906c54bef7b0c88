-- id: doctor_multi_site
-- version: 1
-- title_en: Doctors at several sites
-- title_zh: 多点执业异常
-- theme_en: Doctors
-- theme_zh: 医师行为
-- kind: statistical
-- result: suspicious
-- subject_en: doctor-days
-- subject_zh: 医师日
-- exposure_en: doctors' days of service
-- exposure_zh: 有诊疗费用的医师日
-- event_en: doctor-days on which the doctor billed at two or more institutions
-- event_zh: 同日在两家及以上机构有费用的医师日
-- formula_unit_en: (institution, doctor, service date), the lines' own values, all visit types
-- formula_unit_zh: (机构, 医师, 服务日期), 取明细自身的值, 不论就诊类型
-- formula_event_en: The doctor billed at two or more institutions on that date
-- formula_event_zh: 该医师当日在两家及以上机构有费用
-- formula_amount_en: Fund of the unit's lines
-- formula_amount_zh: 该单位各明细的基金支付
-- reading_en: The service date is the date of service_time, not of the settlement
-- reading_zh: 服务日期为 service_time 的日期, 不是结算日期
-- basis_kind: statistical
-- basis_en: Rules for practice at several sites; physician points scheme (2024), practice outside the registration
-- basis_zh: 医师多点执业规定; 2024年医保支付资格记分办法 (注册地点外执业)
-- false_alarms_en: Licensed practice at several sites of one medical alliance; telemedicine; a shared account
-- false_alarms_zh: 医联体内备案的多点执业; 远程医疗; 共用账号
-- parameter: minimum_institutions | integer | 2 | 2 | 1000 | institutions in a day that make it an event | 同日机构数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
days as (
    select institution_id, doctor_id, cast(service_time as date) as day
    from lines
    where institution_id <> '' and doctor_id <> ''
    group by institution_id, doctor_id, cast(service_time as date)
),
spread as (
    select doctor_id, day, count(*) as institution_count
    from days
    group by doctor_id, day
    having count(*) >= :minimum_institutions
),
travelled as (
    select s.institution_count, s.day, l.*
    from spread as s
    join lines as l on l.doctor_id = s.doctor_id and cast(l.service_time as date) = s.day
    where l.institution_id <> ''
)

-- query: figures
, worked as (
    select institution_id, count(*) as exposure
    from days
    group by institution_id
),
again as (
    select institution_id, count(*) as events, sum(fund) as amount
    from (
        select institution_id, doctor_id, day, sum(fund_amount) as fund
        from travelled
        group by institution_id, doctor_id, day
    ) as travelled_days
    group by institution_id
)
select w.institution_id,
       coalesce(a.events, 0) as events,
       w.exposure,
       coalesce(a.amount, 0) as amount
from worked as w
left join again as a on a.institution_id = w.institution_id

-- query: evidence
select day,
       institution_count,
       claim_id,
       line_id,
       patient_id,
       settled_at,
       department,
       doctor_id,
       diagnosis_code,
       item_code,
       item_name,
       quantity,
       unit_price,
       amount,
       fund_amount
from travelled
where institution_id = :institution
order by institution_count desc, doctor_id, day, claim_id, line_id

-- query: lines
select institution_id, claim_id, line_id, coalesce(fund_amount, 0) as amount
from travelled

-- test: one doctor at two institutions on a service date
-- claims: institution_id doctor_id service_time
--   H1 D1 2025-03-10
--   H2 D1 2025-03-10
--   H1 D2 2025-03-10
--   H2 D2 2025-03-11
-- because: D1 bills at both on 10 March: one event at each. D2 bills on two days.
-- expect: H1 1 2 7.00
-- expect: H2 1 2 7.00
