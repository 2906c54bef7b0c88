#!/usr/bin/env python3
"""The 22 queries of TPC-H: Fundwatch's answers beside DuckDB's on the same tables.

    python3 Tests/Oracle/tpch.py .build/release/fundwatch --scale 0.1
    python3 Tests/Oracle/tpch.py .build/release/fundwatch --scale 1 --work /tmp/tpch --only 09,21 --times 3

The queries are those of Benchmarks/tpch, with the standard's validation parameters. Every row must be the same in its place, numbers
to the last digit (averages and quotients to those that the query rounds to); one and two workers must give the same bytes.
`--rules` runs each query without each rewrite rule too. Needs the PyPI packages duckdb and tpchgen-cli.
"""
import argparse
import csv
import io
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

import rewrite_rules

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks"))
from comparison import answers, processes, scripts, tpch_data  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("--scale", default="0.01")
    parser.add_argument("--work", help="folder for data and stores; kept if named, else temporary")
    parser.add_argument("--only", help="numbers of queries, separated by commas")
    parser.add_argument("--times", type=int, default=0, help="also measure: runs of each engine in turn, the median is shown")
    parser.add_argument("--rules", action="store_true", help="each query without each rewrite rule too")
    parser.add_argument("--fresh", action="store_true", help="load the store again")
    options = parser.parse_args()
    work = Path(options.work or tempfile.mkdtemp(prefix="tpch-"))
    try:
        return check(options, work)
    finally:
        if not options.work:
            shutil.rmtree(work)


def check(options, work):
    folder = tpch_data.generate(work / f"data-{options.scale}", options.scale)
    store, file = work / f"store-{options.scale}", work / f"{options.scale}.duckdb"
    if options.fresh or not (store / "complete").exists():
        shutil.rmtree(store, ignore_errors=True)
        tpch_data.ingest(options.fundwatch, folder, store)
        (store / "complete").touch()
    is_loaded = file.exists()
    connection = duckdb.connect(str(file))
    connection.execute("set threads = 2")
    if not is_loaded:
        for statement in tpch_data.duckdb_statements(folder):
            connection.execute(statement)
    wrong, totals = 0, [0.0, 0.0]
    for query in scripts.queries("tpch"):
        if options.only and query.name[:2] not in options.only.split(","):
            continue
        binds = {name: rows(options, store, sql)[0][0] for name, sql in query.binds}
        sql = query.sql
        for name, value in binds.items():
            sql = sql.replace("{" + name + "}", value)
        found = differences(options, store, connection, sql)
        wrong += bool(found)
        line = f"{query.name:28} " + (found or "same")
        if options.times:
            ours = [second_seconds(options, store, sql) for _ in range(options.times)]
            theirs = []
            connection.execute(sql).fetchall()
            for _ in range(options.times):
                start = time.perf_counter()
                connection.execute(sql).fetchall()
                theirs.append(time.perf_counter() - start)
            pair = [statistics.median(ours), statistics.median(theirs)]
            totals = [total + value for total, value in zip(totals, pair)]
            line += f"   {pair[0] * 1000:9.1f} ms   DuckDB {pair[1] * 1000:9.1f} ms   {pair[1] / pair[0]:5.2f}x"
        print(line, flush=True)
    if options.times:
        print(f"{'total':28} {totals[0] * 1000:9.1f} ms   DuckDB {totals[1] * 1000:9.1f} ms")
    return 1 if wrong else 0


def differences(options, store, connection, sql):
    """What differs, or None."""
    expected = connection.execute(sql).fetchall()
    outputs = []
    for threads in (1, 2):
        try:
            outputs.append(rows(options, store, sql, "--threads", str(threads)))
        except processes.ChildFailed as failure:
            return f"FAILED {failure}"
    if outputs[0] != outputs[1]:
        return "WORKERS one and two workers answer differently"
    if found := answers.difference(outputs[0], expected):
        return f"WRONG {found}"
    for rule in rewrite_rules.names(options.fundwatch) if options.rules else []:
        try:
            if rows(options, store, sql, "--disable-rules", rule) != outputs[0]:
                return f"RULE another answer without {rule}"
        except processes.ChildFailed as failure:
            return f"RULE {rule}: {failure}"
    return None


def rows(options, store, sql, *more):
    cost = processes.run([options.fundwatch, "sql", sql, "--store", store, "--format", "csv", *more],
                         keeps_output=True, timeout_seconds=300)
    # A lone NULL is an empty line.
    return [row or [""] for row in csv.reader(io.StringIO(cost.output_text))][1:]


def second_seconds(options, store, sql):
    """Seconds of the second of two runs in one process."""
    text = sql.rstrip().rstrip(";")
    cost = processes.run([options.fundwatch, "sql", f"{text};\n{text}", "--store", store, "--format", "csv", "--timing", "--threads", "2"])
    return float(re.findall(r"Time: ([0-9.]+) ms", cost.error_text)[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
