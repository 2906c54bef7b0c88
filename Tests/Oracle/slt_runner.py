#!/usr/bin/env python3
"""Public SQL-logic cases through `fundwatch sql`, judged by PostgreSQL 15's own answer.

usage: slt_runner.py FUNDWATCH [options] FILE|FOLDER…

Files are in the form of sqllogictest (SQLite, DuckDB, RisingWave, CockroachDB …). Statements run in PostgreSQL; its tables
are copied into a store with `create table as`; each query that PostgreSQL answers runs in both. The expectations written in
the files are not looked at. Every query falls in one class:

    same       the same rows (numbers to 12 digits: scales are PostgreSQL's choice; doubles to a relative 1e-12)
    refused    our message says that something is not supported, or that a number needs more than 38 digits
    failed     any other error of ours
    wrong      other rows
    order      the same rows in another order, where the query orders by what is not among its columns (ties can not be told)
    open       other rows, where a `limit` inside the query leaves open which
    accepted   rows from us, an error from PostgreSQL (its error is shown)
    neither    an error from both

Only the first four count. Cases are never stored in the project.
"""
import argparse
import collections
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal, InvalidOperation

from answers import LIMIT, first_difference, near, order_places, parse, unpaired
from postgres import Failure, Server

PLAIN = {
    "smallint": "integer", "integer": "integer", "bigint": "bigint", "real": "double precision",
    "double precision": "double precision", "boolean": "boolean", "text": "text", "date": "date", "name": "text",
    "timestamp without time zone": "timestamp",
}


class Record:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line


