#!/usr/bin/env python3
"""Indicator figures computed from the CSV files in DuckDB's SQL: an independent second opinion on the engine's.

    python3 Tests/Oracle/indicators_duckdb.py DIR INDICATOR     prints institution_id,events,exposure,rate,amount
    python3 Tests/Oracle/indicators_duckdb.py DIR --planted     where the planted institutions of truth.csv rank

DIR holds claims*.csv, institutions.csv, knowledge.csv and deaths.csv as `fundwatch generate` writes them. Money that is
a sum is exact; amounts with a division are computed in double precision and rounded at the end, so they may differ
in the last cent. Needs the Python package duckdb.
"""
import csv
import glob
import os
import sys

import duckdb

CLAIMS = {
    "claim_id": "text", "line_id": "text", "original_claim_id": "text", "institution_id": "text", "department": "text",
    "doctor_id": "text", "patient_id": "text", "sex": "text", "birth_date": "date", "visit_type": "text",
    "diagnosis_code": "text", "admission_date": "date", "discharge_date": "date", "service_time": "timestamp",
    "settled_at": "timestamp", "prescription_id": "text", "item_code": "text", "item_name": "text",
    "item_category": "text", "quantity": "decimal(16,4)", "unit_price": "decimal(16,6)", "amount": "decimal(16,2)",
    "fund_amount": "decimal(16,2)", "days_supply": "decimal(8,2)", "trace_code": "text", "region": "text",
}
INSTITUTIONS = {
    "institution_id": "text", "name": "text", "region": "text", "level": "text", "kind": "text", "beds": "bigint",
    "contract_start": "date", "contract_end": "date",
}
KNOWLEDGE = {
    "rule_id": "text", "item_code": "text", "item_name": "text", "attribute": "text", "value": "text",
    "paired_item_code": "text", "window_days": "bigint", "result": "text", "basis": "text", "valid_from": "date",
    "valid_to": "date", "batch": "text",
}
DEATHS = {"patient_id": "text", "death_date": "date"}

# `lines`: live lines with positive quantity, empty keys as NULL. `bills`: one row a claim. `stays`: one row a stay.
COMMON = """
create view live as select * from claims c
where c.claim_id not in (select claim_id from claims where original_claim_id <> '')
  and c.claim_id not in (select original_claim_id from claims where original_claim_id <> '');
create table lines as select row_number() over () as n, nullif(claim_id, '') as claim,
  nullif(institution_id, '') as inst, nullif(department, '') as dept, nullif(doctor_id, '') as doctor,
  nullif(patient_id, '') as patient, sex, birth_date, visit_type as visit, nullif(diagnosis_code, '') as dx,
  admission_date as adm, discharge_date as dis, service_time::date as sday, settled_at,
  nullif(prescription_id, '') as rx, nullif(item_code, '') as item, item_category as cat, quantity as q,
  unit_price as p, amount, coalesce(fund_amount, 0) as fund, days_supply as days, nullif(trace_code, '') as trace
from live where quantity > 0;
create table bills as select claim, min(inst) as inst, min(dept) as dept, min(doctor) as doctor, min(patient) as patient,
  min(sex) as sex, min(birth_date) as birth_date, min(visit) as visit, min(dx) as dx, min(adm) as adm, min(dis) as dis,
  min(settled_at)::date as day, min(settled_at) as settled_at, sum(fund) as fund,
  min(visit) in ('outpatient', 'chronic', 'emergency') as op
from lines where claim is not null group by claim;
create table stays as select inst, patient, adm, dis, left(min(dx), 3) as dx3, sum(fund) as fund
from bills where visit = 'inpatient' and adm is not null and dis is not null and inst is not null
  and patient is not null group by all;
create table points as select item_code as item, attribute, value, coalesce(valid_from, date '0001-01-01') as v0,
  coalesce(valid_to, date '9999-12-31') as v1 from knowledge;
create table restricted as select l.n, l.claim, l.fund, bool_or(k.value = 'female') as female,
  bool_or(k.value = 'male') as male from lines l join points k on k.item = l.item and k.attribute = 'sex'
  and l.sday between k.v0 and k.v1 group by all;
create view institution as select i.inst, coalesce(nullif(t.level, ''), 'none') as level, t.region
from (select distinct inst from lines where inst is not null) i
left join institutions t on t.institution_id = i.inst;
"""

