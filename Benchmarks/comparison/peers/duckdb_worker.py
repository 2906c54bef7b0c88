"""DuckDB: typed `create table as select * from read_csv`, then `checkpoint`."""
from pathlib import Path

import duckdb

from ..schema import REFERENCE_TABLES, TABLES
from . import worker


class DuckDB:
    def __init__(self, home, threads):
        self.file = Path(home) / "claims.duckdb"
        self.threads = threads
        self.connection = None

    def open(self):
        self.connection = duckdb.connect(str(self.file))
        self.connection.execute(f"set threads = {self.threads}")

    def ingest(self, files):
        self.open()
        self._load("claims", files)
        self.connection.execute("checkpoint")
        self.connection.close()

    def ingest_references(self, folder):
        self.open()
        for table in REFERENCE_TABLES:
            self._load(table, [f"{folder}/{table}.csv"])
        self.connection.close()

    def query(self, sql):
        return {"rows": self.connection.execute(sql).fetchall()}

    def _load(self, table, files):
        columns = ", ".join(f"'{column.name}': '{column.kind.replace('text', 'varchar')}'" for column in TABLES[table])
        names = ", ".join(f"'{file}'" for file in files)
        self.connection.execute(
            f"create table {table} as select * from read_csv([{names}], header = true, auto_detect = false, delim = ',', "
            f"quote = '\"', escape = '\"', columns = {{{columns}}})")


if __name__ == "__main__":
    worker.serve(DuckDB)
