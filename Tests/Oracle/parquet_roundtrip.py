#!/usr/bin/env python3
"""Compares the Parquet that Fundwatch writes and reads with what pyarrow, DuckDB, Polars and Spark say.

    python3 Tests/Oracle/parquet_roundtrip.py .build/release/fundwatch [--lines 100000] [--seed 1]

Out: edge values and generated claims, in each packing, are written by Fundwatch and read by the others; every cell must be
what Fundwatch prints for it as JSON. In: the others write the same values in many encodings, page versions and packings, and
every cell that Fundwatch prints must be the value that was written. Claims are compared as sets of rows, both ways. The exit
code is 1 if anything differs. Needs `pip install pyarrow duckdb polars`; Spark takes part where `pyspark` and a Java runtime
are there, and a line says so where it does not. `--only spark` leaves out what the three others write and read.
"""

import argparse
import datetime as dt
import decimal
import itertools
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet as pq

decimal.getcontext().prec = 80
D = decimal.Decimal
failures = []
checked = {"cells": 0, "files": 0}

EDGE_QUERY = """
select i as n, case when i % 3 = 0 then null else i % 2 = 0 end as flag,
  case i % 7 when 0 then null when 1 then 2147483647 when 2 then -2147483648 else i * 7 end::integer as int,
  case i % 7 when 0 then null when 1 then 9223372036854775807 when 2 then -9223372036854775808 else i::bigint * 1000003 end::bigint as big,
  case i % 6 when 0 then null when 1 then 9999999.99 when 2 then -9999999.99 else i * 0.01 end::numeric(9,2) as d9,
  case i % 6 when 0 then null when 1 then 99999999999999.9999 when 2 then -99999999999999.9999 else i * 0.0001 end::numeric(18,4) as d18,
  case i % 6 when 0 then null when 1 then 9999999999999999999999999999.9999999999 when 2 then -9999999999999999999999999999.9999999999
    else i * 0.0000000001 end::numeric(38,10) as d38,
  case i % 6 when 0 then null when 1 then 0.999 when 2 then -0.999 else 0.001 end::numeric(3,3) as d3,
  case i % 9 when 0 then null when 1 then 'Infinity'::double precision when 2 then '-Infinity'::double precision
    when 3 then 'NaN'::double precision when 4 then '1e308'::double precision when 5 then '5e-324'::double precision else i::double precision / 7 end as f,
  case i % 8 when 0 then null when 1 then '' when 2 then '费用 🙂' when 3 then repeat('x', 100) when 4 then E'a"b,c\\n' else 'item ' || i % 50 end as t,
  case i % 5 when 0 then null else 'P' || lpad((i / 3)::text, 9, '0') end as id,
  case i % 5 when 0 then null when 1 then date '0001-01-01' when 2 then date '9999-12-31' else date '2025-01-01' + (i % 1000)::integer end as day,
  case i % 5 when 0 then null when 1 then timestamp '1969-12-31 23:59:59.999999' when 2 then timestamp '1900-01-01 00:00:00'
    else timestamp '2025-01-01 00:00:00' + i * interval '1.000001 seconds' end as seen, null::text as none
from generate_series(1, {count}) as s(i) order by i
"""


def run(binary, *arguments):
    done = subprocess.run([binary, *arguments, "--store", STORE], capture_output=True)
    if done.returncode:
        sys.exit(f"fundwatch {' '.join(arguments)[:300]}: {done.stderr.decode()}")
    return done.stdout.decode()


def rows_of_fundwatch(binary, query):
    """Columns as lists of plain values; numbers stay decimal."""
    text = run(binary, "sql", query, "--format", "jsonl")
    rows = [json.loads(line, parse_float=D, parse_int=D, object_pairs_hook=list) for line in text.split("\n") if line]
    if not rows:
        return {}
    return {name: [row[place][1] for row in rows] for place, (name, _) in enumerate(rows[0])}


