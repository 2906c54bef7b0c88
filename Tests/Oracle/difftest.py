#!/usr/bin/env python3
"""A long differential session: the engine against DuckDB, and against PostgreSQL 15 where that is installed.

usage: difftest.py FUNDWATCH [--work FOLDER] [--random N] [--seed N] [--lines N]

DuckDB is the Python package; PostgreSQL is Debian's package `postgresql-15`, started on a private socket and gone afterwards.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import postgres


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("--work", help="folder for stores and files (default: a temporary one)")
    parser.add_argument("--random", type=int, default=300, help="random queries of each kind")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--lines", type=int, default=20000)
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    common = ["--seed", str(options.seed), "--random", str(options.random), "--lines", str(options.lines)]

    def session(script, folder, environment=os.environ):
        print(f"== {script}", flush=True)
        return subprocess.run([sys.executable, os.path.join(here, script), options.fundwatch, folder, *common], env=environment).returncode

    compared, failed = [], []
    with tempfile.TemporaryDirectory(prefix="difftest-") as temporary:
        os.chmod(temporary, 0o755)
        folder = options.work or os.path.join(temporary, "work")
        try:
            import duckdb  # noqa: F401
            compared.append("DuckDB")
            if session("duckdb_differential.py", folder):
                failed.append("DuckDB")
        except ImportError:
            print("== left out: the Python package duckdb is not installed")
        if postgres.programs():
            server = os.path.join(temporary, "postgres")
            with postgres.Server(server):
                compared.append("PostgreSQL")
                environment = {**os.environ, "PGHOST": server, "PGUSER": "postgres", "PGDATABASE": "postgres"}
                if session("sql_differential.py", folder, environment):
                    failed.append("PostgreSQL")
        else:
            print("== left out: PostgreSQL 15 is not installed (apt-get install postgresql-15)")
    if not compared:
        print("nothing compared: neither DuckDB nor PostgreSQL 15 is there")
        return 1
    if failed:
        print("differences from " + " and ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
