#!/usr/bin/env python3
"""Measures Parquet read and written by Fundwatch beside DuckDB, on the claims of `fundwatch generate`.

    python3 Benchmarks/parquet.py .build/release/fundwatch --lines 2000000 --runs 5 --work /tmp/parquet-bench

Files of Fundwatch, DuckDB, pyarrow (pages of version 1 and 2) and Polars are read by both, each query in a new process (Fundwatch)
or connection (DuckDB), with as many threads; the best of the runs counts, in wall and in processor seconds, and answers are
compared. Each file is loaded into a new store and a new database file, too. Then both write the same rows again. What the start
of a process takes is said for itself, and each query is measured once more within one process and one connection that has read
the file before. Needs `pip install duckdb pyarrow polars`.
"""

import argparse
import decimal
import os
import resource
import shutil
import subprocess
import time

import duckdb
import polars
import pyarrow.parquet

SUMS = ["quantity", "unit_price", "amount", "fund_amount", "days_supply"]
QUERIES = {
    "sums": "select count(*), sum(amount), sum(fund_amount), sum(quantity) from {}",
    "groups": "select region, item_category, count(*), sum(amount) from {} group by 1, 2 order by 1, 2",
    "filter": "select count(*), sum(amount) from {} where settled_at >= '2025-03-01' and settled_at < '2025-04-01' and sex = 'female'",
    "distinct": "select count(distinct patient_id), count(distinct claim_id) from {}",
}


