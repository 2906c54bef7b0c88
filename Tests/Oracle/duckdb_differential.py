#!/usr/bin/env python3
"""Answers of `fundwatch sql` against DuckDB's on the same rows, and against its own without each rewrite rule.

usage: duckdb_differential.py FUNDWATCH WORK_FOLDER [--seed N] [--random N] [--fixed N] [--find TEXT] [--lines N] [--show]

Needs the Python package duckdb and nothing else. DuckDB is told to divide and to order NULLs as PostgreSQL does; what it still
does otherwise by design is listed in `DIFFERENT`. Queries come from sql_differential_queries.py. Each runs over two stores with
the same rows in different batches, with one and two workers (the bytes must agree), and with one rewrite rule off, drawn with the
seed. Rows are compared as a multiset, numbers to 9 digits where either side is a double.

    same       the same rows
    other      DuckDB refuses the query, or answers it otherwise by design
    refused    our message says that something is not supported
    wrong      other rows, or an error of ours where DuckDB has rows
"""
import argparse
import collections
import datetime
import math
import os
import random
import re
import sys
from decimal import Decimal

import duckdb

from sql_differential import TABLES, VIEWS, make_stores, parse, run
from sql_differential_queries import FIXED, ODD, RandomQueries, RandomScalars

RULES = ["ConstantFolding", "FilterPushdown", "SemiJoinPushdown", "JoinOrdering", "DistinctElimination", "TopN",
         "OuterJoinSimplification", "CommonSubplans", "ProjectionPruning"]

# What DuckDB does otherwise than PostgreSQL, which is our measure there.
DIFFERENT = [
    r"\bround\(", r"\bmode\b", r"\bto_char\b", r"\bage\b", r"interval", r"\bextract\b|\bdate_part\b", r"\bcorr\b",
    r"\binitcap\b", r"\bsubstr", r"\blog\b", r"::text", r"\bconcat", r"\|\|", r"\bdate_trunc\b", r"::int", r"::numeric",
    r"\bmad\b", r"\bquantile\b", r"\bstring_agg\b", r"\bdistinct on\b", r"\blimit\b", r"\bmd5\b", r"/\*ties\*/", r"\bsplit_part\b",
    r"\b[lr]pad\b", r"escape", r"\bdiv\b", r"\btrunc\b", r"generate_series", r"\bnatural\b", r"\bdate '", r"\bchr\b", r"::date", r"\bgrouping\b",
    r"-7\b", r"\bepoch\b", r"\breverse\b", r"upper|lower|ilike", r"\bbool_(and|or)\b", r"~",
]


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
    return connection


def ours_value(text):
    """A value as our CSV writes it, as a number where it is one."""
    if text is None:
        return None
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return Decimal(text)
    if re.fullmatch(r"-?\d+(\.\d+)?e[+-]?\d+|-?Infinity|NaN", text):
        return float(text)
    return text


def their_value(value):
    if value is None or isinstance(value, (str, Decimal)):
        return ours_value(value) if isinstance(value, str) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return value
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")
    return str(value)


def near(a, b):
    if isinstance(a, (Decimal, float)) and isinstance(b, (Decimal, float)):
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            # Quotients have the scale each side chooses.
            return abs(a - b) <= max(abs(b) * Decimal("1e-9"), Decimal("1e-9"))
        a, b = float(a), float(b)
        return a == b or math.isnan(a) and math.isnan(b) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def key(row):
    return [(v is None, f"{float(v):.7e}" if isinstance(v, (Decimal, float)) else v or "") for v in row]


class Judge:
    def __init__(self, options, connection):
        self.options, self.connection = options, connection
        self.random = random.Random(options.seed)

    def ours(self, query, store, *more):
        return run([self.options.fundwatch, "sql", "--store", os.path.join(self.options.folder, store), "--format", "csv",
                    *more, query])

    def judge(self, query):
        code, output, complaint = self.ours(query, "store-a", "--threads", "1")
        if code not in (0, 1):
            return "wrong", f"exit {code}: {complaint[:300]}"
        again = self.ours(query, "store-a", "--threads", "2")
        if again != (code, output, complaint):
            return "wrong", "one and two workers answer differently"
        rows = parse(output) if code == 0 else None
        if rows is not None:
            # What may differ by rule or store is the order of rows, never the rows.
            rule = self.random.choice(RULES)
            for store, more in (("store-a", ("--disable-rules", rule)), ("store-b", ("--threads", "2"))):
                other = self.ours(query, store, *more)
                if other[0] == 0 and re.search(r"\blimit\b|distinct on|ties", query):
                    continue
                if other[0] != 0 or not self.same(parse(other[1]), rows):
                    return "wrong", f"{store} {' '.join(more)} answers differently: {other[2][:200]}"
        try:
            expected = self.connection.execute(query).fetchall()
        except duckdb.Error as error:
            return "other", str(error)[:200]
        if rows is None:
            if any(re.search(pattern, query, re.I) for pattern in DIFFERENT):
                return "other", complaint[:200]
            return ("refused" if "support" in complaint else "wrong"), complaint[:300]
        theirs = [[their_value(value) for value in row] for row in expected]
        mine = [[ours_value(value) for value in row] for row in rows]
        if self.same(mine, theirs):
            return "same", ""
        if any(re.search(pattern, query, re.I) for pattern in DIFFERENT):
            return "other", "answers differ"
        a, b = sorted(mine, key=key), sorted(theirs, key=key)
        place = next((n for n, (x, y) in enumerate(zip(a, b)) if not all(near(p, q) for p, q in zip(x, y))), min(len(a), len(b)))
        return "wrong", f"{len(a)} and {len(b)} rows; {a[place:place + 1]}\n  DuckDB {b[place:place + 1]}"

    @staticmethod
    def same(a, b):
        if len(a) != len(b):
            return False
        if a and not isinstance(a[0][0] if a[0] else "", (Decimal, float)) and all(x == y for x, y in zip(a, b)):
            return True
        a = sorted([[ours_value(v) if isinstance(v, str) else v for v in row] for row in a], key=key)
        b = sorted([[ours_value(v) if isinstance(v, str) else v for v in row] for row in b], key=key)
        return all(len(x) == len(y) and all(near(p, q) for p, q in zip(x, y)) for x, y in zip(a, b))


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
    judge = Judge(options, connect(make_stores(options.fundwatch, options.folder, options.lines, 21)))
    queries = [query.partition("|||")[0] for query in FIXED]
    if options.fixed:
        queries = random.Random(options.seed).sample(queries, min(options.fixed, len(queries)))
    for source in (RandomQueries(options.seed), RandomScalars(options.seed)):
        queries += [source.query() for _ in range(options.random)]
    counts = collections.Counter()
    for query in queries:
        if options.find and options.find not in query:
            continue
        kind, detail = judge.judge(query)
        counts[kind] += 1
        if kind == "wrong" or options.show and kind == "other":
            print(f"{kind.upper()} {detail}\n  {query.replace(ODD, '{ODD}')}\n", flush=True)
    print(", ".join(f"{counts[kind]} {kind}" for kind in ("same", "other", "refused", "wrong")))
    sys.exit(1 if counts["wrong"] else 0)


if __name__ == "__main__":
    main()
