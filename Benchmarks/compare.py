#!/usr/bin/env python3
"""Measures Fundwatch beside DuckDB in one run, on generated claims, and writes docs/benchmarks.md.

Needs the PyPI package duckdb. Every figure is the median of --runs runs, the two engines in turn, both with
--threads threads. Ingest is CSV to durable store; queries are warm and read from the store.
"""
import argparse, os, platform, re, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

CLAIM_TYPES = """claim_id varchar, line_id varchar, original_claim_id varchar, institution_id varchar, department varchar,
doctor_id varchar, patient_id varchar, sex varchar, birth_date date, visit_type varchar, diagnosis_code varchar,
admission_date date, discharge_date date, service_time timestamp, settled_at timestamp, prescription_id varchar,
item_code varchar, item_name varchar, item_category varchar, quantity decimal(16,4), unit_price decimal(16,6),
amount decimal(16,2), fund_amount decimal(16,2), days_supply decimal(8,2), trace_code varchar, region varchar"""
INSTITUTION_TYPES = """institution_id varchar, name varchar, region varchar, level varchar, kind varchar, beds bigint,
contract_start date, contract_end date"""
KNOWLEDGE_TYPES = """rule_id varchar, item_code varchar, item_name varchar, attribute varchar, value varchar,
paired_item_code varchar, window_days bigint, result varchar, basis varchar, valid_from date, valid_to date, batch varchar"""

LIVE = """create or replace view live_claims as select * from claims c
where claim_id not in (select claim_id from claims where original_claim_id is not null)
and claim_id not in (select original_claim_id from claims where original_claim_id is not null)"""

DUCKDB_INDICATORS = {
    "prescription_size": """
with rx as (
  select institution_id, prescription_id, min(nullif(department, '')) department, sum(amount) a, coalesce(sum(fund_amount), 0) fund
  from live_claims where quantity > 0 and item_category = 'drug' and institution_id <> '' and prescription_id <> ''
  group by 1, 2 having sum(amount) > 0 and min(visit_type) in ('outpatient','chronic','emergency')),
p as (select rx.*, coalesce(nullif(i.level, ''), 'none') lvl, ln(a::double) x from rx left join institutions i using (institution_id)),
g as (select lvl, department, count(*) n, median(x) med, mad(x) m from p group by 1, 2)
select p.institution_id, count(*) filter (where (x - med) / (1.4826 * m) > 3.5) events, count(*) exposure,
  coalesce(sum(fund) filter (where (x - med) / (1.4826 * m) > 3.5), 0) amount
from p join g on p.lvl = g.lvl and p.department is not distinct from g.department where n >= 30 and m > 0 group by 1 order by 1""",
    "visit_frequency": """
with c as (
  select claim_id, min(institution_id) i, min(patient_id) p, min(settled_at) t, min(visit_type) v, coalesce(sum(fund_amount), 0) f
  from live_claims where quantity > 0 group by 1),
u as (select i, p, date_trunc('month', t) mo, count(*) n, sum(f) f from c where v in ('outpatient','chronic','emergency') group by 1, 2, 3)
select i, count(*) filter (where n >= 10) events, count(*) exposure, coalesce(sum(f) filter (where n >= 10), 0) amount
from u group by 1 order by 1""",
    "male_gynecology": """
with k as (select item_code, coalesce(valid_from, date '0001-01-01') f, coalesce(valid_to, date '9999-12-31') t
  from knowledge where attribute = 'sex' and value = 'female'),
c as (
  select claim_id, min(l.institution_id) i, min(sex) s, min(department) d, min(diagnosis_code) x, coalesce(sum(fund_amount), 0) f,
    bool_or(item_code in (select item_code from k) and exists (select 1 from k where k.item_code = l.item_code
      and l.service_time::date between k.f and k.t)) r
  from live_claims l where quantity > 0 group by 1),
e as (select *, coalesce(d like 'A05%', false) or coalesce(left(x,3) between 'C51' and 'C58' or left(x,3) = 'D06'
  or left(x,3) between 'D25' and 'D28' or left(x,3) between 'N70' and 'N98' or left(x,3) between 'O00' and 'O99'
  or left(x,3) between 'Z32' and 'Z37', false) or coalesce(r, false) hit from c where s = 'male')
select i, count(*) filter (where hit) events, count(*) exposure, coalesce(sum(f) filter (where hit), 0) amount
from e group by 1 order by 1""",
}

