#!/usr/bin/env python3
"""Every answer of `fundwatch sql` against PostgreSQL 15's on the same rows.

usage: sql_differential.py FUNDWATCH WORK_FOLDER [--seed N] [--random N] [--only fixed|random|scalars|errors] [--find TEXT] [--lines N]

Needs psql and a PostgreSQL 15 server with C collation, found through PGHOST, PGUSER and PGDATABASE; its schema `public` is replaced.
WORK_FOLDER holds the generated files and two stores with the same rows in different batches. Each query runs with one and two
workers (the bytes must agree) and over both stores. Rows are compared as a multiset, in order where the query says `order by`,
unless it holds `/*ties*/`. A value must be the same text, except: quotients, averages and numerics after `/*scale*/` count to 12
digits, doubles to a relative 1e-12.
"""
import argparse
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from decimal import Decimal, getcontext

import answers
from answers import parse
from sql_differential_queries import ERRORS, FIXED, ODD, WORDED_OTHERWISE, RandomQueries, RandomScalars
from sql_differential_subqueries import RandomSubqueries

getcontext().prec = 60

TABLES = {
    "claims": """claim_id text, line_id text, original_claim_id text, institution_id text, department text, doctor_id text,
        patient_id text, sex text, birth_date date, visit_type text, diagnosis_code text, admission_date date,
        discharge_date date, service_time timestamp, settled_at timestamp, prescription_id text, item_code text, item_name text,
        item_category text, quantity numeric(16,4), unit_price numeric(16,6), amount numeric(16,2), fund_amount numeric(16,2),
        days_supply numeric(8,2), trace_code text, region text""",
    "institutions": """institution_id text, name text, region text, level text, kind text, beds bigint, contract_start date,
        contract_end date""",
    "knowledge": """rule_id text, item_code text, item_name text, attribute text, value text, paired_item_code text,
        window_days bigint, result text, basis text, valid_from date, valid_to date, batch text""",
    "deaths": "patient_id text, death_date date",
}

VIEWS = """
create view live_claims as select * from claims
    where claim_id not in (select claim_id from claims where coalesce(original_claim_id, '') <> '')
      and claim_id not in (select original_claim_id from claims where coalesce(original_claim_id, '') <> '');
create view settlements as select claim_id, min(institution_id) institution_id, min(department) department,
    min(doctor_id) doctor_id, min(patient_id) patient_id, min(sex) sex, min(birth_date) birth_date, min(visit_type) visit_type,
    min(diagnosis_code) diagnosis_code, min(admission_date) admission_date, min(discharge_date) discharge_date,
    min(settled_at) settled_at, min(region) region, count(*) line_count, sum(amount) amount, sum(fund_amount) fund_amount
    from live_claims group by claim_id;
"""

INDEXES = """create index on claims(claim_id, line_id); create index on claims(institution_id); create index on claims(patient_id);
create index on claims(original_claim_id); create index on claims(item_code);
"""


def columns(table):
    return [part.split()[0] for part in TABLES[table].replace("(16,", "(16.").replace("(8,", "(8.").split(",")]


