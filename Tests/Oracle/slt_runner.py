#!/usr/bin/env python3
"""Public SQL-logic cases through `fundwatch sql`, judged by PostgreSQL 15's own answer.

usage: slt_runner.py FUNDWATCH [options] FILE|FOLDER…

Files are in the form of sqllogictest (SQLite, DuckDB, RisingWave, CockroachDB …), or scripts for psql where they end in
`.sql`. Statements run in PostgreSQL; its tables are copied into a store with `create table as`; each query that PostgreSQL
answers runs in both. The expectations written in the files are not looked at. Every query falls in one class:

    same       the same rows, printed by the same characters, under the same column names
    print      the same rows, where numbers have other digits (to 12 digits of numerics, a relative 1e-12 of doubles)
    name       the same rows under other column names
    absent     our message says that a type is not supported, or a function or an operator of such a type: JSON, bytes, bits,
               times of day, zones, rows as values, arrays of arrays, padded text
    refused    our message says that something is not supported, or that a number needs more than 38 digits
    failed     any other error of ours
    wrong      other rows
    order      the same rows in another order, where the query orders by what is not among its columns (ties can not be told)
    open       other rows, where a `limit` inside the query, a sample or an array of rows without order leaves open which, or PostgreSQL's own depend on how its tables lie
    outside    an error of ours, about a table with a column of a type that there is not here, or a function, type or
               operator that the file itself has made: the query cannot be put
    accepted   rows from us, an error from PostgreSQL (its error is shown)
    neither    an error from both

`accepted`, `neither` and `outside` are no queries that could have been answered. Cases are never stored in the project.
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


JUDGED = ("same", "print", "name", "absent", "refused", "failed", "wrong")
OTHERS = ("order", "open", "outside", "accepted", "neither")


ABSENT = re.compile(
    r"type \"?_?(json|jsonb|bytea|time|timetz|timestamptz|bit|varbit|uuid|money|xml|inet|cidr|macaddr|oid|name|char|point|box|circle|"
    r"line|lseg|path|polygon|int4range|numrange|tsrange|tstzrange|daterange|int8range|\w+multirange|int2vector|aclitem|regnamespace|regrole|tsvector|tsquery|regclass|regtype|pg_lsn|xid)\b"
    r"|\b(function|aggregate|table function) \w*(json|bytea|timestamptz|xml|sha224|sha256|sha384|sha512|encode|decode|convert_from|"
    r"convert_to|make_time|makeaclitem|has_\w+_privilege|\w+range|get_byte|set_byte|get_bit|timezone|format_type|quote_ident_rows|text_to_\w+|to_tsvector)"
    r"|row value|whole row|the rows of|composite|\(…\)\.\*|array of arrays|bounds of its own|AT TIME ZONE|bit string|text type with a length|"
    r"operator (->|->>|#>|#>>|@@|\?|\?\||\?&|#-) |JSON|XML|json")


class Record:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line


def records(path):
    """Statements and queries of a file; loops are unrolled."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    return list(read(lines, 0, len(lines), {}))