FEMALE = " or ".join(f"left(b.dx, 3) between '{a}' and '{b}'" for a, b in [
    ("C51", "C58"), ("D06", "D06"), ("D25", "D28"), ("N70", "N98"), ("O00", "O99"), ("Z32", "Z37")])
MALE = " or ".join(f"left(b.dx, 3) between '{a}' and '{b}'" for a, b in [("C60", "C63"), ("D29", "D29"), ("N40", "N51")])
OTHER_SEX = """select b.inst, coalesce({department}, false) or coalesce({chapters}, false) or coalesce(r.hit, false) as event,
  b.fund as amount from bills b left join (select claim, bool_or({item}) as hit from restricted group by claim) r
  using (claim) where b.sex = '{patient}'"""

# Each query: one row a unit with inst, event (boolean) and amount (money of the event).
UNITS = {
    "prescription_size": """with rx as (select inst, rx, min(dept) as dept, sum(amount) as a, sum(fund) as fund from lines
  where inst is not null and rx is not null and cat = 'drug' and visit in ('outpatient', 'chronic', 'emergency')
  group by inst, rx having sum(amount) > 0),
x as (select rx.*, i.level, ln(a::double) as x from rx join institution i using (inst)),
m as (select level, dept, percentile_cont(0.5) within group (order by x) as med, count(*) as n from x group by all),
d as (select m.level, m.dept, m.med, m.n, percentile_cont(0.5) within group (order by abs(x.x - m.med)) as mad
  from x join m on x.level = m.level and x.dept is not distinct from m.dept group by all)
select x.inst, (x.x - d.med) / (1.4826 * d.mad) > 3.5 as event, x.fund as amount
from x join d on x.level = d.level and x.dept is not distinct from d.dept where d.n >= 30 and d.mad > 0""",
    "supply_days": """select inst, days > lim as event, fund * (days - lim)::double / days as amount from (select *,
  case visit when 'outpatient' then 30 when 'chronic' then 84 else 7 end as lim from lines
  where cat = 'drug' and days is not null and visit in ('outpatient', 'chronic', 'emergency'))""",
    "cumulative_supply": """with d as (select *, date_trunc('quarter', settled_at) as quarter from lines
  where cat = 'drug' and days is not null and item is not null and patient is not null),
t as (select patient, item, quarter, sum(days) as total from d group by all)
select inst, any_value(total) > 180 as event, sum(fund) as amount from d join t using (patient, item, quarter)
group by inst, patient, item, quarter""",
    "visit_frequency": """select inst, count(*) >= 10 as event, sum(fund) as amount from bills
where op and inst is not null and patient is not null group by inst, patient, date_trunc('month', day)""",
    "multi_institution_day": """with b as (select * from bills where op or visit = 'pharmacy'),
s as (select patient, day, count(distinct inst) as sites from b where patient is not null group by all)
select b.inst, coalesce(s.sites >= 3, false) as event, b.fund as amount from b left join s using (patient, day)""",
    "doctor_impossible_day": """select inst, count(distinct patient) >= 150 as event, sum(fund) as amount from bills
where op and inst is not null and doctor is not null group by inst, doctor, day""",
    "doctor_multi_site": """with d as (select doctor, sday, count(distinct inst) as sites from lines group by all)
select inst, any_value(sites) >= 2 as event, sum(fund) as amount from lines join d using (doctor, sday)
where inst is not null group by inst, doctor, sday""",
    "item_over_quantity": """with k as (select l.n, min(k.value::decimal(18,6)) as lim from lines l join points k
  on k.item = l.item and k.attribute = 'max_per_day' and l.sday between k.v0 and k.v1 group by l.n)
select inst, sum(q) > min(lim) as event, sum(fund) * (sum(q) - min(lim))::double / sum(q) as amount
from lines join k using (n) where inst is not null and patient is not null group by inst, patient, item, sday""",
    "male_gynecology": OTHER_SEX.format(patient="male", item="female", department="b.dept like 'A05%'", chapters=FEMALE),
    "female_andrology": OTHER_SEX.format(patient="female", item="male", department="false", chapters=MALE),
    "sex_restricted_item": """with r as (select b.claim, sum(r.fund) as fund from restricted r join bills b using (claim)
  where b.sex = 'male' and r.female or b.sex = 'female' and r.male group by all)
select b.inst, r.claim is not null as event, r.fund as amount from bills b left join r using (claim)
where b.sex in ('male', 'female')""",
    "age_restricted_item": """with k as (select l.n, min(k.value::decimal(18,6)) filter (k.attribute = 'max_age_years') as hi,
  max(k.value::decimal(18,6)) filter (k.attribute = 'min_age_years') as lo from lines l join points k on k.item = l.item
  and k.attribute in ('max_age_years', 'min_age_years') and l.sday between k.v0 and k.v1 group by l.n),
r as (select b.claim, sum(l.fund) as fund from lines l join k using (n) join bills b using (claim)
  where date_sub('year', b.birth_date, l.sday) >= k.hi or date_sub('year', b.birth_date, l.sday) < k.lo group by all)
select b.inst, r.claim is not null as event, r.fund as amount from bills b left join r using (claim)
where b.birth_date is not null""",
    "duplicate_billing": """select inst, s > 1 as event, case when s > 1 then total::double / copies end as amount from (
  select inst, row_number() over (partition by claim, item, sday, q, p order by n) as s,
  count(*) over (partition by claim, item, sday, q, p) as copies,
  sum(fund) over (partition by claim, item, sday, q, p) as total from lines)""",
    "price_deviation": """with g as (select l.item, i.region, percentile_cont(0.5) within group (order by p::double) as med
  from lines l join institution i using (inst) where i.region is not null and l.item is not null group by all
  having count(*) >= 30 and count(distinct inst) >= 3)
select l.inst, p::double > 1.5 * med as event, (p::double - med) * q as amount
from lines l join institution i using (inst) join g on g.item = l.item and g.region = i.region""",
    "trace_code_reuse": """select inst, row_number() over (partition by trace order by settled_at, claim) > 1 as event,
  fund as amount from (select trace, claim, min(inst) as inst, min(settled_at) as settled_at, sum(fund) as fund
  from lines where trace is not null and claim is not null group by trace, claim)""",
    "split_hospitalisation": """select inst, coalesce(before = dx3 and adm - ended between 0 and 15, false) as event,
  fund as amount from (select *, lag(dx3) over w as before, lag(dis) over w as ended from stays
  window w as (partition by inst, patient order by adm, dis))""",
    "overlapping_stay": """select inst, exists (select 1 from stays b where b.patient = a.patient and b.inst <> a.inst
  and a.adm < b.dis and b.adm < a.dis) as event, fund as amount from stays a""",
    "service_during_stay": """select inst, exists (select 1 from stays s where s.patient = b.patient and s.inst <> b.inst
  and s.adm < b.day and b.day < s.dis) as event, fund as amount from bills b where op or visit = 'pharmacy'""",
    "clustered_admission": """select a.inst, coalesce(g.people >= 5, false) as event, a.fund as amount from stays a left join
  (select inst, adm, dis, dx3, count(distinct patient) as people from stays where dx3 is not null group by all) g
  on g.inst = a.inst and g.adm = a.adm and g.dis = a.dis and g.dx3 = a.dx3""",
    "identical_bills": """with i as (select b.claim, b.inst, b.patient, b.fund, l.item, sum(l.q) as q from bills b
  join lines l using (claim) where b.op and l.item is not null group by all),
f as (select claim, inst, patient, any_value(fund) as fund, string_agg(item || ':' || q, ' ' order by item) as bill
  from i group by claim, inst, patient having count(*) >= 5),
g as (select inst, bill, count(distinct patient) as people from f group by all)
select inst, people >= 5 as event, fund as amount from f join g using (inst, bill)""",
    "service_after_death": """with d as (select patient_id as patient, min(death_date) as died from deaths group by all),
r as (select b.claim, sum(l.fund) as fund from bills b join lines l using (claim) join d on d.patient = b.patient
  where l.sday > d.died group by all)
select b.inst, r.claim is not null as event, r.fund as amount from bills b left join r using (claim)""",
    "spending_growth": """with m as (select inst, date_trunc('month', settled_at)::date as month, sum(fund) as fund
  from lines where inst is not null group by all)
select a.inst, sum(b.fund) > 0 and 3 * a.fund > 2 * sum(b.fund) as event, a.fund - sum(b.fund)::double / 3 as amount
from m a join m b on b.inst = a.inst and b.month < a.month and b.month >= a.month - interval 3 month
group by a.inst, a.month, a.fund having count(*) = 3""",
}


