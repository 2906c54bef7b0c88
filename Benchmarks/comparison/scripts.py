"""The SQL files of the comparison."""
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Query:
    """One query. `sql` may hold `{name}` for each of `binds`, the SQL of one value each."""
    name: str
    title: str
    kind: str
    sql: str
    binds: tuple
    is_approximate: bool
    overrides: dict  # engine -> SQL in that engine's own words


def indicator_ids():
    """Ids in the library's order, which is the order of the report; templates over knowledge points are no part of it."""
    listed = (ROOT / "../Sources/Indicators/BuiltInLibrary.swift").read_text()
    return re.findall(r'\("([a-z_]+)\.sql"', listed.split("static let templates")[0])


def indicator(identifier, engine):
    """SQL of an indicator: the engine's own where it needs one, else DuckDB's."""
    own = ROOT / f"indicators/{engine.lower()}/{identifier}.sql"
    return (own if own.exists() else ROOT / f"indicators/{identifier}.sql").read_text()


def indicator_setup(engine):
    """Statements that define what the indicators' SQL reads and calls in an engine."""
    text = "".join((ROOT / "indicators" / name).read_text() for name in ["views.sql", f"setup/{engine.lower()}.sql"])
    return [statement for statement in text.split(";") if statement.strip()]


def queries(folder):
    """The queries of `queries/` or `scans/`, by their numbers."""
    return [_query(file) for file in sorted((ROOT / folder).glob("*.sql"))]


def _query(file):
    text = file.read_text()
    marks = dict(re.findall(r"^-- (title|kind|values): (.*)$", text, flags=re.M))
    binds = tuple(re.findall(r"^-- bind (\w+): (.*)$", text, flags=re.M))
    overrides = {folder.name: path.read_text() for folder in file.parent.iterdir()
                 if folder.is_dir() and (path := folder / file.name).exists()}
    return Query(
        name=file.stem, title=marks["title"], kind=marks["kind"], sql=re.sub(r"^-- .*\n", "", text, flags=re.M),
        binds=binds, is_approximate=marks.get("values") == "double", overrides=overrides)