def psql_records(path, variables):
    """Statements of a script for psql. Commands of psql are left out, `\\set` and `:'name'` are followed, rows after a
    `copy … from stdin` become inserts."""
    variables = dict(variables)
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    at, start, text, copied = 0, 0, "", None
    depth, quote, atomic = 0, None, 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not text.strip():
            if line.startswith("\\"):
                words = line.split()
                if words[0] == "\\set" and len(words) > 2:
                    variables[words[1]] = "".join(
                        variables.get(word[1:], "") if word.startswith(":") else word.strip("'") for word in words[2:])
                continue
            start = at
        piece, place = "", 0
        while place < len(line):
            rest = line[place:]
            if quote == "/*":
                end = rest.find("*/")
                piece += rest if end < 0 else rest[:end + 2]
                place += len(rest) if end < 0 else end + 2
                quote = quote if end < 0 else None
                continue
            if quote:
                end = rest.find(quote)
                piece += rest if end < 0 else rest[:end + len(quote)]
                place += len(rest) if end < 0 else end + len(quote)
                quote = quote if end < 0 else None
                continue
            if rest.startswith("--"):
                break
            if rest.startswith("/*"):
                quote = "/*"
                piece += "/*"
                place += 2
                continue
            variable = re.match(r":'(\w+)'|:\"(\w+)\"|:(\w+)", rest)
            if variable and not piece.endswith(":"):
                name = next(filter(None, variable.groups()))
                if name in variables:
                    found = variables[name]
                    piece += "'" + found.replace("'", "''") + "'" if variable[1] else '"' + found + '"' if variable[2] else found
                    place += variable.end()
                    continue
            dollar = re.match(r"\$\w*\$", rest)
            if dollar and not re.search(r"\w$", piece):
                quote = dollar[0]
                piece += quote
                place += len(quote)
                continue
            character = rest[0]
            if character in "'\"":
                # A backslash is no escape but in E'…', which the cut at its quote bears except for \\'.
                if character == "'" and re.search(r"\b[eE]$", piece):
                    whole = re.match(r"'(?:[^'\\]|\\.|'')*'", rest)
                    if whole:
                        piece += whole[0]
                        place += whole.end()
                        continue
                quote = character
            elif character in "([":
                depth += 1
            elif character in ")]":
                depth = max(0, depth - 1)
            elif character == "\\":
                # `\\g`, `\\gset`, `\\crosstabview`: the end of a statement.
                text += piece
                if not rest.startswith("\\;") and text.strip():
                    yield Record("query", text.strip(), start)
                piece = text = ""
                place = len(line)
                continue
            elif character == ";" and not depth:
                text += piece
                piece = ""
                place += 1
                if re.search(r"\bbegin\s+atomic\b", text, re.I) and not re.search(r"\bend\s*$", text, re.I):
                    text += ";"
                    continue
                if re.match(r"\s*copy\b.*\bfrom\s+stdin\b", text, re.I | re.S):
                    target = re.match(r"\s*copy\s+([^\s(]+\s*(\([^)]*\))?)\s*from", text, re.I)
                    while at < len(lines) and lines[at] != "\\.":
                        fields = lines[at].split("\t")
                        values = ", ".join("null" if field == "\\N" else "'" + field.replace("'", "''") + "'" for field in fields)
                        if target:
                            yield Record("statement", f"insert into {target[1]} values ({values})", at + 1)
                        at += 1
                    at += 1
                    text = ""
                    break
                if text.strip():
                    yield Record("query", text.strip(), start)
                text = ""
                start = at
                continue
            piece += character
            place += 1
        text += piece + "\n"
    if text.strip():
        yield Record("query", text.strip(), start)


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
        self.unstored, self.made, self.views, self.files = {}, {}, set(), 0

    def run(self, text, *options):
        done = subprocess.run(
            [self.fundwatch, "sql", "--store", self.folder, "--format", "csv", *options], input=text, capture_output=True,
            encoding="utf-8", errors="replace", timeout=60, env=self.environment)
        return done.returncode, done.stdout, done.stderr

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.made, self.views = {}, set()

    def fill(self, server):
        """Makes the store's tables and views those of PostgreSQL: what has not changed since is left."""
        self.unstored = {}
        tables = server.query("""select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where pg_table_is_visible(c.oid) and n.nspname not in ('pg_catalog', 'information_schema')
              and c.relkind in ('r', 'p', 'm') order by 1""").rows
        views = server.query("""select viewname, definition from pg_views
            where schemaname = 'public' or schemaname like 'pg_temp%' order by viewname""").rows
        drops, makes, wanted = [], {}, {}
        for (table,) in tables:
            try:
                mark = server.query(f"""select (select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ',' order by attnum) from pg_attribute
                    where attrelid = '{quoted(table).replace("'", "''")}'::regclass and attnum > 0 and not attisdropped),
                    count(*), sum(hashtextextended(r::text, 0)::numeric) from {quoted(table)} r""").rows[0]
                if self.made.get(table) == (mark := tuple(mark)):
                    wanted[table] = mark
                    continue
                columns, rows = self.table(server, table)
            except Failure as failure:
                self.unstored[table] = failure.message
                continue
            if isinstance(columns, str):
                self.unstored[table] = columns
                continue
            wanted[table] = mark
            makes[table] = self.statement(table, columns, rows)
        for name, definition in views:
            wanted[name] = hash(definition)
        for name in self.made:
            if name not in wanted or name in makes or self.made[name] != wanted[name]:
                drops.append((name not in self.views, f"drop {'view' if name in self.views else 'table'} if exists {quoted(name)}"))
        gone = {name for name in self.made if name not in wanted or self.made[name] != wanted[name]}
        self.made = {name: mark for name, mark in self.made.items() if name not in gone}
        if drops and self.run(";\n".join(text for _, text in sorted(drops)), "--quiet")[0]:
            # A view that stands on a table keeps it: everything is made anew.
            self.clear()
            return self.fill(server)
        if makes:
            code, _, complaint = self.run(";\n".join(makes.values()), "--quiet")
            if code:
                for table, statement in makes.items():
                    self.run(f"drop table if exists {quoted(table)}", "--quiet")
                    code, _, complaint = self.run(statement, "--quiet")
                    if code:
                        self.unstored[table] = complaint.split("\n")[0][:300]
            self.made.update((table, wanted[table]) for table in makes if table not in self.unstored)
        if not os.path.exists(self.folder):
            self.run("create view slt_mark as select 1", "--quiet")
        self.views = {name for name, _ in views}
        rest = [(name, definition, "") for name, definition in views if self.made.get(name) != wanted[name]]
        for _ in range(3):
            left = []
            for name, definition, _ in rest:
                code, _, complaint = self.run(f"create view {quoted(name)} as {definition}", "--quiet")
                if code:
                    left.append((name, definition, complaint))
                else:
                    self.made[name] = wanted[name]
            ended, rest = len(left) == len(rest), left
            if ended:
                break
        for name, _, complaint in rest:
            if self.made.get(name) != wanted[name]:
                self.unstored[name] = "view: " + complaint.split("\n")[0][:200]

    def table(self, server, table):
        """Names and types, and rows of texts, of one table; or why it cannot be stored."""
        columns = server.query(f"""select attname, format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = '{quoted(table).replace("'", "''")}'::regclass and attnum > 0 and not attisdropped order by attnum""").rows
        if not columns:
            return "a table without columns", []
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
                return f"type {kind}", []
        texts = ", ".join(f"{quoted(name)}::text" for name, _ in columns)
        rows = server.query(f"select {texts} from {quoted(table)}").rows
        if len(rows) > 200000:
            return "too many rows", []
        return [(name, kind) for (name, _), kind in zip(columns, types)], rows

    def statement(self, table, columns, rows):
        """`create table … as` over a file with the rows."""
        if not rows:
            empty = ", ".join(f"null::{kind} as {quoted(name)}" for name, kind in columns)
            return f"create table {quoted(table)} as select {empty} where false"
        self.files += 1
        path = f"{self.folder}-{self.files}.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(",".join(f"c{number}" for number in range(len(columns) + 1)) + "\n")
            for row in rows:
                # One more column: a row of one NULL would be an empty line.
                file.write(",".join("" if v is None else '"' + v.replace('"', '""') + '"' for v in row) + ",x\n")
        casts = ", ".join(f"c{number}::{kind} as {quoted(name)}" for number, (name, kind) in enumerate(columns))
        return f"create table {quoted(table)} as select {casts} from read_csv('{path}', all_varchar => true, header => true, delim => ',')"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def value(kind, text):
    if text is None:
        return None
    base = re.sub(r"\(.*", "", kind)
    try:
        if base == "boolean":
            return {"t": "true", "f": "false"}.get(text, text)
        if base in ("bigint", "integer", "smallint"):
            # Exactly, however large.
            return str(Decimal(text).normalize()) if "." in text else str(int(text))
        if base == "numeric":
            return Decimal(text)
        if base == "numeric[]" and not re.search(r'["{]', text[1:]):
            # Elements that are equal count as the same, with the digits of any of them.
            return tuple(None if item == "NULL" else Decimal(item) for item in text[1:-1].split(",") if item)
        if base in ("real", "double precision"):
            return float(text)
        if base == "character":
            return text.rstrip(" ")
        if base == "timestamp with time zone":
            # There are no zones here: the server's is UTC.
            return text.replace("+00 BC", " BC").removesuffix("+00")
    except (ValueError, InvalidOperation):
        pass
    return text


