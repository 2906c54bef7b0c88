#!/usr/bin/env python3
"""Measures Fundwatch beside DuckDB, ClickHouse (chdb), Polars and Apache Arrow on generated claims: one run, side by side.

    python3 Benchmarks/run.py --lines 10000000 --runs 5          everything; writes docs/benchmarks.md
    python3 Benchmarks/run.py --only queries --work /tmp/bench   one part, on the data and stores of an earlier run
    python3 Benchmarks/run.py --only scans --work /tmp/bench --write docs/benchmarks.md    and the page, with the parts measured before
    python3 Benchmarks/run.py --only ceiling --ceiling 100000000 --work /tmp/bench

Needs the PyPI packages duckdb, chdb, polars and pyarrow (`make bench` installs what is missing). Benchmarks/README.md says
how each figure is taken.
"""
import argparse
import copy
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from comparison import ceiling, indicators, ingest, machine, page, queries, report, storage, tpch  # noqa: E402
from comparison.context import CLICKHOUSE, DUCKDB, FUNDWATCH, PARQUET, POLARS, Context  # noqa: E402
from comparison.dataset import Dataset  # noqa: E402
from comparison.peers.fundwatch import Fundwatch  # noqa: E402
from comparison.results import Results  # noqa: E402

PARTS = ["ingest", "forms", "store", "scans", "queries", "indicators", "tpch", "ceiling"]
ENGINES = [FUNDWATCH, DUCKDB, CLICKHOUSE, POLARS, PARQUET]


def main():
    options = parse()
    binary = Path(options.binary).resolve()
    if not binary.exists():
        sys.exit(f"{binary} is not there: build it with `make build`, or name another with --binary")
    options.binary, is_temporary = binary, options.work is None
    options.work = options.work or tempfile.mkdtemp(prefix="fundwatch-bench-")
    Path(options.work).mkdir(parents=True, exist_ok=True)
    try:
        measure(options)
    finally:
        if is_temporary:
            shutil.rmtree(options.work)


def measure(options):
    dataset = Dataset(options.binary, options.work, options.lines, options.seed)
    version = Fundwatch(options.binary, options.work, options.threads).version
    setting = {
        "lines": options.lines, "seed": options.seed, "threads": options.threads, "runs": options.runs,
        "claims_bytes": dataset.claims_size, **machine.describe(version, options.binary)}
    results = Results(Path(options.work) / "results.json", setting, is_kept=not options.match)
    context = Context(options, dataset, results, [FUNDWATCH, *options.peers])
    wanted = set(options.match.split(",")) if options.match else None
    actions = {
        "ingest": lambda: ingest.run(context), "forms": lambda: ingest.run_forms(context),
        "store": lambda: storage.run(context), "indicators": lambda: indicators.run(context, wanted),
        "queries": lambda: queries.run(context, queries.QUERIES, wanted),
        "scans": lambda: queries.run(context, queries.SCANS, wanted),
        "tpch": lambda: tpch.run(context, Path(options.work), options.scale, wanted), "ceiling": lambda: measure_ceiling(options, context)}
    for part in options.parts:
        actions[part]()
    text = report.render(results)
    print(text)
    target = options.write or (None if options.only or options.match else "docs/benchmarks.md")
    if target:
        page.write(Path(target), text)
    if any("DISAGREES" in note for notes in results.notes.values() for note in notes):
        sys.exit("the engines disagree: see above")


def measure_ceiling(options, context):
    large = copy.copy(options)
    large.lines = options.ceiling
    # Data of the comparison itself, or of an earlier one, stay.
    was_there = Dataset.folder_of(options.work, large.lines, options.seed).exists()
    dataset = Dataset(options.binary, options.work, large.lines, options.seed)
    large_context = Context(large, dataset, context.results, [FUNDWATCH])
    try:
        ceiling.run(context, large_context)
    finally:
        if not was_there:
            shutil.rmtree(dataset.folder)
            shutil.rmtree(large_context.home)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/fundwatch", help="the release build of fundwatch")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5, help="runs of each measure, the engines in turn; medians are shown")
    parser.add_argument("--threads", type=int, default=2, help="threads of every engine")
    parser.add_argument("--only", help=f"parts, separated by commas: {', '.join(PARTS)}")
    parser.add_argument("--match", help="only these indicators or queries, separated by commas; printed, not kept with the other results")
    parser.add_argument("--peers", default=",".join(ENGINES[1:]), help="engines beside Fundwatch")
    parser.add_argument("--scale", default="1", help="scale factor of TPC-H")
    parser.add_argument("--ceiling", type=int, default=0, metavar="LINES", help="also ingest this many lines, Fundwatch alone")
    parser.add_argument("--work", help="folder for data, stores and results.json; kept if named, else temporary")
    parser.add_argument("--write", metavar="FILE", help="page that takes the report, between its markers (docs/benchmarks.md if everything is measured)")
    options = parser.parse_args()
    options.parts = options.only.split(",") if options.only else [part for part in PARTS if part != "ceiling" or options.ceiling]
    options.peers = [peer for peer in options.peers.split(",") if peer]
    for given, known in [(options.parts, PARTS), (options.peers, ENGINES[1:])]:
        if unknown := [word for word in given if word not in known]:
            parser.error(f"{unknown[0]} is none of {', '.join(known)}")
    if options.match and options.write:
        parser.error("--match measures too little for a page: leave --write out")
    if "ceiling" in options.parts and not options.ceiling:
        parser.error("--only ceiling needs --ceiling LINES")
    return options


if __name__ == "__main__":
    main()