def plain(value):
    """A value of any of the four as one that compares."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return ("double", value)
    if isinstance(value, int):
        return D(value)
    if isinstance(value, dt.datetime):
        text = value.replace(tzinfo=None).strftime("%H:%M:%S") + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")
        return f"{value.year:04}-{value.month:02}-{value.day:02} {text}"
    if isinstance(value, dt.date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    return value


def same(ours, theirs):
    theirs = plain(theirs)
    if isinstance(theirs, tuple):
        return isinstance(ours, D) and float(ours) == theirs[1]
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


def compare(what, ours, theirs):
    checked["files"] += 1
    if list(ours) != list(theirs):
        failures.append(f"{what}: columns {list(ours)} and {list(theirs)}")
        return
    for name, column in ours.items():
        if len(column) != len(theirs[name]):
            failures.append(f"{what}, {name}: {len(column)} and {len(theirs[name])} rows")
            continue
        checked["cells"] += len(column)
        for row, (a, b) in enumerate(zip(column, theirs[name])):
            if not same(a, b):
                failures.append(f"{what}, {name}, row {row}: Fundwatch {a!r}, the other {b!r}")
                break


def by_pyarrow(path):
    table = pq.ParquetFile(path, page_checksum_verification=True).read()
    table.validate(full=True)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def by_duckdb(path):
    relation = duckdb.sql(f"select * from read_parquet('{path}')")
    rows = relation.fetchall()
    return {name: [row[i] for row in rows] for i, name in enumerate(relation.columns)}


def by_polars(path):
    frame = pl.read_parquet(path)
    return {name: frame[name].to_list() for name in frame.columns}


def by_stream(path):
    table = pa.ipc.open_stream(path).read_all()
    table.validate(full=True)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def by_feather(path):
    table = pa.ipc.open_file(path).read_all()
    table.validate(full=True)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def by_polars_ipc(path):
    frame = pl.read_ipc(path)
    return {name: frame[name].to_list() for name in frame.columns}


ARROW_READERS = {"arrows": by_stream, "arrow": by_feather, "feather": by_polars_ipc}
READERS = {"pyarrow": by_pyarrow, "DuckDB": by_duckdb, "Polars": by_polars}


def spark_session():
    """A session of Spark in this process, or None where it is not installed."""
    try:
        import pyspark.sql
    except ImportError:
        print("Spark: skipped, pyspark is not installed")
        return None
    if not shutil.which("java"):
        print("Spark: skipped, there is no java")
        return None
    # Python's datetimes have no zone: Spark takes and gives them by the process's.
    os.environ["TZ"] = "UTC"
    time.tzset()
    settings = {
        "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.driver.memory": "2g",
        "spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "2", "spark.log.level": "ERROR",
        # A file is one part, so that its rows keep their order.
        "spark.sql.files.minPartitionNum": "1", "spark.hadoop.parquet.page.verify-checksum.enabled": "true",
    }
    builder = pyspark.sql.SparkSession.builder.master("local[2]").appName("parquet_roundtrip")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def by_spark(path):
    frame = SPARK.read.parquet(path)
    rows = frame.collect()
    return {name: [row[i] for row in rows] for i, name in enumerate(frame.columns)}


def by_spark_in_rows(path):
    """The reader that Spark falls back to, which is another code than the one that reads columns."""
    SPARK.conf.set("spark.sql.parquet.enableVectorizedReader", "false")
    try:
        return by_spark(path)
    finally:
        SPARK.conf.set("spark.sql.parquet.enableVectorizedReader", "true")


def written_by_spark(frame, path, **options):
    """The one file that Spark writes of a frame, with its pattern."""
    frame.coalesce(1).write.mode("overwrite").options(**{name.replace("_", "."): value for name, value in options.items()}).parquet(path)
    return os.path.join(path, "*.parquet")


def inwards_from_spark(binary, folder, seed):
    """What Spark writes, in each form of page, packing and timestamp, is what was given to it."""
    from pyspark.sql import types
    rng = random.Random(seed)
    kinds = {
        "flag": types.BooleanType(), "runs": types.BooleanType(), "i8": types.ByteType(), "i16": types.ShortType(), "i32": types.IntegerType(),
        "i64": types.LongType(), "steps": types.LongType(), "same": types.IntegerType(), "f32": types.FloatType(), "f64": types.DoubleType(),
        "word": types.StringType(), "key": types.StringType(), "free": types.StringType(), "d4": types.DecimalType(4, 1), "d9": types.DecimalType(9, 2),
        "d16": types.DecimalType(16, 2), "d38": types.DecimalType(38, 6), "day": types.DateType(), "us": types.TimestampNTZType(),
        "ms": types.TimestampType(), "none": types.StringType(),
    }
    schema = types.StructType([types.StructField(name, kind) for name, kind in kinds.items()])
    path = os.path.join(folder, "spark")
    for count in (1, 63, 1000, 20000):
        columns = values_for_reading(rng, count)
        values = {name: columns[name][1] for name in kinds}
        # Ends of what Spark's and our calendar hold.
        values["day"][:3] = [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(1582, 10, 4)][:count]
        values["us"][:3] = [dt.datetime(1, 1, 1, 0, 0, 0, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999), dt.datetime(1969, 12, 31, 23, 59, 59, 999999)][:count]
        frame = SPARK.createDataFrame(list(zip(*values.values())), schema)

        def check(what, pattern):
            compare(f"in, {count} rows, Spark, {what}", rows_of_fundwatch(binary, f"select * from '{pattern}'"), values)

        for version, packing, dictionary in itertools.product(("v1", "v2"), ("none", "snappy", "gzip", "zstd", "lz4_raw"), ("true", "false")):
            pattern = written_by_spark(frame, path, parquet_writer_version=version, compression=packing, parquet_enable_dictionary=dictionary)
            check(f"pages {version}, {packing}, dictionary {dictionary}", pattern)
        for setting, value in (("spark.sql.parquet.outputTimestampType", "INT96"), ("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
                               ("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MILLIS"), ("spark.sql.parquet.writeLegacyFormat", "true")):
            before = SPARK.conf.get(setting)
            SPARK.conf.set(setting, value)
            check(f"{setting.rsplit('.', 1)[1]} {value}", written_by_spark(frame, path))
            SPARK.conf.set(setting, before)
        many = {"parquet.block.size": 65536, "parquet.page.size": 1024, "parquet.page.row.count.limit": 100, "parquet.block.size.row.check.min": 100}
        frame.coalesce(1).write.mode("overwrite").options(**many).parquet(path)
        check("small pages and row groups", os.path.join(path, "*.parquet"))


def claims_with_spark(binary, folder):
    """The store's claims, written here and read by Spark, and the other way round."""
    ours = SPARK.read.parquet(os.path.join(folder, "claims.parquet"))
    text = SPARK.read.csv(os.path.join(folder, "claims.csv"), header=True, schema=ours.schema, escape='"', multiLine=True, nullValue="")
    checked["files"] += 1
    checked["cells"] += ours.count() * len(ours.columns)
    for left, right, name in ((ours, text, "Parquet"), (text, ours, "text")):
        count = left.exceptAll(right).count()
        if count:
            failures.append(f"claims out, Spark: {count} rows of the {name} differ")
    columns = ", ".join(f'"{column}"' for column in ours.columns)
    path = os.path.join(folder, "claims-spark")
    writers = {
        "as it comes": lambda: ours.write.mode("overwrite").parquet(path),
        "pages v2, zstd": lambda: ours.write.mode("overwrite").options(**{"parquet.writer.version": "v2", "compression": "zstd"}).parquet(path),
        "four files": lambda: ours.repartition(4).write.mode("overwrite").parquet(path),
        "folders of a column": lambda: ours.write.mode("overwrite").partitionBy("visit_type").parquet(path),
    }
    for name, write in writers.items():
        write()
        checked["files"] += 1
        pattern = os.path.join(path, "**", "*.parquet")
        for left, right in (("claims", f"'{pattern}'"), (f"'{pattern}'", "claims")):
            count = run(binary, "sql", f"select count(*) from (select {columns} from {left} except all select {columns} from {right}) as d",
                        "--format", "csv").split()[1]
            if count != "0":
                failures.append(f"claims in, Spark, {name}: {count} rows of {left} differ")