def printed(kind, text):
    """The text that we should print for one of PostgreSQL."""
    base = re.sub(r"\(.*", "", kind)
    if text is None:
        return None
    if base == "boolean":
        return {"t": "true", "f": "false"}[text]
    if base == "character":
        return text.rstrip(" ")
    if base == "timestamp with time zone":
        return text.replace("+00 BC", " BC").removesuffix("+00")
    return text


def same_print(kinds, header, mine, theirs):
    """`same`, or `print` or `name` for rows that are the same, with the first difference."""
    for ours, row in zip(mine, theirs.rows):
        for kind, a, b in zip(kinds, ours, row):
            if kind != "real" and a != printed(kind, b):
                return "print", f"{kind}: {a}, PostgreSQL {b}"
    names = [name.rstrip() for name in theirs.names]
    if header != names:
        return "name", f"{header}, PostgreSQL {names}"
    return "same", ""


def compare(query, ours, theirs, everything, header):
    """Class and detail of rows of ours beside PostgreSQL's result. `everything(query)` gives PostgreSQL's rows of another query."""
    types, cut = theirs.types, LIMIT.search(query)
    inner = query[:cut.start()] if cut else query
    wrong = "open" if re.search(r"\b(limit|fetch|offset|distinct\s+on|tablesample)\b", inner, re.I) or re.search(
        r"\barray\s*\(\s*select\b(?![^()]*\border\s+by\b)", inner, re.I) else "wrong"
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
        return same_print(types, header, ours, theirs)
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
    return ("same", "") if number is None else (wrong, f"row {number + 1} in order: {shown(mine[number])}, PostgreSQL {shown(wanted[number])}")


