"""The 22 indicators: Fundwatch's library beside the same figures as SQL for DuckDB and ClickHouse."""
from decimal import ROUND_HALF_UP, Decimal

from . import answers, scripts
from .context import CLICKHOUSE, DUCKDB, FUNDWATCH

PART = "indicators"
WHOLE = "Fundwatch, whole process"


def run(context, only=None):
    """Compares the answers to the last event and cent, then times them in turn."""
    results = context.results
    results.begin(PART)
    context.load_if_missing(FUNDWATCH)
    peers = context.open_peers(PART, [DUCKDB, CLICKHOUSE], scripts.indicator_setup)
    for identifier in scripts.indicator_ids():
        if only and identifier not in only:
            continue
        context.tell(f"indicator {identifier}")
        _run_indicator(context, identifier, peers)
        results.save()
    for peer in peers.values():
        peer.close()


def _run_indicator(context, identifier, peers):
    results = context.results
    ours = [row[:3] + row[4:] for row in context.fundwatch.rows("indicators", "run", identifier)]
    able = {}
    for engine, peer in peers.items():
        sql = scripts.indicator(identifier, engine)

        def check(engine=engine, peer=peer, sql=sql):
            theirs = [row[:3] + [_cents(row[3])] for row in peer.ask("query", sql=sql)["rows"]]
            context.compare(PART, engine, identifier, ours, theirs)
            able[engine] = sql
        context.attempt(PART, engine, check)
    for _ in range(context.runs):
        results.add(PART, identifier, FUNDWATCH, context.fundwatch.warm_indicator_seconds(identifier))
        results.add(PART, identifier, WHOLE, context.fundwatch.indicator_process_seconds(identifier))
        for engine, sql in able.items():
            results.add(PART, identifier, engine, peers[engine].ask("query", sql=sql)["wall_seconds"])


def _cents(text):
    return str(Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
