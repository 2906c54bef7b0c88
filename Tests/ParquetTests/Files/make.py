#!/usr/bin/env python3
"""Writes the Parquet files of other programs beside this script, and `cells.json` with what they hold.

    python3 Tests/ParquetTests/Files/make.py

Needs `pip install pyarrow duckdb polars`. The files are committed: run it only to add a case, and look at what changed.
"""

import datetime as dt
import decimal
import json
import os
import random
import struct

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = os.path.dirname(os.path.abspath(__file__))
D = decimal.Decimal
EPOCH = dt.datetime(1970, 1, 1)
decimal.getcontext().prec = 60


def cell(value, scale=None):
    """A value as the tests write it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, D):
        return format(value.quantize(D(1).scaleb(-scale)), "f") if scale else str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(struct.unpack("<Q", struct.pack("<d", value))[0], "x")
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
        delta = value - EPOCH
        return str((delta.days * 86400 + delta.seconds) * 1000000 + delta.microseconds)
    if isinstance(value, dt.date):
        return str((value - EPOCH.date()).days)
    return value


def nulls(values, seed):
    rng = random.Random(seed)
    return [None if rng.random() < 0.2 else v for v in values]


def repeated(values, count):
    return [values[i % len(values)] for i in range(count)]


COUNT = 60
TEXTS = repeated(["", "a", "费用", "aspirin", "aspirin 100mg", "aspirin 20mg", "x" * 70, "🙂"], COUNT)
INTS = repeated([0, 1, -1, 127, -128, 32767, -32768, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63)], COUNT)
FLOATS = repeated([0.0, -0.0, 1.5, -2.25, float("inf"), float("-inf"), 1e300, 5e-324, 0.1], COUNT)
DAYS = repeated([dt.date(1970, 1, 1), dt.date(1969, 12, 31), dt.date(2025, 1, 31), dt.date(1, 1, 1), dt.date(9999, 12, 31)], COUNT)
TIMES = repeated(
    [dt.datetime(1970, 1, 1), dt.datetime(1969, 12, 31, 23, 59, 59, 999999), dt.datetime(2025, 1, 31, 8, 4, 38, 123456),
     dt.datetime(1900, 1, 1), dt.datetime(2200, 6, 1, 1, 2, 3)], COUNT)


def within(values, low, high):
    return [v if low <= v <= high else v % 100 for v in values]


def decimals(precision, scale):
    largest = D(10) ** precision - 1
    return repeated([D(v).scaleb(-scale) for v in [0, 1, -1, 255, 256, -256, largest, -largest, 12]], COUNT)


def standard_columns():
    """Name, type as Fundwatch sees it, Arrow's type, values, digits after the point."""
    f32 = [struct.unpack("<f", struct.pack("<f", v))[0] if abs(v) < 1e38 or v != v or v in (float("inf"), float("-inf")) else 1.0
           for v in FLOATS]
    return [
        ("flag", "boolean", pa.bool_(), repeated([True, False, False], COUNT), None),
        ("i8", "integer", pa.int8(), within(INTS, -128, 127), None),
        ("i16", "integer", pa.int16(), within(INTS, -32768, 32767), None),
        ("i32", "integer", pa.int32(), within(INTS, -(2**31), 2**31 - 1), None),
        ("i64", "bigint", pa.int64(), INTS, None),
        ("u8", "integer", pa.uint8(), repeated([0, 255, 7], COUNT), None),
        ("u16", "integer", pa.uint16(), repeated([0, 65535, 7], COUNT), None),
        ("u32", "bigint", pa.uint32(), repeated([0, 2**32 - 1, 7], COUNT), None),
        ("u64", "numeric(20,0)", pa.uint64(), repeated([0, 2**64 - 1, 7], COUNT), None),
        ("f16", "double precision", pa.float16(), repeated([0.0, 1.5, -2.0, 65504.0, 2.0**-24], COUNT), None),
        ("f32", "double precision", pa.float32(), f32, None),
        ("f64", "double precision", pa.float64(), FLOATS, None),
        ("text", "text", pa.string(), TEXTS, None),
        ("large", "text", pa.large_string(), TEXTS, None),
        ("bytes", "text", pa.binary(), TEXTS, None),
        ("d5", "numeric(5,2)", pa.decimal128(5, 2), decimals(5, 2), 2),
        ("d18", "numeric(18,3)", pa.decimal128(18, 3), decimals(18, 3), 3),
        ("d38", "numeric(38,10)", pa.decimal128(38, 10), decimals(38, 10), 10),
        ("d9", "numeric(9,0)", pa.decimal128(9, 0), decimals(9, 0), 0),
        ("day", "date", pa.date32(), DAYS, None),
        ("us", "timestamp", pa.timestamp("us"), TIMES, None),
        ("ms", "timestamp", pa.timestamp("ms"), [t.replace(microsecond=t.microsecond // 1000 * 1000) for t in TIMES], None),
        ("ns", "timestamp", pa.timestamp("ns"), TIMES, None),
        ("utc", "timestamp", pa.timestamp("us", tz="UTC"), TIMES, None),
    ]


def arrow_table(columns, with_nulls=True, required=False):
    arrays, fields, described = [], [], []
    for number, (name, kind, arrow, values, scale) in enumerate(columns):
        if with_nulls:
            values = nulls(values, number)
        source = values
        if pa.types.is_binary(arrow):
            source = [None if v is None else v.encode() for v in values]
        arrays.append(pa.array(source, arrow))
        fields.append(pa.field(name, arrow, nullable=not required))
        described.append({"name": name, "type": kind, "cells": [cell(v, scale) for v in values]})
    return pa.table(arrays, schema=pa.schema(fields)), described


FILES = []


def write_arrow(name, table, described, **options):
    pq.write_table(table, os.path.join(FOLDER, name), **options)
    FILES.append({"file": name, "columns": described})


def main():
    table, described = arrow_table(standard_columns())
    write_arrow("arrow-default.parquet", table, described, row_group_size=25)
    write_arrow("arrow-checksums.parquet", table, described, compression="zstd", write_page_checksum=True,
                store_decimal_as_integer=True, data_page_size=64, write_batch_size=7)
    plain, plain_described = arrow_table(standard_columns(), with_nulls=False, required=True)
    write_arrow("arrow-required-plain.parquet", plain, plain_described, compression="none", use_dictionary=False)
    encodings = {name: "DELTA_BINARY_PACKED" for name in ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "day", "us", "ms", "ns", "utc"]}
    encodings.update({"text": "DELTA_BYTE_ARRAY", "large": "DELTA_LENGTH_BYTE_ARRAY", "bytes": "DELTA_BYTE_ARRAY", "flag": "RLE",
                      "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT", "f16": "BYTE_STREAM_SPLIT", "d5": "BYTE_STREAM_SPLIT",
                      "d38": "DELTA_BYTE_ARRAY", "d18": "DELTA_BYTE_ARRAY"})
    write_arrow("arrow-v2-deltas.parquet", table, described, compression="gzip", use_dictionary=False, data_page_version="2.0",
                column_encoding=encodings, row_group_size=31)
    streams = {name: "BYTE_STREAM_SPLIT" for name in ["i32", "i64", "day", "us", "f64", "d38", "d5"]}
    write_arrow("arrow-v2-streams.parquet", plain, plain_described, compression="snappy", use_dictionary=False, data_page_version="2.0",
                column_encoding=streams)
    write_arrow("arrow-lz4.parquet", plain, plain_described, compression="lz4", use_dictionary=False)
    rng = random.Random(1)
    long_texts = nulls(["key-%d-%s" % (rng.randrange(40), "y" * rng.randrange(30)) for _ in range(400)], 5)
    wide = [("text", "text", pa.string(), long_texts, None), ("n", "bigint", pa.int64(), nulls([rng.randrange(10**12) for _ in range(400)], 6), None)]
    table, described = arrow_table(wide, with_nulls=False)
    write_arrow("arrow-dictionary-overflow.parquet", table, described, dictionary_pagesize_limit=300, data_page_size=200, write_batch_size=20)

    ns = [("t", "timestamp", pa.timestamp("ns"), nulls(TIMES, 3), None)]
    table, described = arrow_table(ns, with_nulls=False)
    write_arrow("arrow-int96.parquet", table, described, use_deprecated_int96_timestamps=True, use_dictionary=False)

    table, described = arrow_table(standard_columns())
    write_arrow("arrow-no-rows.parquet", table.slice(0, 0), [{**column, "cells": []} for column in described])

    nested = pa.table({
        "id": pa.array([1, 2]), "tags": pa.array([["a"], []], pa.list_(pa.string())),
        "place": pa.array([{"x": 1, "y": 2}, None], pa.struct([("x", pa.int64()), ("y", pa.int64())])),
        "pairs": pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int64())), "clock": pa.array([dt.time(1, 2), None]),
        "raw": pa.array([b"1234", None], pa.binary(4)), "nothing": pa.array([None, None], pa.null()), "last": pa.array(["p", "q"])})
    write_arrow("arrow-nested.parquet", nested, [
        {"name": "id", "type": "bigint", "cells": ["1", "2"]}, {"name": "tags", "cells": []}, {"name": "place", "cells": []},
        {"name": "pairs", "cells": []}, {"name": "clock", "cells": []}, {"name": "raw", "cells": []},
        {"name": "nothing", "type": "integer", "cells": [None, None]}, {"name": "last", "type": "text", "cells": ["p", "q"]}])

    write_duckdb()
    write_polars()
    with open(os.path.join(FOLDER, "cells.json"), "w", encoding="utf-8") as file:
        json.dump(FILES, file, ensure_ascii=False, indent=0)
        file.write("\n")


