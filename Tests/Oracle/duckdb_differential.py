#!/usr/bin/env python3
"""Answers of `fundwatch sql` against DuckDB's on the same rows, and against its own without each rewrite rule.

usage: duckdb_differential.py FUNDWATCH WORK_FOLDER [--seed N] [--random N] [--fixed N] [--find TEXT] [--lines N] [--show]

Needs the Python package duckdb and nothing else. DuckDB is told to divide and to order NULLs as PostgreSQL does; what it still
does otherwise by design is named in `WORDS`, `FREE` and `Reading`, and nothing else is excused; the end says how often each was
met. Queries come from sql_differential_queries.py. Each runs over two stores with the same rows in different batches, with one and two workers (the bytes must agree), and with one rewrite rule off, drawn with the
seed. Rows are compared as a multiset, doubles to 9 digits, all else exactly. Where a limit at the end cuts an order with ties, the
rows must be as many, and be rows of the query without it.

    same       the same rows, but for values that are excused by name
    other      DuckDB refuses the query, or has rows where PostgreSQL, too, has an error
    refused    our message says that something is not supported, or that a number needs more than 38 digits
    wrong      other rows, an error of ours where DuckDB has rows, or no answer within two minutes

All but "other" are judged; fewer than half of the queries judged is a failure too.
"""
import argparse
import collections
import datetime
import math
import os
import random
import re
import string
import subprocess
import sys
import threading
from decimal import Decimal, InvalidOperation

import duckdb

import rewrite_rules
from answers import LIMIT, near, parse, unpaired
from sql_differential import BEYOND, TABLES, VIEWS, make_stores, run
from sql_differential_queries import FIXED, ODD, RandomQueries, RandomScalars
from sql_differential_subqueries import RandomSubqueries

# What DuckDB must be asked in other words to mean what PostgreSQL does, which is our measure.
WORDS = [
    (r"(like '[^']*\\[_%][^']*')(?! escape)", r"\1 escape '\\'"),  # it has no escape sign unless one is named
    (r"date_trunc\('century', (\w+)\)", r"date_trunc('century', \1 - interval 1 year) + interval 1 year"),  # from the year 0 there
    (r"(?<!\w)\((\w+), (\w+)\) is not null", r"(\1 is not null and \2 is not null)"),  # there true if any is not null
    (r"date_part\('year', (\w+)\)", r"date_part('year', \1)::double"),  # a bigint there
    # Of intervals it takes those with more months, whatever its own `<` says.
    (r"greatest\((\w+), (\w+)\)", r"coalesce(case when \1 >= \2 then \1 else \2 end, \1, \2)"),
    (r"least\((\w+), (\w+)\)", r"coalesce(case when \1 <= \2 then \1 else \2 end, \1, \2)"),
]
# Columns that are not compared, by DuckDB's name of the column.
FREE = {
    "which of the commonest values": r'"?mode"?\(\) WITHIN GROUP.*',
    "string_agg without an order": r"string_agg\((DISTINCT )?\w+, '[^']*'\)",
}
# Of the random functions those that DuckDB has not; and a sum that may leave nothing but the digits of a double beyond the
# fifteenth, which PostgreSQL drops.
ABSENT = ("to_char", "div(", "initcap", "lpad(a, b)", "b / 3", "a / 4", "a::numeric(38,6) + b")
# Errors of ours that are PostgreSQL's too, where DuckDB has rows.
STRICTER = [r"non-integer constant in (GROUP|ORDER) BY"]
# Queries for the digits of functions of numerics: DuckDB computes these with doubles.
DIGITS = "/*digits*/"
OPEN = re.compile(r"\blimit\b|distinct on|/\*ties\*/", re.I)


