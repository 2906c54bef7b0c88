"""What stands between the markers of docs/benchmarks.md, from the samples."""
from . import aims, indicators, ingest, scripts
from .context import CLICKHOUSE, DUCKDB, FUNDWATCH, PARQUET, POLARS
from .schema import TABLES


def render(results):
    sections = [_head(results.setting)]
    if results.is_kept:
        # Of single queries the aims say nothing.
        sections.append(_aims(results))
    for part, section in [("ingest", _ingest), ("forms", _forms), ("store", _store), ("indicators", _indicators),
                          ("queries", _queries), ("scans", _scans), ("tpch", _tpch), ("ceiling", _ceiling)]:
        if results.measures(part):
            sections.append(section(results) + _notes(results, part))
    return "\n".join(sections)


def _head(setting):
    named = {**setting["versions"]}
    named["Fundwatch"] += f" (commit {setting['commit']})" if setting["commit"] else f" (build {setting['build']})"
    versions = ", ".join(f"{name} {version}" for name, version in named.items())
    return f"""`make bench LINES={setting['lines']} SEED={setting['seed']} RUNS={setting['runs']}` measured this, on one machine, part after part.

- Data: {setting['lines']:,} generated lines, seed {setting['seed']}, {setting['claims_bytes'] / 1e9:.2f} GB of CSV, {len(TABLES['claims'])} columns.
- Machine: {setting['processor']}, {setting['processors']} processors, {setting['memory_gib']} GiB, {setting['system']}.
- Versions: {versions}, Python {setting['python']}.
- {setting['threads']} threads each; the engines take turns; every figure is the median of {setting['runs']} runs; page cache warm.
"""


def _aims(results):
    rows = [[name, found, aim, "yes" if is_met else "no"] for name, found, aim, is_met in aims.judge(results)]
    return "## Aims\n\n" + _table(["figure", "measured", "aim", "met"], rows) if rows else ""


def _ingest(results):
    rows = []
    ours = results.median("ingest", "wall_seconds", FUNDWATCH)
    for engine, what in [(FUNDWATCH, "durable, verified store"), (DUCKDB, "database file, checkpoint"),
                         (CLICKHOUSE, "MergeTree, ZSTD, before merges"), (ingest.LIGHT, "data frame, no store; dates as text, decimals as doubles"), (ingest.MEMORY, "data frame, no store"),
                         (POLARS, "Parquet, zstd, level 3"), (PARQUET, "Parquet, zstd, level 1")]:
        wall = results.median("ingest", "wall_seconds", engine)
        if wall is None:
            continue
        rows.append([engine, what, f"{wall:.2f} s", f"{results.median('ingest', 'cpu_seconds', engine):.2f} s",
                     _bytes(results.median("ingest", "peak_bytes", engine)), _ratio(wall, ours)])
    return "## Ingest\n\n" + _table(["engine", "CSV to", "wall", "processor", "peak memory", "ratio of wall"], rows, left=2)


def _forms(results):
    titles = {"plain": "plain UTF-8", "stdin": "standard input", "gz": "gzip", "zst": "zstd", "gb18030": "GB18030"}
    plain = results.median("forms", "wall_seconds", "plain")
    rows = [[titles[form], f"{seconds:.2f} s", f"{100 * plain / seconds:.0f} %"] for form in titles
            if (seconds := results.median("forms", "wall_seconds", form))]
    return "## Ingest of the same lines in other forms\n\n" + _table(["form", "wall", "speed of plain UTF-8"], rows)


def _store(results):
    ours = results.median("store", "bytes", FUNDWATCH)
    csv = results.setting["claims_bytes"]
    rows = []
    for engine in [FUNDWATCH, DUCKDB, CLICKHOUSE, POLARS, PARQUET]:
        if size := results.median("store", "bytes", engine):
            name = {POLARS: "Parquet, zstd, level 3 (Polars)", PARQUET: "Parquet, zstd, level 1 (pyarrow)", CLICKHOUSE: "ClickHouse, merged"}.get(engine, engine)
            rows.append([name, _bytes(size), f"{csv / size:.1f}×", f"{ours / size:.3f}"])
    return "## Store\n\n" + _table(["engine", "bytes", "CSV to store", "Fundwatch's share of it"], rows)