def write_duckdb():
    rows = """select case when i % 7 = 3 then null else i % 2 = 0 end as flag, (i * 7919 % 100 - 50)::tinyint as tiny,
        case when i % 5 = 0 then null else (i * 104729)::integer end as int, i * 1000000007 as big, (i % 250)::utinyint as small,
        (i / 7.0)::double as f64, (i % 9 / 4.0)::float as f32, case when i % 6 = 1 then null else 'item ' || (i % 13) end as text,
        (i % 100 / 100.0 - 0.5)::decimal(4,2) as d4, (i * 12345.678 - 100000)::decimal(18,3) as d18,
        (i * 1234567890123456.78 - 99)::decimal(38,2) as d38, date '2025-01-01' + i::integer as day,
        timestamp '2025-01-01 08:00:00.123456' + interval (i * 3601) second as us,
        '00000000-0000-4000-8000-0000000000' || lpad((i % 100)::varchar, 2, '0') as uuid_text
        from range(60) as r(i)"""
    connection = duckdb.connect()
    connection.execute(f"create table t as select * exclude (uuid_text), uuid_text::uuid as uuid from ({rows})")
    kinds = ["boolean", "integer", "integer", "bigint", "integer", "double precision", "double precision", "text", "numeric(4,2)",
             "numeric(18,3)", "numeric(38,2)", "date", "timestamp", "text"]
    names = [row[0] for row in connection.execute("describe t").fetchall()]
    table = connection.execute("select * exclude (uuid), uuid::varchar as uuid from t").fetchall()
    scales = {"d4": 2, "d18": 3, "d38": 2}
    described = [{"name": name, "type": kind, "cells": [cell(row[i], scales.get(name)) for row in table]}
                 for i, (name, kind) in enumerate(zip(names, kinds))]
    for name, options in [("duckdb-v1.parquet", "parquet_version v1, compression snappy"),
                          ("duckdb-v2.parquet", "parquet_version v2, compression zstd, dictionary_size_limit 1"),
                          ("duckdb-gzip.parquet", "compression gzip, dictionary_size_limit 5")]:
        connection.execute(f"copy t to '{os.path.join(FOLDER, name)}' (format parquet, {options})")
        FILES.append({"file": name, "columns": described})


def write_polars():
    columns = [c for c in standard_columns() if c[0] in ("flag", "i8", "i32", "i64", "u32", "f32", "f64", "text", "d18", "day", "us", "ms")]
    table, described = arrow_table(columns)
    frame = pl.from_arrow(table)
    for column in described:
        # Polars has decimals of 38 digits only.
        if column["name"] == "d18":
            column["type"] = "numeric(%d,3)" % frame.schema["d18"].precision
    for name, options in [("polars-zstd.parquet", {"compression": "zstd", "row_group_size": 20}),
                          ("polars-snappy.parquet", {"compression": "snappy", "statistics": "full", "data_page_size": 100}),
                          ("polars-lz4.parquet", {"compression": "lz4"})]:
        frame.write_parquet(os.path.join(FOLDER, name), **options)
        FILES.append({"file": name, "columns": described})


main()