def connect(data):
    connection = duckdb.connect()
    for setting in ("integer_division=true", "default_null_order='NULLS_LAST_ON_ASC_FIRST_ON_DESC'", "threads=1",
                    "order_by_non_integer_literal=true"):
        connection.execute(f"set {setting}")
    for table, definition in TABLES.items():
        path = os.path.join(data, f"{table}.csv")
        connection.execute(f"create table {table} ({definition})")
        with open(path, encoding="utf-8") as file:
            names = file.readline().strip()
        connection.execute(
            f"insert into {table} ({names}) select * from read_csv('{path}', header=true, all_varchar=true, nullstr='', "
            "allow_quoted_nulls=false, quote='\"', escape='\"', delim=',')")
    connection.execute(VIEWS)
    small, large = string.ascii_lowercase, string.ascii_uppercase
    for macro in ("octet_length(a) as strlen(a)", "btrim(a) as trim(a), (a, b) as trim(a, b)", "every(a) as bool_and(a)",
                  # Places before the first are counted, not taken from the end.
                  "substring(a, b) as substr(a, if(b < 1, 1, b)), "
                  "(a, b, c) as substr(a, if(b < 1, 1, b), case when b + c < 1 then 0 when b < 1 then b + c - 1 else c end)",
                  # In C collation only these letters have two cases.
                  f"upper(a) as translate(a, '{small}', '{large}')", f"lower(a) as translate(a, '{large}', '{small}')"):
        connection.execute(f"create macro {macro}")
    return connection


INTERVAL = re.compile(
    r"(?:([+-]?\d+) years? ?)?(?:([+-]?\d+) (?:mons?|months?) ?)?(?:([+-]?\d+) days? ?)?"
    r"(?:([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?")
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}


def interval(text):
    """Months, days and clock of an interval as either side writes it; None if it is none."""
    found = INTERVAL.fullmatch(text)
    if not found or not text:
        return None
    years, months, days, sign, hours, minutes, seconds, part = found.groups()
    clock = datetime.timedelta(
        hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0), microseconds=int((part or "0").ljust(6, "0")))
    return 12 * int(years or 0) + int(months or 0), int(days or 0), -clock if sign == "-" else clock


def ours_value(kind, text):
    """A value as our CSV writes it, as the type that DuckDB gives its column."""
    if text is None:
        return None
    try:
        if kind in WHOLE or kind.startswith("DECIMAL"):
            return Decimal(text)
        if kind in ("DOUBLE", "FLOAT"):
            return float(text)
    except (ValueError, InvalidOperation):
        return text
    if kind == "DATE" and text.endswith(" 00:00:00"):
        # DuckDB truncates a date to a date, we to a timestamp.
        return text[:-9]
    if kind.startswith("TIMESTAMP") and re.fullmatch(r"\d+-\d\d-\d\d", text):
        return text + " 00:00:00"
    if kind == "INTERVAL" and (parts := interval(text)):
        # As the Python client gives DuckDB's: a month is 30 days.
        return datetime.timedelta(days=30 * parts[0] + parts[1]) + parts[2]
    return text


def typed(kinds, rows):
    return [[ours_value(kind, value) for kind, value in zip(kinds, row)] for row in rows]