def odd_claims(seed):
    """Lines full of NULLs, empty strings, ties, negative and extreme numbers."""
    pick = random.Random(seed).choice
    header = columns("claims")
    rows = [",".join(header)]
    for number in range(400):
        row = dict.fromkeys(header, "")
        row.update(
            claim_id=f"ODD{number // 3:04}", line_id=str(number % 3 + 1),
            original_claim_id=pick(["", "", "", "", '""', f"ODD{number // 7:04}", "NOWHERE"]) if number % 5 == 0 else "",
            institution_id=pick(["H97010100001", "H97010200002", "H_%", "h97010100001"]),
            department=pick(["", '""', "A05", "A05.1", "a05", "内科"]), doctor_id=pick(["", '""', "D1", "D2"]),
            patient_id=pick(["P1", "P2", "P10", "p1"]), sex=pick(["", "male", "female", "unknown"]),
            birth_date=pick(["", "1900-02-28", "2000-02-29", "2024-12-31"]),
            visit_type=pick(["outpatient", "inpatient", "pharmacy", "99"]),
            diagnosis_code=pick(["", '""', "C51", "J06.900", "J06_900", "J06%"]),
            admission_date=pick(["", "2025-01-01", "2025-01-31"]), discharge_date=pick(["", "2025-02-01", "2024-12-31"]),
            service_time=pick(["2025-01-31 23:59:59", "2024-02-29 00:00:00", "2025-01-01 00:00:00"]),
            settled_at=pick(["2025-01-31 23:59:59", "2024-02-29 12:00:01", "1999-12-31 00:00:00"]),
            item_code=pick(["001", "1", "01", "I0000"]), item_name=pick(["", '""', '"a,b ""c"""', "é😀", " x "]),
            item_category=pick(["drug", "service", ""]),
            quantity=pick(["1", "-1", "0", "0.5", "-0.0001", "999999999999.9999", "-999999999999.9999"]),
            unit_price=pick(["0", "0.000001", "9999999999.999999", "-3.5", "10"]),
            amount=pick(["0", "0.01", "-0.01", "99999999999999.99", "-99999999999999.99", "2.50", "7.5"]),
            fund_amount=pick(["", "0", "0.01", "-2.5", "99999999999999.99"]),
            days_supply=pick(["", "0", "7", "30.5", "-1", "999999.99"]), trace_code=pick(["", "T1", "T2"]),
            region=pick(["", "970101", "970102"]))
        rows.append(",".join(row[name] for name in header))
    return rows


def run(arguments, text=None):
    done = subprocess.run(arguments, input=text, capture_output=True, encoding="utf-8", errors="replace", timeout=120)
    return done.returncode, done.stdout, done.stderr


def must(arguments, text=None):
    code, output, complaint = run(arguments, text)
    if code != 0:
        sys.exit(f"{arguments[:4]}: {complaint or output}")
    return output


