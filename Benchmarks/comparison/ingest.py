"""CSV in: every engine in turn, then Fundwatch with the same data in other forms."""
from . import processes
from .context import CLICKHOUSE, FUNDWATCH, POLARS
from .dataset import VARIANTS

PART, FORMS = "ingest", "forms"
MEMORY, LIGHT = "Polars, to memory", "Polars, to memory, lightly"


def run(context):
    results = context.results
    results.begin(PART)
    context.dataset.warm(context.dataset.claims)
    for number in range(context.runs):
        context.tell(f"ingest, run {number + 1} of {context.runs}")
        for engine in context.engines:
            context.forget(engine)
            processes.settle()
            if engine == FUNDWATCH:
                _record(results, FUNDWATCH, context.fundwatch.ingest(context.dataset.claims))
            else:
                context.attempt(PART, engine, lambda: _run_peer(context, engine))
            results.save()


def run_forms(context):
    """Plain UTF-8, gzip, zstd, standard input and GB18030, in turn."""
    results = context.results
    results.begin(FORMS)
    files = {"plain": context.dataset.claims, **{form: context.dataset.variant(form) for form in VARIANTS}}
    for form in files.values():
        context.dataset.warm(form)
    for number in range(context.runs):
        context.tell(f"forms, run {number + 1} of {context.runs}")
        for form in ["plain", "stdin", *VARIANTS]:
            context.forget(FUNDWATCH)
            processes.settle()
            if form == "stdin":
                costs = [context.fundwatch.ingest_stream(file) for file in context.dataset.claims]
                seconds = sum(cost.wall_seconds for cost in costs)
            else:
                seconds = context.fundwatch.ingest(files[form]).wall_seconds
            results.add(FORMS, "wall_seconds", form, seconds)
        results.save()


def _run_peer(context, engine):
    results = context.results
    files = [str(file) for file in context.dataset.claims]
    if engine == POLARS:
        with context.peer(engine) as peer:
            _add(results, LIGHT, peer.ask("ingest_lightly", files=files))
    with context.peer(engine) as peer:
        answer = peer.ask("ingest", files=files)
        if engine == POLARS:
            _add(results, MEMORY, answer)
            written = peer.ask("write_parquet")
            answer = {**written, **{key: answer[key] + written[key] for key in ["wall_seconds", "cpu_seconds"]}}
        _add(results, engine, answer)
        if engine == CLICKHOUSE:
            peer.ask("merge")


def _record(results, engine, cost):
    _add(results, engine, vars(cost))


def _add(results, engine, values):
    for key in ["wall_seconds", "cpu_seconds", "peak_bytes"]:
        results.add(PART, key, engine, values[key])