def _indicators(results):
    names = results.measures("indicators")
    engines = _engines(results, "indicators", [DUCKDB, CLICKHOUSE])
    table = _comparison(results, "indicators", engines, [[f"`{name}`"] for name in names], ["indicator"], beside=indicators.WHOLE)
    return "## Indicators\n\n" + table + _verdict(
        results, "indicators", engines, "the same events, exposure and amount for every institution, to the last event and cent")


def _queries(results):
    return "## Ad-hoc queries\n\n" + _scripts(results, "queries")


def _scans(results):
    return "## Scans and look-ups\n\n" + _scripts(results, "scans")


def _tpch(results):
    return "## TPC-H\n\n" + _scripts(results, "tpch")


def _scripts(results, part):
    known = {query.name: [query.name.split("_")[0], f"{query.title} ({query.kind})"] for query in scripts.queries(part)}
    engines = _engines(results, part, [DUCKDB, CLICKHOUSE, POLARS])
    labels = [known[name] for name in results.measures(part)]
    return _comparison(results, part, engines, labels, ["", "query"]) + _verdict(results, part, engines, "the same rows")


def _verdict(results, part, engines, what):
    """A sentence that names the engines whose answers were compared; none if one of them differed, which a note tells."""
    if not engines or any("DISAGREES" in note for note in results.notes[part]):
        return ""
    *most, last = [FUNDWATCH, *engines]
    return f"\n{', '.join(most)} and {last} gave {what}.\n"


def _engines(results, part, engines):
    return [engine for engine in engines if any(results.median(part, name, engine) for name in results.measures(part))]


def _comparison(results, part, engines, labels, head, beside=None):
    """A row for each measure: Fundwatch's time, then each engine's with its ratio; totals and geometric means at the end.

    A total's ratio counts the measures that the engine has a figure for. `beside` is a second figure of Fundwatch's own.
    """
    names = results.measures(part)
    ours = {name: results.median(part, name, FUNDWATCH) for name in names}
    columns = [FUNDWATCH, *([beside] if beside else [])]
    rows = [[*label, *(_milliseconds(results.median(part, name, column)) for column in columns)] for name, label in zip(names, labels)]
    sums, means = ([*[""] * (len(head) - 1), word] for word in ["**total**", "**geometric mean**"])
    sums += [_milliseconds(sum(results.median(part, name, column) for name in names)) for column in columns]
    means += [""] * len(columns)
    for engine in engines:
        theirs = {name: value for name in names if (value := results.median(part, name, engine)) is not None}
        for row, name in zip(rows, names):
            row += [_milliseconds(theirs[name]), _ratio(theirs[name], ours[name])] if name in theirs else ["–", "–"]
        total = sum(theirs.values())
        sums += [_milliseconds(total), _ratio(total, sum(ours[name] for name in theirs))]
        means += ["", f"{aims.geometric_mean([theirs[name] / ours[name] for name in theirs]):.2f}×"]
    titles = [*head, *columns, *(word for engine in engines for word in [engine, "ratio"])]
    return _table(titles, [*rows, sums, means], left=len(head))


def _ceiling(results):
    rows = []
    for name in ["base", "large"]:
        lines, seconds, peak, size = (results.median("ceiling", key, name) for key in ["lines", "wall_seconds", "peak_bytes", "bytes"])
        rows.append([f"{lines:,}", f"{seconds:.2f} s", f"{seconds / lines * 1e9:.0f} ns", _bytes(peak), f"{size / lines:.2f}"])
    return "## Many more lines\n\n" + _table(["lines", "ingest", "a line", "peak memory", "stored bytes a line"], rows, left=0)


def _notes(results, part):
    return "".join(f"\n{note}\n" for note in results.notes.get(part, []))


def _table(head, rows, left=1):
    """A table whose first `left` columns are texts and whose others are figures."""
    rule = ["---" if index < left else "---:" for index in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows]) + "\n"


def _ratio(theirs, ours):
    ratio = theirs / ours
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.1f}×"


def _milliseconds(seconds):
    return f"{seconds * 1000:,.1f} ms"


def _bytes(size):
    return f"{size / 1e6:,.1f} MB"
