"""TPC-H, the 22 queries of the standard: Fundwatch beside DuckDB, the general-purpose yardstick."""
from . import processes, scripts, tpch_data
from .context import DUCKDB, FUNDWATCH
from .peers.fundwatch import Fundwatch
from .peers.worker import Peer

PART = "tpch"


def run(context, work, scale, only=None):
    """Loads both from the same CSV files, compares every answer to the last digit, then times the queries in turn, warm."""
    results = context.results
    results.begin(PART)
    folder = tpch_data.generate(work / f"tpch-{scale}", scale)
    home = work / f"tpch-stores-{scale}"
    home.mkdir(exist_ok=True)
    fundwatch = Fundwatch(context.fundwatch.binary, home, context.threads)
    if not (home / "complete").exists():
        context.tell(f"TPC-H, scale factor {scale}: load")
        tpch_data.ingest(fundwatch.binary, folder, fundwatch.store, context.threads)
        (home / "complete").touch()
    results.note(PART, f"Scale factor {scale}; {sum(len(tpch_data.columns(table)) for table in tpch_data.TABLES)} columns with the standard's types.")
    peer = _duckdb(context, home, folder)
    for query in scripts.queries("tpch"):
        if only and query.name not in only:
            continue
        context.tell(f"TPC-H {query.name}")
        binds = {name: fundwatch.rows("sql", sql)[0][0] for name, sql in query.binds}
        sql = query.sql
        for name, value in binds.items():
            sql = sql.replace("{" + name + "}", value)
        # A lone NULL is an empty line of CSV.
        ours = [row or [""] for row in fundwatch.rows("sql", sql)]
        able = peer is not None and context.attempt(PART, DUCKDB, lambda: context.compare(
            PART, DUCKDB, query.name, ours, peer.ask("query", sql=sql)["rows"]))
        for _ in range(context.runs):
            results.add(PART, query.name, FUNDWATCH, fundwatch.warm_query_seconds(sql))
            if able:
                results.add(PART, query.name, DUCKDB, peer.ask("query", sql=sql)["wall_seconds"])
        results.save()
    if peer:
        peer.close()


def _duckdb(context, home, folder):
    """DuckDB with the tables loaded; None if it is no peer of this run, or fails."""
    if DUCKDB not in context.engines:
        return None
    peer = Peer("duckdb_worker", home, context.threads)

    def load():
        peer.ask("open")
        if not (home / "claims.duckdb.complete").exists():
            for statement in tpch_data.duckdb_statements(folder):
                peer.ask("query", sql=statement)
            peer.ask("query", sql="checkpoint")
            (home / "claims.duckdb.complete").touch()
    try:
        return peer if context.attempt(PART, DUCKDB, load) else None
    except processes.ChildFailed:
        peer.close()
        raise