def processor_seconds():
    """Of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def best(runs, body, before=lambda: None):
    """Wall and processor seconds of the fastest run in each, and what it gave."""
    wall = processor = float("inf")
    result = None
    for _ in range(runs):
        before()
        start, used = time.perf_counter(), processor_seconds()
        result = body()
        wall, processor = min(wall, time.perf_counter() - start), min(processor, processor_seconds() - used)
    return wall, processor, result


def run(options, *arguments, store="store"):
    done = subprocess.run([options.binary, *arguments, "--threads", str(options.threads), "--quiet",
                           "--store", os.path.join(options.work, store)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{arguments}: {done.stderr}")
    return done.stdout


def fundwatch(options, query):
    return [line.split(",") for line in run(options, "sql", query, "--format", "csv").split("\n")[1:-1]]


def duck(options, query, database=":memory:"):
    with duckdb.connect(database, config={"threads": options.threads}) as connection:
        answer = connection.execute(query).fetchall()
        if database != ":memory:":
            connection.execute("checkpoint")
        return answer


def warm(options, query, count=10):
    """Seconds of a query once more, in a process and a connection that have read the file: wall, then processor."""
    def statements(number):
        return lambda: run(options, "sql", ";\n".join([query] * number))
    first, all_of_them = best(options.runs, statements(1)), best(options.runs, statements(count + 1))
    ours = [(all_of_them[part] - first[part]) / count for part in (0, 1)]
    with duckdb.connect(config={"threads": options.threads}) as connection:
        theirs = best(count + 1, lambda: connection.execute(query).fetchall())
    return cell(ours, theirs)


def cell(ours, theirs, mark=""):
    """Seconds of both and how many times as long the other one takes: wall, then processor."""
    return (f"{ours[0]:.3f} s, DuckDB {theirs[0]:.3f} s: {theirs[0] / ours[0]:.2f}×; "
            f"processor {ours[1]:.3f} s, {theirs[1]:.3f} s: {theirs[1] / ours[1]:.2f}×{mark}")


def load(options, path):
    """A file loaded into a new store, and into a new database."""
    store, database = os.path.join(options.work, "loaded"), os.path.join(options.work, "loaded.duckdb")
    def clear():
        shutil.rmtree(store, ignore_errors=True)
        if os.path.exists(database):
            os.remove(database)
    ours = best(options.runs, lambda: run(options, "ingest", path, "--table", "claims", store="loaded"), clear)
    theirs = best(options.runs, lambda: duck(options, f"create table claims as from '{path}'", database), clear)
    return cell(ours, theirs)


def same(ours, theirs):
    """Whether the answers are equal: numbers as such, all else as text."""
    def plain(value):
        try:
            return decimal.Decimal(str(value)).normalize()
        except decimal.InvalidOperation:
            return "" if value is None else str(value)
    return [[plain(v) for v in row] for row in ours] == [[plain(v) for v in row] for row in theirs]


def files(options):
    """Paths of the same claims, by who wrote them."""
    paths = {name: os.path.join(options.work, name + ".parquet") for name in ["fundwatch", "duckdb-zstd", "duckdb", "pyarrow", "pyarrow-v2", "polars"]}
    if all(os.path.exists(path) for path in paths.values()):
        return paths
    run(options, "generate", "--lines", str(options.lines), "--out", options.work)
    run(options, "ingest", os.path.join(options.work, "claims.csv"))
    run(options, "sql", f"copy claims to '{paths['fundwatch']}'")
    duckdb.sql(f"copy (from '{paths['fundwatch']}') to '{paths['duckdb-zstd']}' (format parquet, compression zstd)")
    duckdb.sql(f"copy (from '{paths['fundwatch']}') to '{paths['duckdb']}' (format parquet)")
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(paths["fundwatch"]), paths["pyarrow"])
    pyarrow.parquet.write_table(
        pyarrow.parquet.read_table(paths["fundwatch"]), paths["pyarrow-v2"], data_page_version="2.0", compression="zstd")
    polars.read_parquet(paths["fundwatch"]).write_parquet(paths["polars"])
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--work", type=os.path.abspath, required=True)
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    paths = files(options)
    columns = [row[0] for row in duck(options, f"describe select * from '{paths['duckdb']}'")]
    queries = dict(QUERIES)
    queries["all columns"] = "select " + ", ".join(f"{'sum' if c in SUMS else 'max'}({c})" for c in columns) + " from {}"
    print("| file of | MB | " + " | ".join([*queries, "loaded"]) + " |\n|---|---:|" + "---:|" * (len(queries) + 1))
    for name, path in paths.items():
        cells = []
        for query in queries.values():
            ours = best(options.runs, lambda: fundwatch(options, query.format(f"'{path}'")))
            theirs = best(options.runs, lambda: duck(options, query.format(f"'{path}'")))
            cells.append(cell(ours, theirs, "" if same(ours[2], theirs[2]) else " DIFFERS"))
        cells.append(load(options, path))
        print(f"| {name} | {os.path.getsize(path) / 1e6:.1f} | " + " | ".join(cells) + " |", flush=True)
    start = best(options.runs * 4, lambda: run(options, "sql", "select 1"))
    print(f"\na process that answers \"select 1\": {start[0]:.3f} s, processor {start[1]:.3f} s\n\nwithin one process:\n")
    print("| file of | " + " | ".join(queries) + " |\n|---|" + "---:|" * len(queries))
    for name, path in paths.items():
        print(f"| {name} | " + " | ".join(warm(options, query.format(f"'{path}'")) for query in queries.values()) + " |", flush=True)
    source = paths["duckdb-zstd"]
    for packing in ("zstd", "snappy"):
        out = [os.path.join(options.work, name) for name in ("ours.out.parquet", "theirs.out.parquet")]
        ours = best(options.runs, lambda: fundwatch(options, f"copy (select * from '{source}') to '{out[0]}' (compression {packing})"))
        theirs = best(options.runs, lambda: duck(options, f"copy (from '{source}') to '{out[1]}' (format parquet, compression {packing})"))
        sizes = [os.path.getsize(path) / 1e6 for path in out]
        print(f"\nread and written, {packing}: {cell(ours, theirs)}; {sizes[0]:.1f} MB and {sizes[1]:.1f} MB")


main()