def their_value(value):
    if value is None or isinstance(value, (str, Decimal, float, datetime.timedelta)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")
    return str(value)


def same_value(ours, theirs):
    """Decimals of DuckDB are exact; its quotients and averages are doubles."""
    return near(ours, theirs, tolerance=1e-9) if isinstance(ours, float) else ours == theirs


class Reading:
    """When a value counts as DuckDB's in one query: what it writes or rounds otherwise is told by the value itself."""

    def __init__(self, query, excuses):
        """`excuses` counts by name the values that are not the same but count so."""
        def holds(pattern):
            return re.search(pattern, query, re.I) is not None
        self.excuses = excuses
        self.has_texts = holds(r"::text|\|\||concat|string_agg")
        self.joins = holds(r"\bconcat(_ws)?\(")
        self.rounds = holds(r"\bround\(")
        self.has_middles = holds(r"\b(median|mad|percentile_cont)\b")
        self.has_seconds = holds(r"\b(extract|date_part)\b.*seconds?\b")
        self.has_corr = holds(r"\bcorr\(")
        self.casts_doubles = holds(r"::numeric") and holds(r"double|float8")

    def same(self, ours, theirs):
        if same_value(ours, theirs):
            return True
        excuse = self.excuse(ours, theirs)
        if excuse:
            self.excuses[excuse] += 1
        return excuse is not None

    def excuse(self, ours, theirs):
        """The name of what makes two values count as the same, or None."""
        if self.has_texts and isinstance(ours, str) and isinstance(theirs, str):
            if re.fullmatch(r"-?\d+\.\d+|-?\d+(\.\d+)?e[+-]?\d+", theirs) and (theirs.endswith(".0") or "e" in ours + theirs):
                # 1.0 for 1, and the digits written out up to another size than here.
                same = re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", ours) is not None and float(ours) == float(theirs)
                return "doubles written otherwise" if same else None
            if self.joins and ours == re.sub(r"true|false", lambda word: word[0][0], theirs):
                return "booleans joined to texts"
            return "intervals written otherwise" if interval(ours) is not None and interval(ours) == interval(theirs) else None
        if self.rounds and isinstance(ours, float) and isinstance(theirs, float):
            # To the even number in PostgreSQL, away from zero in DuckDB.
            return "halves of doubles" if ours % 2 == 0 and abs(theirs) - abs(ours) == 1 else None
        if self.has_corr and ours is None and isinstance(theirs, float) and math.isnan(theirs):
            return "NaN as the correlation of equal values"
        if not (isinstance(ours, Decimal) and isinstance(theirs, Decimal)):
            return None
        scale = -theirs.as_tuple().exponent
        if self.has_seconds and scale == 0 and ours != theirs and int(ours) == theirs:
            return "seconds without their fraction"
        if self.has_middles and -ours.as_tuple().exponent > scale and abs(ours - theirs) < Decimal(1).scaleb(-scale):
            return "medians of decimals in the decimals' scale"
        if self.has_middles and abs(ours - theirs) <= abs(theirs) * Decimal("1e-15"):
            return "the last bits of medians, which are doubles here"
        # In PostgreSQL a double becomes a numeric of 15 digits, and is rounded to the scale only then.
        if self.casts_doubles and abs(ours - theirs) <= max(abs(theirs) * Decimal("5e-15"), Decimal(1).scaleb(-scale)):
            return "the sixteenth digit of doubles as decimals"
        return None


class Judge:
    def __init__(self, fundwatch, folder, seed):
        self.fundwatch, self.folder = fundwatch, folder
        self.connection = connect(os.path.join(folder, "data"))
        self.random = random.Random(seed)
        self.rules = rewrite_rules.names(fundwatch)
        self.excuses = collections.Counter()

    def ours(self, query, store, *more):
        return run([self.fundwatch, "sql", "--store", os.path.join(self.folder, store), "--format", "csv", *more, query])

    def theirs(self, query):
        """Names, types and rows of DuckDB's answer, which is interrupted after a minute."""
        timer = threading.Timer(60, self.connection.interrupt)
        timer.start()
        try:
            answer = self.connection.execute(query)
            names, kinds = ([str(column[part]) for column in answer.description] for part in (0, 1))
            return names, kinds, [[their_value(value) for value in row] for row in answer.fetchall()]
        finally:
            timer.cancel()

    def judge(self, query):
        """Class and detail. What DuckDB has under another name is written `ours|||theirs`."""
        query, _, asked = query.partition("|||")
        asked = asked or query
        for pattern, words in WORDS:
            asked = re.sub(pattern, words, asked)
        try:
            return self.compare(query, asked)
        except subprocess.TimeoutExpired:
            return "wrong", "more than two minutes"

    def compare(self, query, asked):
        code, output, complaint = self.ours(query, "store-a", "--threads", "1")
        if code not in (0, 1):
            return "wrong", f"exit {code}: {complaint[:300]}"
        again = self.ours(query, "store-a", "--threads", "2")
        if again != (code, output, complaint):
            return "wrong", "one and two workers answer differently"
        rows = parse(output) if code == 0 else None
        try:
            names, kinds, expected = self.theirs(asked)
        except duckdb.Error as error:
            # By our own texts then: numbers are told by their look.
            names, kinds, expected, refusal = None, None, None, str(error)[:200]
        if rows is not None and (difference := self.differs_from_itself(query, rows, kinds)):
            return "wrong", difference
        if expected is None:
            return "other", refusal
        if rows is None:
            if any(re.search(pattern, complaint) for pattern in STRICTER):
                return "other", complaint[:200]
            return ("refused" if "support" in complaint or BEYOND in complaint else "wrong"), complaint[:300]
        if rows and len(rows[0]) != len(kinds):
            return "wrong", f"{len(rows[0])} columns, DuckDB {len(kinds)}"
        mine, same = typed(kinds, rows), Reading(asked, self.excuses).same
        alone, missing = unpaired(mine, expected, same)
        if not alone and not missing:
            return "same", ""
        cut = LIMIT.search(asked)
        if cut and len(mine) == len(expected) and self.holds(asked[:cut.start()], mine, same):
            return "same", ""
        if self.differs_where_free(names, mine, expected, same):
            return "same", ""
        return "wrong", f"{len(mine)} and {len(expected)} rows; {alone[:1]}\n  DuckDB {missing[:1]}"

    def differs_where_free(self, names, mine, expected, same):
        """Whether the rows are the same but for columns of `FREE`."""
        found = {number: excuse for number, name in enumerate(names) for excuse, pattern in FREE.items() if re.fullmatch(pattern, name, re.I)}
        if not found:
            return False
        mine, expected = ([[None if number in found else value for number, value in enumerate(row)] for row in rows] for rows in (mine, expected))
        if any(unpaired(mine, expected, same)):
            return False
        self.excuses.update(found.values())
        return True

    def holds(self, query, mine, same):
        """Where the order leaves open which rows a limit lets through: whether each is a row of the query without it."""
        everything = self.theirs(query)[2]
        return not unpaired(mine, everything, same)[0]

    def differs_from_itself(self, query, rows, kinds):
        """What differs in another store or without a rewrite rule: the order of rows may, the rows may not."""
        kinds = kinds or ["VARCHAR"] * (len(rows[0]) if rows else 0)
        rule = self.random.choice(self.rules)
        for store, more in (("store-a", ("--disable-rules", rule)), ("store-b", ("--threads", "2"))):
            code, output, complaint = self.ours(query, store, *more)
            if code != 0:
                return f"{store} {' '.join(more)}: {complaint[:200]}"
            other = parse(output)
            alone, missing = unpaired(typed(kinds, other), typed(kinds, rows), same_value)
            if (alone or missing) and not (OPEN.search(query) and len(other) == len(rows)):
                return f"{store} {' '.join(more)} answers differently: {alone[:1]} {missing[:1]}"
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--random", type=int, default=300, help="random queries of each kind")
    parser.add_argument("--fixed", type=int, default=0, help="fixed queries at most, drawn with the seed; 0 for all")
    parser.add_argument("--find", help="only queries holding this text")
    parser.add_argument("--lines", type=int, default=20000)
    parser.add_argument("--show", action="store_true", help="show the class \"other\" too")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    judge = Judge(options.fundwatch, make_stores(options.fundwatch, options.folder, options.lines, 21), options.seed)
    queries = FIXED
    if options.fixed:
        queries = random.Random(options.seed).sample(queries, min(options.fixed, len(queries)))
    for source in (RandomQueries(options.seed), RandomScalars(options.seed, without=ABSENT), RandomSubqueries(options.seed)):
        queries = queries + [source.query() for _ in range(options.random)]
    counts = collections.Counter()
    for query in queries:
        if options.find and options.find not in query:
            continue
        kind, detail = ("other", "digits beyond a double") if DIGITS in query else judge.judge(query)
        counts[kind] += 1
        if kind == "wrong" or options.show and kind == "other":
            print(f"{kind.upper()} {detail}\n  {query.replace(ODD, '{ODD}')}\n", flush=True)
    print(", ".join(f"{counts[kind]} {kind}" for kind in ("same", "other", "refused", "wrong")))
    judged = counts.total() - counts["other"]
    print(f"{judged} of {counts.total()} queries judged")
    for excuse, count in judge.excuses.most_common():
        print(f"{count:8} values excused: {excuse}")
    if 2 * judged < counts.total():
        print("fewer than half: the comparison says too little")
    sys.exit(1 if counts["wrong"] or 2 * judged < counts.total() else 0)


if __name__ == "__main__":
    main()