def outwards(binary, folder):
    for count in (1, 100, 5000, 140000):
        query = EDGE_QUERY.format(count=count)
        ours = rows_of_fundwatch(binary, query)
        for packing in ("zstd", "snappy", "gzip", "none") if count < 100000 else ("zstd",):
            path = os.path.join(folder, f"edge-{count}-{packing}.parquet")
            run(binary, "sql", f"copy ({query}) to '{path}' (compression {packing})")
            for name, read in READERS.items():
                compare(f"out, {count} rows, {packing}, {name}", ours, read(path))
            compare(f"out and in, {count} rows, {packing}", ours, {k: v for k, v in rows_of_fundwatch(binary, f"select * from '{path}'").items()})
        for ending, read in ARROW_READERS.items():
            path = os.path.join(folder, f"edge-{count}.{ending}")
            run(binary, "sql", query, "-o", path)
            compare(f"out, {count} rows, {ending}", ours, read(path))
    path = os.path.join(folder, "empty.parquet")
    run(binary, "sql", f"copy ({EDGE_QUERY.format(count=1)} limit 0) to '{path}'")
    for name, read in READERS.items():
        if any(len(column) for column in read(path).values()):
            failures.append(f"out, no rows, {name}: there are rows")


def bounds_hold(folder):
    """The footer's bounds as pyarrow reads them, against the rows."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith("-zstd.parquet"):
            continue
        file = pq.ParquetFile(os.path.join(folder, name))
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            for place, column in enumerate(table.column_names):
                chunk = file.metadata.row_group(group).column(place)
                values = [v for v in table.column(column).to_pylist() if v is not None and not (isinstance(v, float) and math.isnan(v))]
                stats = chunk.statistics
                if stats is None:
                    failures.append(f"bounds, {name}, {column}: none")
                    continue
                if stats.null_count != table.column(column).null_count:
                    failures.append(f"bounds, {name}, {column}: {stats.null_count} NULLs said, {table.column(column).null_count} found")
                if stats.has_min_max and values and not (stats.min <= min(values) and max(values) <= stats.max):
                    failures.append(f"bounds, {name}, {column}: {stats.min!r} to {stats.max!r} for {min(values)!r} to {max(values)!r}")


def values_for_reading(rng, count):
    """Arrow's type and values of columns that others write."""
    def maybe(values, share=0.2):
        return [None if rng.random() < share else v for v in values]

    def numbers(bits):
        edges = [0, 1, -1, 2**(bits - 1) - 1, -(2**(bits - 1))]
        return [rng.choice(edges) if rng.random() < 0.1 else rng.randrange(-(2**rng.randrange(1, bits - 1)), 2**rng.randrange(1, bits - 1))
                for _ in range(count)]

    def decimals(precision, scale):
        return [D(rng.randrange(-(10**rng.randrange(1, precision + 1)) + 1, 10**rng.randrange(1, precision + 1))).scaleb(-scale) for _ in range(count)]

    words = ["", "a", "费用", "aspirin", "🙂" * 3, "x" * 300] + [f"item {i}" for i in range(30)]
    base = dt.datetime(2025, 1, 1)
    return {
        "flag": (pa.bool_(), maybe([rng.random() < 0.3 for _ in range(count)])),
        "runs": (pa.bool_(), maybe([i // 100 % 2 == 0 for i in range(count)], 0.01)),
        "i8": (pa.int8(), maybe(numbers(8))), "i16": (pa.int16(), maybe(numbers(16))), "i32": (pa.int32(), maybe(numbers(32))),
        "i64": (pa.int64(), maybe(numbers(64))), "u32": (pa.uint32(), maybe([rng.randrange(2**32) for _ in range(count)])),
        "u64": (pa.uint64(), maybe([rng.randrange(2**64) for _ in range(count)])),
        "steps": (pa.int64(), [i * 3 for i in range(count)]), "same": (pa.int32(), [7] * count),
        "f32": (pa.float32(), maybe([float(rng.randrange(-1000, 1000)) / 8 for _ in range(count)])),
        "f64": (pa.float64(), maybe([rng.choice([math.nan, math.inf, -math.inf, 0.0, rng.gauss(0, 1e9), rng.random()]) for _ in range(count)])),
        "word": (pa.string(), maybe([rng.choice(words) for _ in range(count)])),
        "key": (pa.string(), [f"P{i // 3:09}" for i in range(count)]),
        "free": (pa.string(), maybe(["%x" % rng.getrandbits(rng.randrange(1, 400)) for _ in range(count)])),
        "d4": (pa.decimal128(4, 1), maybe(decimals(4, 1))), "d9": (pa.decimal128(9, 2), maybe(decimals(9, 2))),
        "d16": (pa.decimal128(16, 2), maybe(decimals(16, 2))), "d38": (pa.decimal128(38, 6), maybe(decimals(38, 6))),
        "day": (pa.date32(), maybe([dt.date(2025, 1, 1) + dt.timedelta(days=rng.randrange(-100000, 100000)) for _ in range(count)])),
        "us": (pa.timestamp("us"), maybe([base + dt.timedelta(microseconds=rng.randrange(-10**15, 10**15)) for _ in range(count)])),
        "ms": (pa.timestamp("ms"), maybe([base + dt.timedelta(milliseconds=rng.randrange(-10**12, 10**12)) for _ in range(count)])),
        "none": (pa.string(), [None] * count),
    }


def inwards(binary, folder, seed):
    rng = random.Random(seed)
    for count in (1, 63, 1000, 20000):
        columns = values_for_reading(rng, count)
        table = pa.table([pa.array(v, t) for t, v in columns.values()], schema=pa.schema([(n, t) for n, (t, _) in columns.items()]))
        values = {name: v for name, (_, v) in columns.items()}
        path = os.path.join(folder, "theirs.parquet")

        def check(what, expected=values):
            compare(f"in, {count} rows, {what}", rows_of_fundwatch(binary, f"select * from '{path}'"), expected)

        for version, packing, dictionary in itertools.product(("1.0", "2.0"), ("none", "snappy", "gzip", "zstd", "lz4"), (True, False)):
            pq.write_table(table, path, data_page_version=version, compression=packing, use_dictionary=dictionary,
                           row_group_size=max(1, count // 3), data_page_size=4096, write_page_checksum=dictionary)
            check(f"pyarrow, pages {version}, {packing}, dictionary {dictionary}")
        pq.write_table(table, path, dictionary_pagesize_limit=256, data_page_size=512, store_decimal_as_integer=True)
        check("pyarrow, dictionaries that overflow")
        integers = [n for n, (t, _) in columns.items() if pa.types.is_integer(t) or pa.types.is_temporal(t)]
        texts = [n for n, (t, _) in columns.items() if pa.types.is_string(t)]
        for text in ("DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"):
            encoding = {n: "DELTA_BINARY_PACKED" for n in integers} | {n: text for n in texts}
            encoding |= {n: "BYTE_STREAM_SPLIT" for n in ("f32", "f64")} | {"flag": "RLE", "runs": "RLE"}
            encoding |= {"d4": "DELTA_BYTE_ARRAY", "d38": "BYTE_STREAM_SPLIT"}
            pq.write_table(table, path, use_dictionary=False, column_encoding=encoding, data_page_version="2.0", data_page_size=4096)
            check(f"pyarrow, {text}")
        encoding = {n: "BYTE_STREAM_SPLIT" for n in integers if n not in ("i8", "i16")} | {"d9": "BYTE_STREAM_SPLIT"}
        pq.write_table(table, path, use_dictionary=False, column_encoding=encoding, compression="zstd")
        check("pyarrow, BYTE_STREAM_SPLIT")

        # INT96 reaches from 1677 to 2262 in pyarrow; days as they are.
        pq.write_table(table.select(["us"]), path, use_deprecated_int96_timestamps=True)
        check("pyarrow, INT96", {"us": values["us"]})

        connection = duckdb.connect()
        connection.register("source", table)
        for version, packing in itertools.product(("v1", "v2"), ("uncompressed", "snappy", "gzip", "zstd")):
            connection.execute(f"copy source to '{path}' (format parquet, parquet_version {version}, compression {packing}, row_group_size 4096)")
            check(f"DuckDB {version}, {packing}")
        connection.execute(f"copy source to '{path}' (format parquet, parquet_version v2, dictionary_size_limit 1)")
        check("DuckDB v2 without dictionaries")

        frame = pl.from_arrow(table)
        for packing in ("uncompressed", "snappy", "gzip", "zstd", "lz4"):
            frame.write_parquet(path, compression=packing, row_group_size=max(1, count // 2), statistics="full", data_page_size=4096)
            check(f"Polars, {packing}")


def without_rows(binary, folder):
    """Files without a row, with and without a row group, and columns of NULLs alone."""
    fields = [("n", pa.int64()), ("t", pa.string()), ("day", pa.date32()), ("d", pa.decimal128(38, 4)), ("us", pa.timestamp("us"))]
    path = os.path.join(folder, "none.parquet")
    for count in (0, 1, 5000):
        table = pa.table([pa.array([None] * count, kind) for _, kind in fields], schema=pa.schema(fields))
        connection = duckdb.connect()
        connection.register("source", table)
        writers = {
            "pyarrow": lambda: pq.write_table(table, path),
            "pyarrow, pages 2.0": lambda: pq.write_table(table, path, data_page_version="2.0", compression="zstd"),
            "DuckDB": lambda: connection.execute(f"copy source to '{path}' (format parquet)"),
            "Polars": lambda: pl.from_arrow(table).write_parquet(path),
        }
        for name, write in writers.items():
            write()
            nulls = ", ".join(f"count({column})" for column, _ in fields)
            found = run(binary, "sql", f"select count(*), {nulls} from '{path}'", "--format", "csv").split("\n")[1]
            if found != f"{count},0,0,0,0,0":
                failures.append(f"in, {count} rows of NULLs, {name}: {found}")
            checked["files"] += 1


def large_row_groups(binary, folder, seed):
    """Row groups that are read in pieces, whole and by filters that leave pages out."""
    rng = random.Random(seed)
    count = 250_000
    words = ["", "a", "费用", "x" * 40] + [f"item {i}" for i in range(300)]
    columns = {
        "n": (pa.int64(), list(range(count))),
        "seen": (pa.timestamp("us"), [dt.datetime(1969, 12, 1) + dt.timedelta(seconds=i * 7 + rng.randrange(5)) for i in range(count)]),
        "day": (pa.date32(), [None if i % 1000 < 3 else dt.date(1960, 1, 1) + dt.timedelta(days=i // 40) for i in range(count)]),
        "word": (pa.string(), [None if rng.random() < 0.1 else rng.choice(words) for _ in range(count)]),
        "key": (pa.string(), [f"P{i // 3:09}" for i in range(count)]),
        "fee": (pa.decimal128(16, 2), [None if rng.random() < 0.1 else D(rng.randrange(-10**6, 10**6)).scaleb(-2) for _ in range(count)]),
        "share": (pa.float64(), [math.nan if i % 50_000 == 7 else i / 8 for i in range(count)]),
        "gap": (pa.int32(), [i if i // 20_000 % 2 else None for i in range(count)]),
    }
    table = pa.table([pa.array(v, t) for t, v in columns.values()], schema=pa.schema([(n, t) for n, (t, _) in columns.items()]))
    values = {name: v for name, (_, v) in columns.items()}
    path = os.path.join(folder, "large.parquet")
    one = {"row_group_size": count}
    connection = duckdb.connect()
    connection.register("source", table)
    writers = {
        "pyarrow": lambda: pq.write_table(table, path, **one),
        "pyarrow, pages 2.0": lambda: pq.write_table(table, path, data_page_version="2.0", compression="zstd", **one),
        "pyarrow, large pages": lambda: pq.write_table(table, path, data_page_size=64 << 20, max_rows_per_page=10**7, **one),
        "pyarrow, small pages": lambda: pq.write_table(table, path, data_page_size=3000, use_dictionary=False, **one),
        "pyarrow, page index": lambda: pq.write_table(table, path, write_page_index=True, **one),
        "DuckDB": lambda: connection.execute(f"copy source to '{path}' (format parquet, row_group_size {count})"),
        "DuckDB v2": lambda: connection.execute(f"copy source to '{path}' (format parquet, row_group_size {count}, parquet_version v2)"),
        "Polars": lambda: pl.from_arrow(table).write_parquet(path, **one),
    }
    some_fee = next(fee for fee in values["fee"][170_000:] if fee is not None)
    filters = {
        "n between 119990 and 120010": lambda i: 119990 <= values["n"][i] <= 120010,
        "seen >= '1969-12-20' and seen < '1969-12-21' and word = 'item 7'":
            lambda i: dt.datetime(1969, 12, 20) <= values["seen"][i] < dt.datetime(1969, 12, 21) and values["word"][i] == "item 7",
        "day = '1965-03-04'": lambda i: values["day"][i] == dt.date(1965, 3, 4),
        "key in ('P000000000', 'P000079999', 'P000079998')": lambda i: values["key"][i] in ("P000000000", "P000079999", "P000079998"),
        "share > 31240": lambda i: math.isnan(values["share"][i]) or values["share"][i] > 31240,
        "gap < 20100": lambda i: values["gap"][i] is not None and values["gap"][i] < 20100,
        f"fee = {some_fee}": lambda i: values["fee"][i] == some_fee,
        "n % 50000 = 1": lambda i: i % 50000 == 1,
    }
    expected = {text: [i for i in range(count) if keeps(i)] for text, keeps in filters.items()}
    for name, write in writers.items():
        write()
        compare(f"in, large row group, {name}", rows_of_fundwatch(binary, f"select * from '{path}'"), values)
        for text, rows in expected.items():
            compare(f"in, large row group, {name}, {text}", rows_of_fundwatch(binary, f"select * from '{path}' where {text} order by n"),
                    {column: [cells[i] for i in rows] for column, cells in values.items()})


def claims(binary, folder, lines, seed):
    data = os.path.join(folder, "data")
    run(binary, "generate", "--out", data, "--lines", str(lines), "--seed", str(seed))
    run(binary, "ingest", os.path.join(data, "claims.csv"))
    path = os.path.join(folder, "claims.parquet")
    sheet = os.path.join(folder, "claims.csv")
    run(binary, "sql", f"copy claims to '{path}'")
    run(binary, "sql", f"copy claims to '{sheet}'")
    types = {row[0]: row[1] for row in duckdb.sql(f"describe select * from '{path}'").fetchall()}
    casts = ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in types.items())
    text = f"(select {casts} from read_csv('{sheet}', all_varchar=true, header=true, nullstr='', allow_quoted_nulls=false))"
    for left, right in ((f"(from '{path}')", text), (text, f"(from '{path}')")):
        count = duckdb.sql(f"select count(*) from ({left} except all {right})").fetchall()[0][0]
        if count:
            failures.append(f"claims out: {count} rows of {left[:60]} differ")
    rewritten = os.path.join(folder, "rewritten.parquet")
    table = pq.read_table(path)
    writers = {
        "pyarrow": lambda: pq.write_table(table, rewritten),
        "pyarrow, snappy pages 2.0": lambda: pq.write_table(table, rewritten, data_page_version="2.0", compression="snappy"),
        "DuckDB": lambda: duckdb.sql(f"copy (from '{path}') to '{rewritten}' (format parquet)"),
        "Polars": lambda: pl.read_parquet(path).write_parquet(rewritten),
    }
    for name, write in writers.items():
        write()
        # Polars widens decimals: values are the same.
        columns = ", ".join(f'"{column}"' for column in types)
        for left, right in (("claims", f"'{rewritten}'"), (f"'{rewritten}'", "claims")):
            count = run(binary, "sql", f"select count(*) from (select {columns} from {left} except all select {columns} from {right}) as d",
                        "--format", "csv").split()[1]
            if count != "0":
                failures.append(f"claims in, {name}: {count} rows of {left} differ")


def parts(binary, folder):
    """What `export --partition-by` writes, opened as a folder by each reader in its own default way."""
    path = os.path.join(folder, "parts")
    run(binary, "export", "--partition-by", "region,month", "--format", "parquet", "--out", path)
    lines = run(binary, "sql", "select region, count(*), sum(amount) from claims group by region order by region", "--format", "csv").split()[1:]
    expected = [(int(region), int(count), decimal.Decimal(amount)) for region, count, amount in (line.split(",") for line in lines)]

    def of_arrow(table):
        groups = {}
        for region, amount in zip(table.column("region").to_pylist(), table.column("amount").to_pylist()):
            count, total = groups.get(int(region), (0, decimal.Decimal(0)))
            groups[int(region)] = (count + 1, total + amount)
        return [(region, *groups[region]) for region in sorted(groups)]

    readers = {
        "pyarrow": lambda: of_arrow(pq.read_table(path)),
        "pyarrow, dataset": lambda: of_arrow(pyarrow.dataset.dataset(path, partitioning="hive").to_table()),
        "Polars": lambda: of_arrow(pl.read_parquet(path).to_arrow()),
        "DuckDB": lambda: duckdb.sql(f"select region, count(*), sum(amount) from '{path}/**/*.parquet' group by 1 order by 1").fetchall(),
    }
    for name, read in readers.items():
        found = [(int(region), count, amount) for region, count, amount in read()]
        checked["cells"] += 3 * len(found)
        if found != expected:
            failures.append(f"parts, {name}: {found[:2]}, expected {expected[:2]}")


def main():
    global STORE, SPARK
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["spark"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        STORE = os.path.join(folder, "store")
        binary = os.path.abspath(options.binary)
        SPARK = spark_session()
        if options.only:
            READERS.clear()
            ARROW_READERS.clear()
        if SPARK:
            READERS["Spark"] = by_spark
            READERS["Spark, in rows"] = by_spark_in_rows
        elif options.only:
            sys.exit(2)
        claims(binary, folder, options.lines, options.seed)
        if not options.only:
            parts(binary, folder)
        outwards(binary, folder)
        bounds_hold(folder)
        if not options.only:
            inwards(binary, folder, options.seed)
            without_rows(binary, folder)
            large_row_groups(binary, folder, options.seed)
        if SPARK:
            claims_with_spark(binary, folder)
            inwards_from_spark(binary, folder, options.seed)
            SPARK.stop()
    for failure in failures[:60]:
        print(failure)
    print(f"{checked['files']} files, {checked['cells']:,} cells compared, {len(failures)} differences")
    sys.exit(1 if failures else 0)


main()
