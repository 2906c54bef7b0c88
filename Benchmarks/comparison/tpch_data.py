"""TPC-H: the eight tables with the standard's types, their data, and loading them.

The data come from PyPI's `tpchgen-cli`, which writes what the standard's `dbgen` writes.
"""
import shutil
import subprocess
import sys
from pathlib import Path

from . import processes

# The standard's fixed and variable texts are text, its identifiers bigint, its decimals decimal(15,2).
TABLES = {
    "region": "r_regionkey bigint, r_name text, r_comment text",
    "nation": "n_nationkey bigint, n_name text, n_regionkey bigint, n_comment text",
    "supplier": """s_suppkey bigint, s_name text, s_address text, s_nationkey bigint, s_phone text,
        s_acctbal decimal(15,2), s_comment text""",
    "customer": """c_custkey bigint, c_name text, c_address text, c_nationkey bigint, c_phone text,
        c_acctbal decimal(15,2), c_mktsegment text, c_comment text""",
    "part": """p_partkey bigint, p_name text, p_mfgr text, p_brand text, p_type text, p_size bigint,
        p_container text, p_retailprice decimal(15,2), p_comment text""",
    "partsupp": """ps_partkey bigint, ps_suppkey bigint, ps_availqty bigint, ps_supplycost decimal(15,2),
        ps_comment text""",
    "orders": """o_orderkey bigint, o_custkey bigint, o_orderstatus text, o_totalprice decimal(15,2),
        o_orderdate date, o_orderpriority text, o_clerk text, o_shippriority bigint, o_comment text""",
    "lineitem": """l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber bigint,
        l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2),
        l_returnflag text, l_linestatus text, l_shipdate date, l_commitdate date, l_receiptdate date,
        l_shipinstruct text, l_shipmode text, l_comment text""",
}


def columns(table):
    """(name, type) of each column; no type has a blank in it."""
    words = TABLES[table].split()
    return [(name, kind.rstrip(",")) for name, kind in zip(words[::2], words[1::2])]


def generate(folder, scale):
    """The eight CSV files of a scale factor in `folder`, made once."""
    folder = Path(folder)
    if (folder / "complete").exists():
        return folder
    tool = shutil.which("tpchgen-cli")
    if tool is None:
        sys.exit("tpchgen-cli makes the data of TPC-H: python3 -m pip install tpchgen-cli")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([tool, "csv", "-s", str(scale), "--output-dir", str(folder), "-q"], check=True)
    (folder / "complete").touch()
    return folder


def ingest(binary, folder, store, threads=2):
    """Loads the tables into a store of Fundwatch, which must not have them yet."""
    for table in TABLES:
        types = ",".join(f"{name}:{kind.replace('decimal', 'numeric')}" for name, kind in columns(table))
        processes.run([binary, "ingest", Path(folder) / f"{table}.csv", "--table", table, "--types", types,
                       "--max-rejects", "0", "--store", store, "--threads", threads])


def duckdb_statements(folder):
    """The statements that load the tables into DuckDB."""
    for table in TABLES:
        kinds = ", ".join(f"'{name}': '{kind.replace('text', 'varchar')}'" for name, kind in columns(table))
        yield (f"create or replace table {table} as select * from read_csv('{Path(folder) / table}.csv', header = true, "
               f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{kinds}}})")
