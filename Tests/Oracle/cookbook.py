#!/usr/bin/env python3
"""The statements of docs/cookbook.md against PostgreSQL 15 and DuckDB over the same rows.

usage: cookbook.py FUNDWATCH [--lines N] [--seed N] [--data FOLDER]

FOLDER holds claims*.csv, institutions.csv, knowledge.csv and deaths.csv as `generate` writes them; without it they are made. Rows
are compared in their order: with PostgreSQL every value exactly, with DuckDB numbers to one of the last digit shown, as its quotients
are doubles, and medians to three digits. Each side is left out, and said to be, where it is not installed. Exit code 1 if a row
differs or a statement gives none.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile
from decimal import Decimal, InvalidOperation

import postgres
from answers import parse
from sql_differential import TABLES, VIEWS

# The views' rows, kept: PostgreSQL would make them for each statement, and its plans for that are slow.
STORED = VIEWS.replace("create view", "create table")
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "cookbook.md")


def recipes():
    """Number, title and statement of each recipe."""
    with open(PAGE, encoding="utf-8") as file:
        found = re.findall(r"^### (\d+)\. ([^\n]*)\n.*?^```sql\n(.*?)^```", file.read(), re.S | re.M)
    return [(int(number), title, statement.strip()) for number, title, statement in found]


def run(arguments, text=None, environment=None):
    done = subprocess.run(arguments, input=text, capture_output=True, encoding="utf-8", env=environment)
    if done.returncode:
        sys.exit(f"{arguments[:2]}: {done.stderr or done.stdout}")
    return done.stdout


def files(data):
    """Each table with its files."""
    return {table: sorted(glob.glob(os.path.join(data, f"{table}*.csv"))) for table in TABLES}


def names(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().strip()


class PostgreSQL:
    name = "PostgreSQL"

    def __init__(self, folder, data):
        self.server = postgres.Server(folder)
        self.server.__enter__()
        self.environment = {**os.environ, "PGHOST": self.server.folder, "PGUSER": "postgres", "PGDATABASE": "postgres"}
        script = []
        for table, definition in TABLES.items():
            script.append(f"create table {table} ({definition});")
            script += [f"\\copy {table}({names(path)}) from '{path}' with (format csv, header)" for path in files(data)[table]]
        run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"], "\n".join(script) + STORED + "analyze;", self.environment)

    def rows(self, statement):
        return parse(run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"], f"copy ({statement}) to stdout with (format csv, header);", self.environment))

    def close(self):
        self.server.__exit__()


class DuckDB:
    name = "DuckDB"

    def __init__(self, _, data):
        import duckdb
        self.connection = duckdb.connect()
        for setting in ("integer_division=true", "default_null_order='NULLS_LAST_ON_ASC_FIRST_ON_DESC'"):
            self.connection.execute(f"set {setting}")
        for table, definition in TABLES.items():
            self.connection.execute(f"create table {table} ({definition})")
            for path in files(data)[table]:
                self.connection.execute(
                    f"insert into {table} ({names(path)}) select * from read_csv('{path}', header=true, all_varchar=true, nullstr='')")
        self.connection.execute(STORED)

    def rows(self, statement):
        return [[None if value is None else str(value) for value in row] for row in self.connection.execute(statement).fetchall()]

    def close(self):
        self.connection.close()


def number(text):
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError):
        return None


def same(ours, theirs, is_exact):
    if ours == theirs:
        return True
    a, b = number(ours), number(theirs)
    if a is None or b is None:
        return False
    return a == b if is_exact else abs(a - b) <= Decimal(1).scaleb(a.as_tuple().exponent)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cookbook-") as folder:
        # The server's user reads its part of it.
        os.chmod(folder, 0o755)
        data = os.path.abspath(options.data or os.path.join(folder, "data"))
        if not options.data:
            run([options.fundwatch, "generate", "--lines", str(options.lines), "--seed", str(options.seed), "--out", data])
        store = os.path.join(folder, "store")
        for table, paths in files(data).items():
            run([options.fundwatch, "ingest", *paths, "--table", table, "--store", store])
        others = []
        if postgres.programs():
            others.append(PostgreSQL(os.path.join(folder, "postgres"), data))
        else:
            print("left out: PostgreSQL 15 is not installed (apt-get install postgresql-15)")
        try:
            others.append(DuckDB(None, data))
        except ImportError:
            print("left out: the Python package duckdb is not installed")
        try:
            failed = compare(options.fundwatch, store, others)
        finally:
            for other in others:
                other.close()
    return 1 if failed or not others else 0


def compare(fundwatch, store, others):
    failed = 0
    for place, title, statement in recipes():
        ours = parse(run([fundwatch, "sql", statement, "--store", store, "--format", "csv"]))
        words = [f"{len(ours)} rows"]
        if not ours:
            failed += 1
        for other in others:
            theirs = other.rows(statement)
            is_exact = other.name == "PostgreSQL"
            odd = None if len(ours) == len(theirs) else min(len(ours), len(theirs))
            for row, (a, b) in enumerate(zip(ours, theirs)):
                if not all(same(x, y, is_exact) for x, y in zip(a, b, strict=True)):
                    odd = row
                    break
            if odd is None:
                words.append(f"as {other.name}")
            else:
                failed += 1
                words.append(f"NOT as {other.name} in row {odd + 1}: {ours[odd:odd + 1]} and {theirs[odd:odd + 1]}")
        print(f"{place:2} {title}: {', '.join(words)}", flush=True)
    print(f"{failed} differ" if failed else "all the same")
    return failed


if __name__ == "__main__":
    sys.exit(main())
