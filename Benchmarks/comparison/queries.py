"""SQL files, warm, in every engine that can: twenty ad-hoc queries, and plain scans and look-ups."""
from decimal import Decimal

from . import scripts
from .context import CLICKHOUSE, DUCKDB, FUNDWATCH, POLARS

# Parts, and the folders their SQL lies in.
QUERIES, SCANS = "queries", "scans"


def run(context, part, only=None):
    context.results.begin(part)
    context.load_if_missing(FUNDWATCH)
    peers = context.open_peers(part, [DUCKDB, CLICKHOUSE, POLARS])
    for query in scripts.queries(part):
        if only and query.name not in only:
            continue
        context.tell(f"{part} {query.name}")
        _run_query(context, part, query, peers)
        context.results.save()
    for peer in peers.values():
        peer.close()


def _run_query(context, part, query, peers):
    binds = {name: context.fundwatch.rows("sql", sql)[0][0] for name, sql in query.binds}
    ours = context.fundwatch.rows("sql", _bound(query.sql, binds))
    tolerance = Decimal("1e-9") if query.is_approximate else Decimal(0)
    able = {}
    for engine, peer in peers.items():
        request = _request(engine, query, binds)

        def check(engine=engine, peer=peer, request=request):
            context.compare(part, engine, query.name, ours, peer.ask(**request)["rows"], tolerance)
            able[engine] = request
        context.attempt(part, engine, check)
    for _ in range(context.runs):
        context.results.add(part, query.name, FUNDWATCH, context.fundwatch.warm_query_seconds(_bound(query.sql, binds)))
        for engine, request in able.items():
            context.results.add(part, query.name, engine, peers[engine].ask(**request)["wall_seconds"])


def _request(engine, query, binds):
    if engine == POLARS:
        return {"request": "query", "name": query.name.split("_", 1)[1], "binds": binds}
    override = query.overrides.get(engine.lower())
    return {"request": "query", "sql": _bound(override or query.sql, binds)}


def _bound(sql, binds):
    for name, value in binds.items():
        sql = sql.replace("{" + name + "}", value.replace("'", "''"))
    return sql