AD_HOC = {
    "group by institution": "select institution_id, count(*) n, sum(amount) a, sum(fund_amount) f from claims group by institution_id order by a desc, institution_id",
    "top items by fund": "select item_code, count(*) n, sum(quantity) q, sum(fund_amount) f from claims where item_category = 'drug' group by item_code order by f desc, item_code limit 20",
    "distinct patients by department": "select department, count(distinct patient_id) p from claims group by department order by department",
    "filter by diagnosis prefix and month": "select visit_type, count(*) n, sum(amount) a from claims where diagnosis_code like 'I1%' and settled_at >= timestamp '2025-03-01' and settled_at < timestamp '2025-04-01' group by visit_type order by visit_type",
    "join with institutions, median price": "select i.level, c.item_category, count(*) n, median(c.unit_price) m from claims c join institutions i on i.institution_id = c.institution_id group by 1, 2 order by 1, 2",
}


def run_timed(command, **keywords):
    """Runs a command; wall seconds and peak resident bytes of its largest process."""
    reader, writer = os.pipe()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **keywords)
    os.close(reader), os.close(writer)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed with {process.returncode}:\n{error.decode()}")
    return seconds, usage.ru_maxrss * 1024, error.decode()


def folder_size(path):
    return sum(f.stat().st_size for f in Path(path).rglob("*") if f.is_file())


