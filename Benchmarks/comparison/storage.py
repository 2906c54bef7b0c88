"""Bytes of the claims at rest."""
from . import processes
from .context import CLICKHOUSE, POLARS

PART = "store"


def run(context):
    results = context.results
    results.begin(PART)
    for engine in context.engines:
        context.attempt(PART, engine, lambda: results.add(PART, "bytes", engine, _size(context, engine)))
    results.save()


def _size(context, engine):
    """With the reference tables, which are some kilobytes, except in Parquet, which is the claims' file alone."""
    context.load_if_missing(engine)
    if engine == CLICKHOUSE:
        with context.peer(engine) as peer:
            peer.ask("open")
            return peer.ask("size")["bytes"]
    path = context.store(engine)
    return processes.folder_size(path / "claims.parquet" if engine == POLARS else path)