def shown(row):
    return [str(v) if isinstance(v, Decimal) else v for v in row]


def cause(complaint):
    """What a refusal names, without the place and quoted names."""
    text = re.sub(r"^fundwatch: (query|standard input|-)?:?(\d+:\d+: )?", "", complaint.split("\n")[0])
    return re.sub(r'"[^"]*"', '"…"', text.split(";")[0])[:120]


SUBJECTS = [
    ("window", r"\bover\s*(\(|\w)"),
    ("grouping sets", r"\b(grouping\s+sets|rollup|cube)\b"),
    ("set operations", r"\b(union|intersect|except)\b"),
    ("subquery", r"\(\s*(select|with|values)\b|^\s*with\b"),
    ("join", r"\bjoin\b|\bfrom\s+[\w.\"]+(\s+(as\s+)?\w+)?\s*,"),
    ("aggregate", r"\bgroup\s+by\b|\bhaving\b|\bfilter\s*\(|\b(count|sum|avg|min|max|every|bool_and|bool_or|string_agg|array_agg|mode|"
                  r"median|stddev\w*|var\w*_\w+|variance|corr|covar\w*|regr\w*|percentile\w*)\s*\("),
    ("null", r"\bnull\b|\bcoalesce\b|\bnullif\b"),
    ("select from", r"\bfrom\b"),
]


def subject(query):
    """What a query is about: the first that fits."""
    text = re.sub(r"'(?:[^']|'')*'", "''", query)
    return next((name for name, pattern in SUBJECTS if re.search(pattern, text, re.I)), "expression")


