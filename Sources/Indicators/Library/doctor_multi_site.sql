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
-- basis_kind: statistical
-- basis_en: Rules for practice at several sites; physician points scheme (2024), practice outside the registration
-- basis_zh: 医师多点执业规定; 2024年医保支付资格记分办法 (注册地点外执业)
-- false_alarms_en: Licensed practice at several sites of one medical alliance; telemedicine; a shared account
-- false_alarms_zh: 医联体内备案的多点执业; 远程医疗; 共用账号
-- parameter: minimum_institutions | integer | 2 | 2 | 1000 | institutions in a day that make it an event | 同日机构数界值 | statistical: default of the library

-- query: common
with lines as (:lines),
days as (
    select institution_id,
           doctor_id,
           cast(service_time as date) as day,
           coalesce(sum(fund_amount), 0) as fund
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
judged as (
    select d.institution_id, d.doctor_id, d.day, d.fund, s.institution_count
    from days as d
    left join spread as s on s.doctor_id = d.doctor_id and s.day = d.day
)

-- query: figures
select institution_id,
       count(institution_count) as events,
       count(*) as exposure,
       coalesce(sum(case when institution_count is not null then fund end), 0) as amount
from judged
group by institution_id

-- query: evidence
select j.day,
       j.institution_count,
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
join lines as l
  on l.institution_id = j.institution_id and l.doctor_id = j.doctor_id and cast(l.service_time as date) = j.day
where j.institution_id = :institution and j.institution_count is not null
order by j.institution_count desc, l.doctor_id, j.day, l.claim_id, l.line_id

-- query: lines
select j.institution_id,
       l.claim_id,
       l.line_id,
       coalesce(l.fund_amount, 0) as amount
from judged as j
join lines as l
  on l.institution_id = j.institution_id and l.doctor_id = j.doctor_id and cast(l.service_time as date) = j.day
where j.institution_count is not null

-- test: one doctor at two institutions on a service date
-- claims: institution_id doctor_id service_time
--   H1 D1 2025-03-10
--   H2 D1 2025-03-10
--   H1 D2 2025-03-10
--   H2 D2 2025-03-11
-- expect: H1 1 2 7.00
-- expect: H2 1 2 7.00
