#!/usr/bin/env python3
"""Compares the cells Fundwatch reads from CSV files with those of Python's csv module and of DuckDB.

    python3 Tests/Oracle/csv_cells.py FOLDER… [--fundwatch .build/release/fundwatch] [--limit N] [--show N]

Every file below the folders is read without a header, all columns as text, with the delimiter and quote that Fundwatch
found (`sniff`), so that the three differ in nothing but how they split the bytes. A record that Python and DuckDB both read, with
the same cells, must be among Fundwatch's rows, or among its rejects by its line; a row of Fundwatch must be one of those
that at least one of the two has read, or that a `cells.json` beside the file names. Anything else is printed, and the exit code is then 1. Needs `pip install duckdb`.
"""

import argparse
import collections
import csv
import difflib
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile

import duckdb

ENDINGS = (".csv", ".tsv", ".psv", ".txt", ".csv.gz", ".tsv.gz")
CODECS = {"UTF-8": "utf-8", "GB18030": "gb18030", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be"}
SIZE_LIMIT = 8 << 20

csv.field_size_limit(1 << 30)


def files_below(folders):
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
        for base, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                path = os.path.join(base, name)
                if name.lower().endswith(ENDINGS) and os.path.getsize(path) <= SIZE_LIMIT:
                    yield path


def told(path):
    """The entry of a file in the `cells.json` beside it; empty if there is none."""
    answers = os.path.join(os.path.dirname(path), "cells.json")
    if not os.path.exists(answers):
        return {}
    with open(answers, encoding="utf-8") as file:
        return next((entry for entry in json.load(file) if entry["file"] == os.path.basename(path)), {})


def dialect_options(path):
    """What `cells.json` beside a file says of the way it is written."""
    options = told(path).get("options", [])
    pairs = zip(options[::2], options[1::2])
    return tuple(word for pair in pairs if pair[0] in ("--delimiter", "--quote", "--encoding") for word in pair)


def sniff(binary, paths):
    """One document for each file, by path."""
    groups = collections.defaultdict(list)
    for path in paths:
        groups[dialect_options(path)].append(path)
    found = {}
    for options, members in groups.items():
        found.update(sniff_alike(binary, members, options))
    return found


def sniff_alike(binary, paths, dialect):
    options = ["--table", "cells", "--types", "*:text", "--header", "no", "--reveal", "--rows", "1000000000",
               "--rejects", "1000000000", "--max-rejects", "100%", "--format", "jsonl", "--quiet", "--skip", "0", *dialect]
    found = {}
    for start in range(0, len(paths), 100):
        part = paths[start:start + 100]
        done = subprocess.run([binary, "sniff", *part, *options, "--store", "/nonexistent/store"], capture_output=True)
        if done.returncode not in (0, 65, 66, 74, 77):
            sys.exit(f"fundwatch ended with {done.returncode} on {part[0]}…: {done.stderr.decode()[-2000:]}")
        for line in done.stdout.decode("utf-8", "replace").split("\n")[:-1]:
            document = json.loads(line)
            found[document["file"]] = document
    return found


def text_of(path, encoding):
    raw = open(path, "rb").read()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33"):
        if raw.startswith(mark):
            raw = raw[len(mark):]
            break
    return raw.decode(CODECS[encoding], "replace")


def python_records(text, delimiter, quote):
    """(first line, last line, cells) of each record; lines end with LF or CR LF, as Fundwatch counts them."""
    lines = io.StringIO(text, newline="")
    consumed = [0]

    def feed():
        for line in lines:
            consumed[0] += line.count("\n") or (1 if line.endswith("\r") and "\n" not in text else 0)
            yield line

    before = 0
    try:
        quoting = {"quotechar": quote} if quote else {"quotechar": None, "quoting": csv.QUOTE_NONE}
        for cells in csv.reader(feed(), delimiter=delimiter, strict=False, **quoting):
            yield before + 1, max(before + 1, consumed[0]), cells
            before = consumed[0]
    except csv.Error:
        return


def duckdb_records(text, delimiter, quote, width):
    """The cells of each record; nothing if DuckDB refuses the file."""
    names = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file, duckdb.connect() as connection:
        file.write(text)
        file.flush()
        try:
            connection.execute("set threads = 1")
            return [
                ["" if cell is None else cell for cell in row]
                for row in connection.execute(
                    "select * from read_csv(?, auto_detect = false, header = false, delim = ?, quote = ?, escape = ?, "
                    f"columns = {{{names}}}, ignore_errors = true, max_line_size = 16777216, strict_mode = true)",
                    [file.name, delimiter, quote, quote],
                ).fetchall()
            ]
        except duckdb.Error:
            return None


def compare(path, document):
    """What is wrong with one file, as sentences; and the numbers of records of each kind."""
    counts = collections.Counter()
    text = text_of(path, document["encoding"])
    delimiter, quote = document["delimiter"], document["quote"]
    width = len(document["columns"])
    ours = [["" if cell is None else cell for cell in row] for row in document["first_rows"]]
    reject_lines = {reject["line"] for reject in document["rejects"]}
    python = []
    for first, last, cells in python_records(text, delimiter, quote):
        if cells or width == 1:
            python.append((first, last, cells or [""]))
    duck = duckdb_records(text, delimiter, quote, width)
    if duck is None:
        counts["files DuckDB refuses"] += 1
        duck = [cells for _, _, cells in python if len(cells) == width]
    problems = []
    # Records both have, in order.
    keys = [tuple(cells) for _, _, cells in python]
    matcher = difflib.SequenceMatcher(None, keys, [tuple(row) for row in duck], autojunk=False)
    agreed = [index for block in matcher.get_matching_blocks() for index in range(block.a, block.a + block.size)]
    counts["agreed"] += len(agreed)
    own = difflib.SequenceMatcher(None, [keys[index] for index in agreed], [tuple(row) for row in ours], autojunk=False)
    matched = set()
    for block in own.get_matching_blocks():
        matched.update(range(block.a, block.a + block.size))
    for position, index in enumerate(agreed):
        first, last, cells = python[index]
        if position in matched:
            counts["same"] += 1
        elif any(line in reject_lines for line in range(first, last + 1)):
            counts["rejected"] += 1
        else:
            problems.append(f"line {first}: both read {cells!r:.200}, Fundwatch neither loads nor rejects it")
    known = collections.Counter(keys)
    known.update(tuple(row) for row in duck)
    answer = told(path)
    named = {tuple("" if cell is None else cell for cell in row) for row in [answer.get("header") or [], *answer.get("rows", [])]}
    for row in ours:
        if tuple(row) in named and tuple(row) not in known:
            counts["named by cells.json"] += 1
        elif tuple(row) not in known:
            problems.append(f"Fundwatch alone reads {row!r:.200}")
    return problems, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--fundwatch", default=".build/release/fundwatch")
    parser.add_argument("--limit", type=int, default=0, help="look at this many files only")
    parser.add_argument("--show", type=int, default=3, help="problems shown of a file")
    arguments = parser.parse_args()
    paths = list(files_below(arguments.folders))
    if arguments.limit:
        paths = paths[:arguments.limit]
    documents = sniff(arguments.fundwatch, paths)
    total = collections.Counter()
    failed = 0
    for path in paths:
        document = documents.get(path)
        if document is None:
            print(f"{path}: no answer")
            failed += 1
            continue
        if "columns" not in document:
            total["files refused"] += 1
            print(f"refused: {document['error']}")
            continue
        problems, counts = compare(path, document)
        total.update(counts)
        total["files"] += 1
        if problems:
            failed += 1
            print(f"{path} (delimiter {document['delimiter']!r}):")
            for problem in problems[:arguments.show]:
                print(f"  {problem}")
            if len(problems) > arguments.show:
                print(f"  … {len(problems) - arguments.show} more")
    print(", ".join(f"{name} {count}" for name, count in sorted(total.items())) + f"; files with problems {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