class Session:
    def __init__(self, options, server, folder):
        self.options, self.server = options, server
        self.store = Store(options.fundwatch, os.path.join(folder, "store"), dict(os.environ))
        self.counts, self.causes = collections.Counter(), collections.Counter()
        self.examples = collections.defaultdict(list)
        self.subjects = collections.defaultdict(collections.Counter)

    def file(self, path, name):
        """Judges the queries of one file; what was judged counts also where the file has to be left before its end."""
        connection, counts = None, collections.Counter()
        try:
            connection = self.server.connect()
            variables = dict(pair.split("=", 1) for pair in self.options.variable)
            self.prepare(connection)
            self.store.clear()
            for prelude in self.options.prelude:
                for record in psql_records(prelude, variables):
                    try:
                        connection.query(record.text)
                    except Failure:
                        pass
            found = list(psql_records(path, variables)) if path.endswith(".sql") else records(path)
            self.run_records(found, name, connection, counts)
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
            judged = sum(counts[kind] for kind in JUDGED)
            if sum(counts.values()):
                print(f"{name}: {counts['same']}/{judged} same  " + " ".join(f"{kind} {count}" for kind, count in sorted(counts.items()) if kind != "same"), flush=True)

    def prepare(self, connection):
        connection.query("set client_min_messages = error; drop schema public cascade; create schema public; "
                         "set search_path = public; set statement_timeout = '10s'")

    def run_records(self, found, name, connection, counts):
        dirty = True
        chosen = [r for r in found if r.kind == "query"]
        keep = None
        if self.options.limit and len(chosen) > self.options.limit:
            seed = int(hashlib.sha256(f"{self.options.seed}{name}".encode()).hexdigest()[:8], 16)
            keep = set(id(r) for r in random.Random(seed).sample(chosen, self.options.limit))
        for record in found:
            first = (re.match(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(\w+)", record.text, re.S) or [None, ""])[1].lower()
            is_query = first in ("select", "with", "values", "table") and not re.search(
                r"\binto\s+(temp\w*\s+|table\s+|unlogged\s+)*[\w.\"]+\s+from\b|\b(insert\s+into|delete\s+from|update\s+\w+\s+set)\b|\bfor\s+(update|share)\b", record.text, re.I)
            if not is_query:
                # How values are printed, and which rules hold, stay as they are.
                if first in ("set", "reset") and not re.match(r"set\s+(local\s+)?(search_path|role|session)", record.text, re.I) or first in ("discard", "listen", "explain"):
                    continue
                try:
                    connection.query(record.text)
                except Failure:
                    pass
                dirty = True
                continue
            if keep is not None and record.kind == "query" and id(record) not in keep:
                continue
            if ";" in re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\$.*?\$\$", "", record.text):
                # Several statements of which only the last one's rows would be seen.
                continue
            if re.search(r"\b(pg_\w+|information_schema|current_user|session_user|now|random|current_date|current_timestamp|localtimestamp|current_time|version|nextval|currval|lastval|setval|gen_random_uuid|clock_timestamp|statement_timestamp|transaction_timestamp|txid_\w+|ctid|xmin|xmax|cmin|cmax|tableoid|oid|regclass|regtype|regproc\w*|current_setting|current_schema\w*|current_database|current_catalog|set_config|obj_description|col_description|getdatabaseencoding)\b|'(now|today|tomorrow|yesterday)\b", record.text, re.I):
                continue
            try:
                if dirty and connection.status != b"E":
                    self.store.fill(connection)
                    self.names = set(row[0] for row in connection.query("""select proname from pg_proc where pronamespace = 'public'::regnamespace
                        union select typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd', 'c', 'b', 'r', 'm')
                          and typcategory <> 'A' and not exists (select from pg_class where reltype = pg_type.oid and relkind <> 'c')
                        union select oprname from pg_operator where oprnamespace = 'public'::regnamespace""").rows)
                    dirty = False
                expected, refusal = connection.query(record.text), None
            except Failure as failure:
                expected, refusal = None, failure
                if failure.code in ("57014", "42601", "25P02"):
                    continue
            if dirty:
                continue
            if self.uses_made(record.text) or re.search(r"\bmerge\s+into\b", record.text, re.I):
                dirty = True
            kind, detail = self.judge(record, expected, refusal, connection)
            counts[kind] += 1
            self.subjects[subject(record.text)][kind] += 1
            if kind in ("refused", "failed", "accepted", "absent"):
                self.causes[kind, cause(detail)] += 1
            note = f"{name}:{record.line} {detail[:500]}\n    " + record.text.replace("\n", "\n    ")
            self.examples[kind].append(note)
            if self.options.out and kind != "same":
                with open(os.path.join(self.options.out, kind), "a", encoding="utf-8") as file:
                    file.write(note + "\n")

    def judge(self, record, expected, refusal, connection):
        try:
            code, output, complaint = self.store.run(record.text)
        except subprocess.TimeoutExpired:
            return "failed", "more than a minute"
        # A file that there is none of is an error of PostgreSQL's, too; a crash is one of ours in any case.
        if code not in (0, 1) and not (refusal and 64 <= code <= 78):
            return "failed", f"exit {code}: {complaint}"
        if refusal:
            return ("neither", complaint) if code else ("accepted", refusal.message)
        if code:
            for table, why in self.store.unstored.items():
                if f'"{table}"' in complaint and "does not exist" in complaint:
                    return self.view_class(why), f"table with {why}"
            for made in self.names:
                if re.search(r"\w", made) and re.search(r"\b" + re.escape(made) + r"\b", complaint.split("\n")[0]) or made in re.findall(r"[-+*/<>=~!@#%^&|`?]+", complaint.split("\n")[0]):
                    return "outside", f"{made} is made by the file"
            if '"pg_' in complaint or re.search(r"schema|catalog", complaint.split("\n")[0]):
                return "outside", complaint
            if ABSENT.search(complaint.split("\n")[0]):
                return "absent", complaint
            if "must appear in the GROUP BY clause" in complaint:
                return "outside", complaint + " (a key of the table says so; there are no keys here)"
            if re.search(r"support|is not a name that|numeric field overflow", complaint):
                return "refused", complaint
            return "failed", complaint
        kind, detail = self.compared(record, expected, output, connection)
        if kind == "wrong" and (self.uses_made(record.text) or re.search(r"\bfrom\s+only\b", record.text, re.I)):
            # A function of the same name as one of ours, or a table that others inherit from: they are copied as one.
            return "outside", detail
        if kind == "wrong" and self.is_open(record.text, expected, connection):
            return "open", detail
        return kind, detail

    def uses_made(self, text):
        """Whether the query calls what the file itself has made."""
        return any(re.search(r"\w", name) and re.search(rf"\b{re.escape(name)}\s*\(", text) for name in self.names)

    def view_class(self, why):
        """The class of a query that reads a view, or a table, that could not be made here."""
        if not why.startswith("view: "):
            return "outside"
        if ABSENT.search(why):
            return "absent"
        made = any(re.search(r"\b" + re.escape(name) + r"\b", why) for name in self.names if re.search(r"\w", name))
        return "outside" if made or "does not exist" in why or "catalog" in why else "refused"

    def is_open(self, text, expected, connection):
        """Whether PostgreSQL itself answers otherwise where the rows of its tables lie the other way round."""
        if connection.status != b"I":
            return False
        tables = [table for table in self.store.made if table not in self.store.views and re.search(rf"\b{re.escape(table)}\b", text, re.I)]
        try:
            connection.query("begin")
            connection.query("create schema turned")
            for table in tables:
                connection.query(f"create table turned.{quoted(table)} as select * from {quoted(table)} order by ctid desc")
            # Before those of the session itself.
            connection.query("set local search_path = turned, pg_temp, public")
            again = connection.query(text)
            return sorted(map(str, again.rows)) != sorted(map(str, expected.rows))
        except Failure:
            return False
        finally:
            connection.query("rollback")

    def compared(self, record, expected, output, connection):
        header = parse("\n" + output.split("\n", 1)[0] + "\n")
        return compare(record.text, parse(output), expected, lambda query: connection.query(query).rows, header[0] if header else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--prelude", action="append", default=[], help="a script for psql that each file begins with")
    parser.add_argument("--variable", action="append", default=[], help="NAME=VALUE of psql in scripts")
    parser.add_argument("--limit", type=int, default=0, help="queries of a file at most, drawn with the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", default="wrong", help="classes whose cases are shown, with commas")
    parser.add_argument("--out", help="folder for all cases of each class, emptied first")
    options = parser.parse_args()
    files = []
    for path in options.paths:
        if os.path.isdir(path):
            for folder, _, names in sorted(os.walk(path)):
                files += [os.path.join(folder, name) for name in sorted(names) if re.search(r"\.(test|slt)(\.part)?$|\.sql$", name)]
        else:
            files.append(path)
    if options.out:
        shutil.rmtree(options.out, ignore_errors=True)
        os.makedirs(options.out)
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
    print("\n=== causes")
    for (kind, text), count in session.causes.most_common(80):
        print(f"{count:6} {kind:9} {text}")
    print(f"\n{'subject':16}" + "".join(f"{kind:>9}" for kind in (*JUDGED, *OTHERS)))
    for name, counts in sorted(session.subjects.items()):
        print(f"{name:16}" + "".join(f"{counts[kind]:9}" for kind in (*JUDGED, *OTHERS)))
    total = sum(session.counts[kind] for kind in JUDGED)
    print(f"\n{total} queries that PostgreSQL answers: " + ", ".join(f"{session.counts[kind]} {kind} ({100 * session.counts[kind] / max(1, total):.2f} %)" for kind in JUDGED))
    print(", ".join(f"{kind} {session.counts[kind]}" for kind in OTHERS))
    if session.counts["left"]:
        print(f"{session.counts['left']} files were left before their end")
    if was_interrupted:
        print("interrupted: the figures are those of the queries before")
    return 1 if session.counts["wrong"] or was_interrupted else 0


if __name__ == "__main__":
    sys.exit(main())