def make_stores(fundwatch, work, lines, seed):
    """A folder with two stores of the same rows in different batches, and with these rows as files in `data`; made once for
    each binary, number of lines and seed."""
    with open(fundwatch, "rb") as file:
        build = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    folder = os.path.join(work, f"stores-{lines}-{seed}-{build}")
    mark, data = os.path.join(folder, "complete"), os.path.join(folder, "data")
    if os.path.exists(mark):
        return folder
    # What an interrupted run left is not added to.
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    must([fundwatch, "generate", "--lines", str(lines), "--seed", str(seed), "--out", data])
    with open(os.path.join(data, "claims.csv"), encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    odd = odd_claims(seed)
    everything = rows + odd[1:]
    n = len(everything)
    for store, cuts in (("store-a", [0, n // 7, n // 7 + 100, n // 2, n]), ("store-b", [0, n // 3, n])):
        paths = []
        for number, (first, end) in enumerate(zip(cuts, cuts[1:])):
            paths.append(os.path.join(folder, f"{store}-{number}.csv"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write("\n".join([header, *everything[first:end]]) + "\n")
        must([fundwatch, "ingest", *paths, "--max-rejects", "0", "--store", os.path.join(folder, store)])
        for table in ("institutions", "knowledge", "deaths"):
            must([fundwatch, "ingest", os.path.join(data, f"{table}.csv"), "--table", table, "--store", os.path.join(folder, store)])
    with open(os.path.join(data, "claims.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join([header, *everything]) + "\n")
    open(mark, "w").close()
    return folder


def prepare(fundwatch, work, lines, seed):
    """The folder of the stores; PostgreSQL's schema `public` then holds the same rows, and says in its comment which."""
    folder = make_stores(fundwatch, work, lines, seed)
    held = f"fundwatch differential: {lines} lines, seed {seed}"
    psql = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    if must(psql, "select obj_description(to_regnamespace('public'), 'pg_namespace');").strip() == held:
        return folder
    script = ["drop schema if exists public cascade; create schema public;"]
    for table, definition in TABLES.items():
        path = os.path.join(folder, "data", f"{table}.csv")
        with open(path, encoding="utf-8") as file:
            names = file.readline().strip()
        script.append(f"create table {table} ({definition});")
        script.append(f"\\copy {table}({names}) from '{path}' with (format csv, header)")
    must(psql, "\n".join(script) + VIEWS + INDEXES + f"analyze; comment on schema public is '{held}';")
    return folder


# Ours have 38 digits, PostgreSQL's numerics any number of them: docs/sql.md says so.
BEYOND = "numeric field overflow"


class Answer:
    """Rows of texts, None for NULL; or the complaint instead."""

    def __init__(self, code, output, complaint):
        self.complaint = complaint if code else None
        self.rows = parse(output) if not code else []


class Oracle:
    def __init__(self, fundwatch, folder):
        self.fundwatch, self.folder = fundwatch, folder
        self.both_refuse, self.rows, self.beyond = [], 0, 0

    def ours(self, query, store, threads):
        return run([self.fundwatch, "sql", "--store", os.path.join(self.folder, store), "--format", "csv", "--threads", str(threads), query])

    def theirs(self, query):
        """Types and answer of PostgreSQL."""
        code, types, complaint = run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], f"{query} \\gdesc\n")
        if code == 2:
            sys.exit(complaint)
        if code:
            return [], Answer(code, "", complaint)
        code, output, complaint = run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"],
                                      f"set statement_timeout = '20s';\ncopy ({query}\n) to stdout with (format csv, header);\n")
        return [line.rsplit("|", 1)[1] for line in types.splitlines() if "|" in line], Answer(code, output, complaint)

    def check(self, query):
        """What differs, or None. A query for each side is written `ours|||theirs`."""
        query, _, other = query.partition("|||")
        types, expected = self.theirs(other or query)
        code, output, complaint = self.ours(query, "store-a", 1)
        again = self.ours(query, "store-a", 2)
        if again != (code, output, complaint):
            return f"WORKERS one and two workers answer differently\n{differing_lines(output + complaint, again[1] + again[2])}"
        answer = Answer(code, output, complaint)
        if code not in (0, 1):
            return f"EXIT {code}: {complaint[:400]}"
        if expected.complaint and answer.complaint:
            self.both_refuse.append((query, message(expected.complaint)[0], message(answer.complaint)[0]))
            return None
        self.rows += len(expected.rows)
        if answer.complaint and BEYOND in answer.complaint:
            self.beyond += 1
            return None
        if answer.complaint:
            kind = "REFUSED" if "support" in answer.complaint else "FAILED"
            return f"{kind} {answer.complaint[:400]}"
        if expected.complaint:
            return f"ACCEPTED what PostgreSQL refuses: {expected.complaint[:300]}\n  answer: {answer.rows[:3]}"
        for store, rows in (("a", answer.rows), ("b", Answer(*self.ours(query, "store-b", 2)).rows)):
            difference = self.difference(query, types, rows, expected.rows)
            if difference:
                return f"WRONG (store {store}) {difference}"
        kinds = self.kinds(query)
        # Statistics and logarithms of numerics are doubles here.
        if kinds and any(ours != kind_of(name) and (ours, kind_of(name)) != ("double", "numeric") for ours, name in zip(kinds, types)):
            return f"TYPES {kinds} expected {[kind_of(name) for name in types]}"
        return None

    def kinds(self, query):
        code, output, _ = self.ours("describe " + query, "store-a", 1)
        return [kind_of(row[1]) for row in parse(output)] if code == 0 else None

    def difference(self, query, types, rows, expected):
        if len(rows) != len(expected):
            return f"{len(rows)} rows, expected {len(expected)}: {rows[:3]} … {expected[:3]}"
        loose = "/*scale*/" in query or re.search(r"[^/*]/[^/*]|\bavg\b", query.replace("/*ties*/", "")) is not None
        mine = [normal(types, row, False, loose) for row in rows]
        wanted = [normal(types, row, True, loose) for row in expected]
        if "order by" in query.rsplit(")", 1)[-1] and "/*ties*/" not in query:
            place = answers.first_difference(mine, wanted)
            return None if place is None else f"row {place + 1} in order: {mine[place]}\n  expected {wanted[place]}"
        alone, missing = answers.unpaired(mine, wanted)
        return f"{len(alone)} rows differ: {alone[0]}\n  expected {missing[0]}" if alone else None


def kind_of(name):
    # An interval of some fields is an interval.
    name = re.sub(r"^interval .*", "interval", re.sub(r"\(.*\)", "", name.lower()))
    return {"timestamp without time zone": "timestamp", "double precision": "double", "unknown": "text", "decimal": "numeric",
            "smallint": "integer", "real": "double", "name": "text"}.get(name, name)


def normal(types, row, postgres, loose):
    values = []
    for kind, value in zip(types, row):
        if value is not None and kind == "boolean" and postgres:
            value = {"t": "true", "f": "false"}[value]
        elif value is not None and kind.startswith("numeric") and loose:
            value = Decimal(value)
        elif value is not None and kind.startswith("double"):
            value = float(value)
        values.append(value)
    return values


def differing_lines(a, b):
    for x, y in zip(a.splitlines(), b.splitlines()):
        if x != y:
            return f"  {x[:200]}\n  {y[:200]}"
    return f"  {len(a)} and {len(b)} bytes"


def message(complaint):
    """Message and the place of the caret in the statement."""
    lines = complaint.splitlines()
    text = next((re.sub(r"^.*?ERROR:\s*|^fundwatch: (query:\d+:\d+: )?", "", line) for line in lines if line.strip()), "")
    caret = next((number for number, line in enumerate(lines) if line.strip() == "^"), None)
    if caret is None:
        return text, None
    shown, column = lines[caret - 1], lines[caret].index("^")
    prefix = re.match(r"LINE \d+: |  ", shown)
    return text, shown[column:column + 8].rstrip() if prefix else None


def check_errors(oracle):
    """Messages of wrong queries side by side; PostgreSQL's text must begin ours and the carets agree."""
    bad, otherwise = 0, 0
    for query in ERRORS:
        code, output, complaint = run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"], query + "\n;\n")
        theirs = message(complaint)
        code, _, complaint = oracle.ours(query, "store-a", 1)
        ours = message(complaint)
        if query in WORDED_OTHERWISE:
            otherwise += 1
        elif code != 1 or not ours[0].startswith(theirs[0]) or ours[1] != theirs[1] and theirs[1]:
            bad += 1
            print(f"MESSAGE exit {code}  {query}\n  ours       {ours}\n  PostgreSQL {theirs}\n")
    print(f"{len(ERRORS)} wrong queries, {bad} messages differ, {otherwise} are worded otherwise as known")
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fundwatch")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--only", choices=["fixed", "random", "scalars", "subqueries", "errors"])
    parser.add_argument("--find", help="only queries holding this text")
    parser.add_argument("--both", action="store_true", help="show what both refuse")
    parser.add_argument("--lines", type=int, default=20000)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    oracle, bad = Oracle(options.fundwatch, prepare(options.fundwatch, options.folder, options.lines, 21)), 0
    refused = 0
    queries = FIXED if options.only in (None, "fixed") else []
    if options.only in (None, "random"):
        source = RandomQueries(options.seed)
        queries = queries + [source.query() for _ in range(options.random)]
    if options.only in (None, "scalars"):
        source = RandomScalars(options.seed)
        queries = queries + [source.query() for _ in range(options.random)]
    nested = set()
    if options.only in (None, "subqueries"):
        source = RandomSubqueries(options.seed)
        nested = {source.query() for _ in range(options.random)}
        queries = queries + sorted(nested)
    queries = [query for query in queries if not options.find or options.find in query]
    for query in queries:
        try:
            difference = oracle.check(query)
        except subprocess.TimeoutExpired:
            difference = "TIME over two minutes"
        if difference and query in nested and difference.startswith("REFUSED"):
            # Some forms are refused by name, as docs/sql.md says.
            refused += 1
        elif difference:
            bad += 1
            print(f"{difference}\n  {query.replace(ODD, '{ODD}')}\n", flush=True)
    print(f"{len(queries)} queries, {oracle.rows} rows, {bad} differ; {len(oracle.both_refuse)} refused by both, {oracle.beyond} need more than 38 digits, {refused} nested refused")
    if options.both:
        for query, theirs, ours in oracle.both_refuse:
            print(f"REFUSED BY BOTH\n  {theirs}\n  {ours}\n  {query.replace(ODD, '{ODD}')}")
    if options.only in (None, "errors"):
        bad += check_errors(oracle)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