def load(folder):
    connection = duckdb.connect()
    tables = [("claims", CLAIMS), ("institutions", INSTITUTIONS), ("knowledge", KNOWLEDGE), ("deaths", DEATHS)]
    for table, columns in tables:
        pattern = "claims*.csv" if table == "claims" else table + ".csv"
        # A batch under national headers is an input of another form.
        files = [f for f in sorted(glob.glob(os.path.join(folder, pattern))) if "national" not in f]
        connection.execute(
            f"create table {table} as select * from read_csv(?, header=true, columns=?, nullstr='', "
            "allow_quoted_nulls=false, quote='\"', escape='\"', delim=',', auto_detect=false)", [files, columns])
    connection.execute(COMMON)
    return connection


def figures(connection, indicator):
    return connection.execute(f"""with u as ({UNITS[indicator]})
        select inst, count(*) filter (event) as events, count(*) as exposure,
          count(*) filter (event)::double / count(*) as rate,
          round(coalesce(sum(amount) filter (event), 0), 2)::decimal(18,2) as amount
        from u where inst is not null group by inst order by inst""").fetchall()


def print_planted(connection, folder):
    with open(os.path.join(folder, "truth.csv"), encoding="utf-8") as file:
        truth = [(row["institution_id"], row["anomaly"]) for row in csv.DictReader(file)]
    print("anomaly,institution_id,events,exposure,rate,rank_by_rate,others_rate")
    for indicator in UNITS:
        rows = figures(connection, indicator)
        planted = {institution for institution, anomaly in truth if anomaly == indicator}
        others = [row for row in rows if row[0] not in planted]
        rate = sum(row[1] for row in others) / max(1, sum(row[2] for row in others))
        order = [row[0] for row in sorted(rows, key=lambda row: -row[3])]
        for row in rows:
            if row[0] in planted:
                print(f"{indicator},{row[0]},{row[1]},{row[2]},{row[3]:.4f},{order.index(row[0]) + 1},{rate:.5f}")
        for missing in sorted(planted - set(order)):
            print(f"{indicator},{missing},0,0,,,{rate:.5f}")


def main():
    if len(sys.argv) != 3 or (sys.argv[2] != "--planted" and sys.argv[2] not in UNITS):
        sys.exit(__doc__ + "\nIndicators: " + ", ".join(UNITS))
    connection = load(sys.argv[1])
    if sys.argv[2] == "--planted":
        print_planted(connection, sys.argv[1])
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["institution_id", "events", "exposure", "rate", "amount"])
    for row in figures(connection, sys.argv[2]):
        writer.writerow([row[0], row[1], row[2], repr(row[3]), row[4]])


if __name__ == "__main__":
    main()
