"""What Fundwatch is meant to reach beside its peers, and whether it did."""
import math

from . import ingest
from .context import CLICKHOUSE, DUCKDB, FUNDWATCH, PARQUET, POLARS


def judge(results):
    """(figure, measured, aim, whether it is met) for each aim whose parts were measured."""
    judged = []

    def at_least(name, value, aim, unit="×"):
        if value is not None:
            judged.append((name, f"{value:.2f}{unit}", f"at least {aim}{unit}", value >= aim))

    def at_most(name, value, aim, unit=""):
        if value is not None:
            judged.append((name, f"{value:.3f}{unit}", f"at most {aim:.2f}{unit}", value <= aim))

    ours = results.median("ingest", "wall_seconds", FUNDWATCH)
    at_least("ingest, speed against DuckDB", _ratio(results.median("ingest", "wall_seconds", DUCKDB), ours), 8)
    at_least("ingest, speed against Polars' `read_csv`, typed", _ratio(results.median("ingest", "wall_seconds", ingest.MEMORY), ours), 2)
    at_least("the same, dates as text and decimals as doubles", _ratio(results.median("ingest", "wall_seconds", ingest.LIGHT), ours), 2)
    at_most("ingest, peak memory", _ratio(results.median("ingest", "peak_bytes", FUNDWATCH), 2**30), 1, " GiB")
    at_least("ingest, GB18030's speed against UTF-8's", _ratio(
        results.median("forms", "wall_seconds", "plain"), results.median("forms", "wall_seconds", "gb18030")), 0.6)
    bytes_stored = results.median("store", "bytes", FUNDWATCH)
    for engine, share in [(DUCKDB, 0.20), (CLICKHOUSE, 0.50), (POLARS, 0.36), (PARQUET, 0.36)]:
        name = f"Parquet ({engine})" if engine in (POLARS, PARQUET) else engine
        at_most(f"store, share of {name}", _ratio(bytes_stored, results.median("store", "bytes", engine)), share)
    for part, total, mean, least in [("indicators", 8, 8, 2), ("queries", None, 6, 1)]:
        pairs = _pairs(results, part)
        if not pairs:
            continue
        title = f"{len(pairs)} {part}"
        ratios = [theirs / ours for theirs, ours in pairs]
        if total:
            at_least(f"{title}, speed against DuckDB in total", sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs), total)
        at_least(f"{title}, geometric mean", geometric_mean(ratios), mean)
        at_least(f"{title}, the slowest", min(ratios), least)
    if pairs := _pairs(results, "tpch"):
        # The general-purpose yardstick: as fast as half of DuckDB at least, over all queries together.
        at_least(f"TPC-H, {len(pairs)} queries, speed against DuckDB in total", sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs), 0.5)
    return judged


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def _pairs(results, part):
    """DuckDB's and Fundwatch's seconds, where both have them."""
    found = [(results.median(part, name, DUCKDB), results.median(part, name, FUNDWATCH)) for name in results.measures(part)]
    return [pair for pair in found if None not in pair]


def _ratio(left, right):
    return None if left is None or right is None else left / right
