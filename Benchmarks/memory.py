#!/usr/bin/env python3
"""Shows that queries keep to --memory: rows that are too many for it go through temporary files.

    python3 Benchmarks/memory.py --work /tmp/memory                          50,000,000 distinct keys, 512M
    python3 Benchmarks/memory.py --keys 5000000 --limits 64M,512M,none --work /tmp/memory

The store is made once (`create table as`) and kept in the folder. Each query is a process of its own; its peak memory is
the kernel's figure for it (ru_maxrss), which counts the program and the pages of files it has mapped, too. An answer is told
from another by a hash of its bytes: it must be the same for every limit.
"""
import argparse
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

QUERIES = {
    "group": "select k, count(*), sum(v) from numbers group by k",
    "group counted": "select count(*), sum(s) from (select k, sum(v) as s from numbers group by k) as groups",
    "distinct": "select count(distinct k) from numbers where k % 4 = 0",
    "sort": "select k, v from numbers order by v, k desc",
    "join": "select count(*), sum(a.v) from numbers as a join numbers as b on a.k = b.k + 1",
    "window": "select sum(n) from (select row_number() over (partition by v order by k) as n from numbers) as numbered",
}


def main():
    options = parse()
    store = Path(options.work) / f"store-{options.keys}"
    if not store.exists():
        make(options, store)
    wanted = options.queries.split(",") if options.queries else list(QUERIES)
    failed = False
    print(f"{'query':<16}{'limit':>8}{'seconds':>10}{'peak MiB':>10}{'of limit':>10}  answer")
    for name in wanted:
        answers = set()
        for limit in options.limits.split(","):
            seconds, peak, answer = run(options, store, QUERIES[name], limit)
            answers.add(answer)
            share = "" if limit == "none" else f"{peak / size(limit):.2f}"
            print(f"{name:<16}{limit:>8}{seconds:>10.1f}{peak / 2**20:>10.0f}{share:>10}  {answer[:12]}", flush=True)
        if len(answers) > 1:
            failed = True
            print(f"{name}: the answers differ")
    sys.exit(1 if failed else 0)


def make(options, store):
    """Keys `k`, each once and in no order; `v` has a hundredth as many values."""
    digits = len(str(options.keys - 1))
    tables = ", ".join(f"digit as d{place}" for place in range(digits))
    number = " + ".join(f"d{place}.x * {10**place}" for place in range(digits))
    scramble = 2 ** max(1, (options.keys - 1).bit_length())
    query = (
        "create table numbers as with digit(x) as (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), "
        f"plain as (select {number} as n from {tables}) "
        f"select n::bigint * 2654435761 % {scramble} as k, n::bigint * 40503 % {max(2, options.keys // 100)} as v from plain where n < {options.keys}")
    start = time.monotonic()
    subprocess.run([options.binary, "sql", query, "--store", str(store), "--threads", str(options.threads)], check=True)
    print(f"store of {options.keys:,} keys made in {time.monotonic() - start:.0f} s")


def run(options, store, query, limit):
    command = [options.binary, "sql", query, "--store", str(store), "--threads", str(options.threads), "--format", "csv"]
    if limit != "none":
        command += ["--memory", limit]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    digest = hashlib.sha256()
    while piece := process.stdout.read(1 << 20):
        digest.update(piece)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - start, usage.ru_maxrss * 1024, digest.hexdigest()


def size(text):
    return int(text[:-1]) * {"K": 2**10, "M": 2**20, "G": 2**30}[text[-1]]


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/fundwatch")
    parser.add_argument("--keys", type=int, default=50_000_000)
    parser.add_argument("--limits", default="512M", help="such as 512M,2G,none")
    parser.add_argument("--queries", help="names, with commas: " + ", ".join(QUERIES))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", required=True, help="folder for the store")
    options = parser.parse_args()
    options.binary = str(Path(options.binary).resolve())
    Path(options.work).mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    main()