def records(path):
    """Statements and queries of a file; loops are unrolled."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    return list(read(lines, 0, len(lines), {}))


def read(lines, at, end, names):
    skip = False
    while at < end:
        line = lines[at].strip()
        at += 1
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] in ("foreach", "loop"):
            stop, depth = at, 1
            while stop < end and depth:
                first = (lines[stop].split() or [""])[0]
                depth += first in ("foreach", "loop", "concurrentloop", "concurrentforeach")
                depth -= first == "endloop"
                stop += 1
            values = words[2:] if words[0] == "foreach" else [str(n) for n in range(int(words[2]), int(words[3]))] if words[2].isdigit() and words[3].isdigit() else []
            for value in values[:20]:
                yield from read(lines, at, stop - 1, {**names, words[1]: value})
            at = stop
            continue
        if words[0] in ("mode",) and "skip" in words:
            while at < end and lines[at].strip() not in ("mode unskip", "mode output_hash"):
                at += 1
            continue
        if words[0] == "skipif":
            skip = skip or words[1] in ("postgres", "postgresql")
            continue
        if words[0] == "onlyif":
            skip = skip or words[1] not in ("postgres", "postgresql")
            continue
        if words[0] == "halt":
            return
        if words[0] not in ("statement", "query"):
            continue
        start = at
        text = []
        while at < end and lines[at].strip() and lines[at].strip() != "----":
            text.append(lines[at])
            at += 1
        while at < end and lines[at].strip():
            at += 1
        statement = "\n".join(text)
        for name, value in names.items():
            statement = statement.replace("${%s}" % name, value)
        if not skip and statement:
            yield Record(words[0], statement.strip().rstrip(";").strip(), start + 1)
        skip = False


class Store:
    """A store with the rows of PostgreSQL's tables."""

    def __init__(self, fundwatch, folder, environment):
        self.fundwatch, self.folder, self.environment = fundwatch, folder, environment
        self.unstored = {}

    def run(self, text, *options):
        done = subprocess.run(
            [self.fundwatch, "sql", "--store", self.folder, "--format", "csv", *options], input=text, capture_output=True,
            encoding="utf-8", errors="replace", timeout=60, env=self.environment)
        return done.returncode, done.stdout, done.stderr

    def fill(self, server):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.unstored = {}
        script = []
        tables = server.query("""select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where (n.nspname = 'public' or n.oid = pg_my_temp_schema()) and c.relkind in ('r', 'p', 'm') order by 1""").rows
        for (table,) in tables:
            statements = self.statements(server, table)
            if isinstance(statements, str):
                self.unstored[table] = statements
            else:
                script += statements
        views = server.query("""select viewname, definition from pg_views where schemaname = 'public' order by viewname""").rows
        code, _, complaint = self.run(";\n".join(script + ["create view slt_mark as select 1"]), "--quiet")
        if code:
            raise RuntimeError(f"the store cannot be filled: {complaint[:600]}")
        for _ in range(3):
            rest = []
            for name, definition in views:
                code, _, complaint = self.run(f"create view {quoted(name)} as {definition}", "--quiet")
                if code:
                    rest.append((name, definition, complaint))
            views = [(name, definition) for name, definition, _ in rest]
            for name, _, complaint in rest:
                self.unstored[name] = "view: " + complaint.split("\n")[0][:200]

    def statements(self, server, table):
        """`create table` for one table, or why it cannot be."""
        columns = server.query(f"""select attname, format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = '{quoted(table)}'::regclass and attnum > 0 and not attisdropped order by attnum""").rows
        if not columns:
            return "a table without columns"
        types = []
        for name, kind in columns:
            base = re.sub(r"\(.*", "", kind)
            if kind in PLAIN:
                types.append(PLAIN[kind])
            elif base in ("character varying", "character"):
                types.append("text")
            elif base == "numeric":
                digits = re.match(r"numeric\((\d+),(\d+)\)", kind)
                scale = server.query(f"select max(scale({quoted(name)})) from {quoted(table)}").rows[0][0] or "0"
                if digits and int(digits[1]) <= 38:
                    types.append(f"numeric({digits[1]},{digits[2]})")
                else:
                    types.append(f"numeric(38,{scale})")
            else:
                return f"type {kind}"
        texts = ", ".join(f"{quoted(name)}::text" for name, _ in columns)
        rows = server.query(f"select {texts} from {quoted(table)}").rows
        names = ", ".join(quoted(name) for name, _ in columns)
        casts = ", ".join(f"{quoted(name)}::{kind} as {quoted(name)}" for (name, _), kind in zip(columns, types))
        empty = ", ".join(f"null::{kind} as {quoted(name)}" for (name, _), kind in zip(columns, types))
        if not rows:
            return [f"create table {quoted(table)} as select {empty} where false"]
        limit = max(1, min(20000, 100000 // (2 * len(columns))))
        parts, result = [], []
        for first in range(0, len(rows), limit):
            values = ",\n".join("(" + ", ".join("null" if v is None else "'" + v.replace("'", "''") + "'" for v in row) + ")" for row in rows[first:first + limit])
            if len(values) > 1000000:
                return "too long values"
            parts.append((f"select {casts} from (values {values}) as r({names})"))
        if len(parts) > 20:
            return "too many rows"
        if len(parts) == 1:
            return [f"create table {quoted(table)} as {parts[0]}"]
        for number, part in enumerate(parts):
            result.append(f"create table {quoted(f'{table}_part{number}')} as {part}")
        union = " union all ".join(f"select * from {quoted(f'{table}_part{number}')}" for number in range(len(parts)))
        result.append(f"create table {quoted(table)} as {union}")
        return result


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def value(kind, text):
    if text is None:
        return None
    base = re.sub(r"\(.*", "", kind)
    try:
        if base == "boolean":
            return {"t": "true", "f": "false"}.get(text, text)
        if base in ("numeric", "bigint", "integer", "smallint"):
            return Decimal(text)
        if base in ("real", "double precision"):
            return float(text)
        if base == "character":
            return text.rstrip(" ")
        if base == "timestamp with time zone":
            # There are no zones here: the server's is UTC.
            return text.removesuffix("+00")
    except (ValueError, InvalidOperation):
        pass
    return text


def compare(query, ours, theirs, everything):
    """Class and detail of rows of ours beside PostgreSQL's result. `everything(query)` gives PostgreSQL's rows of another query."""
    types, cut = theirs.types, LIMIT.search(query)
    inner = query[:cut.start()] if cut else query
    wrong = "open" if re.search(r"\b(limit|fetch|offset|distinct\s+on)\b", inner, re.I) else "wrong"
    if len(ours) != len(theirs.rows):
        return wrong, f"{len(ours)} rows, PostgreSQL {len(theirs.rows)}: {ours[:3]} … {theirs.rows[:3]}"
    # A row without columns is an empty line in CSV.
    if ours and len(ours[0]) != max(len(types), 1):
        return "wrong", f"{len(ours[0])} columns, PostgreSQL {len(types)}"
    tolerance = 1e-5 if "real" in types else 1e-12
    mine, wanted = ([[value(kind, v) for kind, v in zip(types, row)] for row in rows] for rows in (ours, theirs.rows))

    def same(a, b):
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            return near(a, b, 1e-12, least=1e-10)
        return near(a, b, tolerance)

    if first_difference(mine, wanted, same) is None:
        return "same", ""
    alone, missing = unpaired(mine, wanted, same)
    if alone and cut:
        # A limit lets through any of the rows that are equal to the order.
        try:
            whole = [[value(kind, v) for kind, v in zip(types, row)] for row in everything(inner)]
            alone, missing = unpaired(mine, whole, same)
        except Failure:
            wrong = "open"
    if alone:
        return wrong, f"{len(alone)} rows differ: {shown(alone[0])}, PostgreSQL {shown(missing[0]) if missing else None}"
    places = order_places(query, theirs.names)
    if places is None:
        return "order", "the same rows in another order"
    mine, wanted = ([[row[place] for place in places] for row in rows] for rows in (mine, wanted))
    number = first_difference(mine, wanted, same)
    return ("same", "") if number is None else ("wrong", f"row {number + 1} in order: {shown(mine[number])}, PostgreSQL {shown(wanted[number])}")


def shown(row):
    return [str(v) if isinstance(v, Decimal) else v for v in row]


def cause(complaint):
    """What a refusal names, without the place and quoted names."""
    text = re.sub(r"^fundwatch: (query|standard input|-)?:?(\d+:\d+: )?", "", complaint.split("\n")[0])
    return re.sub(r'"[^"]*"', '"…"', text.split(";")[0])[:120]


class Session:
    def __init__(self, options, server, folder):
        self.options, self.server = options, server
        self.store = Store(options.fundwatch, os.path.join(folder, "store"), dict(os.environ))
        self.counts, self.causes = collections.Counter(), collections.Counter()
        self.examples = collections.defaultdict(list)

    def file(self, path, name):
        """Judges the queries of one file; what was judged counts also where the file has to be left before its end."""
        connection, counts = None, collections.Counter()
        try:
            connection = self.server.connect()
            self.run_records(records(path), name, connection, counts)
        except ConnectionError as error:
            counts["left"] += 1
            print(f"{name}: left, PostgreSQL ended the connection: {error}")
        except subprocess.TimeoutExpired:
            counts["left"] += 1
            print(f"{name}: left, the store took more than a minute to fill")
        except (RuntimeError, Failure, OSError, RecursionError) as error:
            counts["left"] += 1
            print(f"{name}: left, {error}")
        finally:
            try:
                if connection:
                    connection.close()
            except OSError:
                pass
            self.counts.update(counts)
            judged = sum(counts[kind] for kind in ("same", "refused", "failed", "wrong"))
            if counts.total():
                print(f"{name}: {counts['same']}/{judged} same  " + " ".join(f"{kind} {count}" for kind, count in sorted(counts.items()) if kind != "same"), flush=True)

    def run_records(self, found, name, connection, counts):
        connection.query("set client_min_messages = error; drop schema public cascade; create schema public; set search_path = public; set statement_timeout = '10s'")
        dirty = True
        chosen = [r for r in found if r.kind == "query"]
        keep = None
        if self.options.limit and len(chosen) > self.options.limit:
            seed = int(hashlib.sha256(f"{self.options.seed}{name}".encode()).hexdigest()[:8], 16)
            keep = set(id(r) for r in random.Random(seed).sample(chosen, self.options.limit))
        for record in found:
            first = (re.match(r"\W*(\w+)", record.text) or [None, ""])[1].lower()
            is_query = first in ("select", "with", "values", "table")
            if not is_query:
                try:
                    connection.query(record.text)
                except Failure:
                    pass
                if first in ("create", "insert", "update", "delete", "drop", "alter", "truncate", "copy", "merge", "begin", "commit", "rollback"):
                    dirty = True
                continue
            if keep is not None and record.kind == "query" and id(record) not in keep:
                continue
            try:
                expected, refusal = connection.query(record.text), None
            except Failure as failure:
                expected, refusal = None, failure
                if failure.code == "57014" or failure.code == "42601" or re.search("current transaction is aborted", failure.message):
                    continue
            if re.search(r"\b(pg_\w+|information_schema|current_user|now|random|current_date|current_timestamp|version|nextval|gen_random_uuid|clock_timestamp|txid_\w+)\b", record.text, re.I):
                continue
            if dirty:
                self.store.fill(connection)
                dirty = False
            kind, detail = self.judge(record, expected, refusal, connection)
            counts[kind] += 1
            if kind in ("refused", "failed", "accepted"):
                self.causes[kind, cause(detail)] += 1
            note = f"{name}:{record.line} {detail[:500]}\n    " + record.text.replace("\n", "\n    ")
            self.examples[kind].append(note)

    def judge(self, record, expected, refusal, connection):
        try:
            code, output, complaint = self.store.run(record.text)
        except subprocess.TimeoutExpired:
            return "failed", "more than a minute"
        if code not in (0, 1):
            return "failed", f"exit {code}: {complaint}"
        if refusal:
            return ("neither", complaint) if code else ("accepted", refusal.message)
        if code:
            for table, why in self.store.unstored.items():
                if f'"{table}"' in complaint and "does not exist" in complaint:
                    return "refused", f"table with {why}"
            if re.search(r"support|is not a name that|numeric field overflow", complaint):
                return "refused", complaint
            return "failed", complaint
        return compare(record.text, parse(output), expected, lambda query: connection.query(query).rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--limit", type=int, default=0, help="queries of a file at most, drawn with the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", default="wrong", help="classes whose cases are shown, with commas")
    parser.add_argument("--out", help="folder for all cases of each class")
    options = parser.parse_args()
    files = []
    for path in options.paths:
        if os.path.isdir(path):
            for folder, _, names in sorted(os.walk(path)):
                files += [os.path.join(folder, name) for name in sorted(names) if re.search(r"\.(test|slt)(\.part)?$", name)]
        else:
            files.append(path)
    base = os.path.commonpath([os.path.abspath(path) for path in options.paths])
    with tempfile.TemporaryDirectory(prefix="slt-") as folder:
        os.chmod(folder, 0o755)
        was_interrupted = False
        with Server(os.path.join(folder, "postgres")) as server:
            session = Session(options, server, folder)
            try:
                for path in files:
                    session.file(path, os.path.relpath(os.path.abspath(path), base) if len(files) > 1 else os.path.basename(path))
            except (KeyboardInterrupt, SystemExit):
                was_interrupted = True
    for kind in filter(None, options.show.split(",")):
        print(f"\n=== {kind}")
        for text in session.examples[kind]:
            print(text)
    if options.out:
        os.makedirs(options.out, exist_ok=True)
        for kind, texts in session.examples.items():
            if kind != "same":
                with open(os.path.join(options.out, kind), "w", encoding="utf-8") as file:
                    file.write("\n".join(texts) + "\n")
    print("\n=== causes")
    for (kind, text), count in session.causes.most_common(80):
        print(f"{count:6} {kind:9} {text}")
    total = sum(session.counts[kind] for kind in ("same", "refused", "failed", "wrong"))
    print(f"\n{total} queries that PostgreSQL answers: " + ", ".join(f"{session.counts[kind]} {kind} ({100 * session.counts[kind] / max(1, total):.2f} %)" for kind in ("same", "refused", "failed", "wrong")))
    print(", ".join(f"{kind} {session.counts[kind]}" for kind in ("order", "open", "accepted", "neither")))
    if session.counts["left"]:
        print(f"{session.counts['left']} files were left before their end")
    if was_interrupted:
        print("interrupted: the figures are those of the queries before")
    return 1 if session.counts["wrong"] or was_interrupted else 0


if __name__ == "__main__":
    sys.exit(main())