DUCKDB_INGEST = """
import duckdb, sys
con = duckdb.connect(sys.argv[1]); con.execute("set threads=" + sys.argv[3]); con.execute("set preserve_insertion_order=true")
data = sys.argv[2]
types = lambda text: "{" + ", ".join(f"'{p.split()[0]}': '{' '.join(p.split()[1:])}'" for p in __import__("re").split(r",(?![^(]*\\))", text)) + "}"
for table, columns, files in [%s]:
    con.execute(f"create table {table} as select * from read_csv('{data}/{files}', header=true, columns={types(columns)})")
con.execute("checkpoint"); con.close()
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=".build/release/fundwatch")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", default=None, help="folder for data and stores; kept if named")
    parser.add_argument("--write", default="docs/benchmarks.md")
    options = parser.parse_args()
    try:
        import duckdb
    except ImportError:
        sys.exit("the Python package duckdb is needed: pip install duckdb")
    binary = str(Path(options.binary).resolve())
    work = Path(options.work or tempfile.mkdtemp(prefix="fundwatch-bench-"))
    data = work / f"data-{options.lines}-{options.seed}"
    if not (data / "truth.csv").exists():
        run_timed([binary, "generate", "--lines", str(options.lines), "--seed", str(options.seed), "--out", str(data)])
    claims = sorted(data.glob("claims*.csv"))
    csv_size = sum(f.stat().st_size for f in claims)
    tables = f'("claims", """{CLAIM_TYPES}""", "claims*.csv"), ("institutions", """{INSTITUTION_TYPES}""", "institutions.csv"), ("knowledge", """{KNOWLEDGE_TYPES}""", "knowledge.csv")'
    script = work / "duckdb_ingest.py"
    script.write_text(DUCKDB_INGEST % tables)
    store, duck_file = work / "store", work / "claims.duckdb"

    ours, theirs = {}, {}
    def record(table, name, value): table.setdefault(name, []).append(value)

    for _ in range(options.runs):
        shutil.rmtree(store, ignore_errors=True)
        threads = ["--store", str(store), "--threads", str(options.threads)]
        for table in ("institutions", "knowledge", "deaths"):
            run_timed([binary, "ingest", str(data / f"{table}.csv"), "--table", table, *threads])
        seconds, peak, _ = run_timed([binary, "ingest", *map(str, claims), *threads])
        record(ours, "ingest", seconds), record(ours, "peak", peak)
        duck_file.unlink(missing_ok=True)
        seconds, peak, _ = run_timed([sys.executable, str(script), str(duck_file), str(data), str(options.threads)])
        record(theirs, "ingest", seconds), record(theirs, "peak", peak)
    ours["size"], theirs["size"] = [folder_size(store)], [duck_file.stat().st_size]

    connection = duckdb.connect(str(duck_file))
    connection.execute(f"set threads={options.threads}")
    connection.execute(LIVE)
    common = ["--store", str(store), "--threads", str(options.threads), "--format", "csv"]

    def our_rows(arguments):
        text = subprocess.run([binary, *arguments, *common], capture_output=True, text=True, check=True).stdout
        return [line.split(",") for line in text.splitlines()[1:]]

    disagreements = []
    for name, query in DUCKDB_INDICATORS.items():
        expected = [(r[0], str(r[1]), str(r[2]), float(r[3])) for r in connection.execute(query).fetchall()]
        found = [(r[0], r[1], r[2], float(r[4])) for r in our_rows(["indicators", "run", name])]
        if [(*e[:3], round(e[3], 2)) for e in expected] != [(*f[:3], round(f[3], 2)) for f in found]:
            disagreements.append(name)
        for _ in range(options.runs):
            record(ours, name, run_timed([binary, "indicators", "run", name, *common])[0])
            start = time.perf_counter()
            connection.execute(query).fetchall()
            record(theirs, name, time.perf_counter() - start)
    for name, query in AD_HOC.items():
        script_text = ";\n".join([query] * (options.runs + 1))
        _, _, error = run_timed([binary, "sql", script_text, "--timing", *common])
        times = [float(t) / 1000 for t in re.findall(r"Time: ([0-9.]+) ms", error)]
        ours[name] = times[1:]
        connection.execute(query).fetchall()
        for _ in range(options.runs):
            start = time.perf_counter()
            connection.execute(query).fetchall()
            record(theirs, name, time.perf_counter() - start)

    median = statistics.median
    lines = []
    def row(label, name, unit, scale, better_is_ratio=True):
        a, b = median(ours[name]), median(theirs[name])
        ratio = b / a if better_is_ratio else a / b
        if not better_is_ratio: text = f"{ratio:.2f} of it"
        elif ratio >= 1: text = f"{ratio:.2f}× faster"
        else: text = f"{1 / ratio:.2f}× slower"
        lines.append(f"| {label} | {a * scale:,.3f} {unit} | {b * scale:,.3f} {unit} | {text} |")
    row("ingest, CSV to durable store", "ingest", "s", 1)
    row("peak memory of ingest", "peak", "MB", 1e-6, False)
    row("store size", "size", "MB", 1e-6, False)
    for name in DUCKDB_INDICATORS: row(f"indicator `{name}` (whole process)", name, "s", 1)
    for name in AD_HOC: row(f"query: {name}", name, "s", 1)
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.processor())
    text = f"""# Benchmarks

`make bench LINES={options.lines} SEED={options.seed}` measures Fundwatch beside DuckDB in one run and writes this page.
{options.lines:,} generated lines, {csv_size / 1e9:.2f} GB of CSV, seed {options.seed}; both engines with {options.threads} threads; median of {options.runs} runs; page cache warm.
Machine: {cpu}, {os.cpu_count()} processors, Linux {platform.release()}. DuckDB {duckdb.__version__}. Python {platform.python_version()}.
Figures are for comparing within a row: absolute times drift from machine to machine and from hour to hour.

| measure | Fundwatch | DuckDB | ratio |
|---|---:|---:|---:|
""" + "\n".join(lines) + "\n\n" + (
        "The three indicators gave the same events, exposure and amount for every institution in both engines.\n"
        if not disagreements else f"The engines DISAGREE on: {', '.join(disagreements)}.\n") + """
## Method

- Ingest: ours is `fundwatch ingest` of all claim files (typed, validated, duplicates checked, every segment fsynced, read back and
  verified); DuckDB's is `create table … as select * from read_csv` with all column types given, then `checkpoint`.
- Indicators: ours is the whole process `fundwatch indicators run`, start included; DuckDB's is the query alone in a warm connection.
- Queries: the same SQL in both; ours as `--timing` prints it, one process, first run left out.
"""
    print(text)
    if options.write: Path(options.write).write_text(text)
    if not options.work: shutil.rmtree(work)
    if disagreements: sys.exit(1)


if __name__ == "__main__":
    main()
