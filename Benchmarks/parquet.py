#!/usr/bin/env python3
"""Measures Parquet read and written by Fundwatch beside DuckDB, on the claims of `fundwatch generate`.

    python3 Benchmarks/parquet.py .build/release/fundwatch --lines 2000000 --runs 5 --work /tmp/parquet-bench

Files of Fundwatch, DuckDB, pyarrow and Polars are read by both, each query in a new process (Fundwatch) or connection
(DuckDB), with as many threads; the best of the runs counts, and answers are compared. Then both write the same rows again. Needs
`pip install duckdb pyarrow polars`.
"""

import argparse
import decimal
import os
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


def best(runs, body):
    """Seconds of the fastest run, and what it gave."""
    fastest, result = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        result = body()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest, result


def fundwatch(options, query):
    done = subprocess.run([options.binary, "sql", query, "--format", "csv", "--threads", str(options.threads), "--quiet",
                           "--store", os.path.join(options.work, "store")], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{query}: {done.stderr}")
    return [line.split(",") for line in done.stdout.split("\n")[1:-1]]


def duck(options, query):
    with duckdb.connect(config={"threads": options.threads}) as connection:
        return connection.execute(query).fetchall()


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
    paths = {name: os.path.join(options.work, name + ".parquet") for name in ["fundwatch", "duckdb-zstd", "duckdb", "pyarrow", "polars"]}
    if all(os.path.exists(path) for path in paths.values()):
        return paths
    def run(*arguments):
        subprocess.run([options.binary, *arguments, "--quiet", "--store", os.path.join(options.work, "store")], check=True, stdout=subprocess.DEVNULL)
    run("generate", "--lines", str(options.lines), "--out", options.work)
    run("ingest", os.path.join(options.work, "claims.csv"))
    run("sql", f"copy claims to '{paths['fundwatch']}'")
    duckdb.sql(f"copy (from '{paths['fundwatch']}') to '{paths['duckdb-zstd']}' (format parquet, compression zstd)")
    duckdb.sql(f"copy (from '{paths['fundwatch']}') to '{paths['duckdb']}' (format parquet)")
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(paths["fundwatch"]), paths["pyarrow"])
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
    print("| file of | MB | " + " | ".join(queries) + " |\n|---|---:|" + "---:|" * len(queries))
    for name, path in paths.items():
        cells = []
        for query in queries.values():
            ours, answer = best(options.runs, lambda: fundwatch(options, query.format(f"'{path}'")))
            theirs, expected = best(options.runs, lambda: duck(options, query.format(f"'{path}'")))
            mark = "" if same(answer, expected) else " DIFFERS"
            cells.append(f"{ours:.3f} s, DuckDB {theirs:.3f} s: {theirs / ours:.2f}×{mark}")
        print(f"| {name} | {os.path.getsize(path) / 1e6:.1f} | " + " | ".join(cells) + " |", flush=True)
    source = paths["duckdb-zstd"]
    for packing in ("zstd", "snappy"):
        out = [os.path.join(options.work, name) for name in ("ours.out.parquet", "theirs.out.parquet")]
        ours, _ = best(options.runs, lambda: fundwatch(options, f"copy (select * from '{source}') to '{out[0]}' (compression {packing})"))
        theirs, _ = best(options.runs, lambda: duck(options, f"copy (from '{source}') to '{out[1]}' (format parquet, compression {packing})"))
        sizes = [os.path.getsize(path) / 1e6 for path in out]
        print(f"\nread and written, {packing}: {ours:.2f} s and {sizes[0]:.1f} MB; DuckDB {theirs:.2f} s and {sizes[1]:.1f} MB")


main()
