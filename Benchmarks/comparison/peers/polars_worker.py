"""Polars: `read_csv` into memory, and the same with Parquet (zstd, level 3) written from it; queries scan that Parquet."""
from pathlib import Path

import polars as pl

from ..schema import REFERENCE_TABLES, TABLES
from . import polars_queries, worker

# Its default, said outright.
ZSTD_LEVEL = 3


def column_type(column):
    if column.scale:
        return pl.Decimal(*column.scale)
    return {"text": pl.String, "bigint": pl.Int64, "date": pl.Date, "timestamp": pl.Datetime("us")}[column.kind]


class Polars:
    def __init__(self, home, threads):
        self.folder = Path(home) / "polars"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.frames = {}

    def ingest(self, files):
        """To memory only: no store."""
        self.claims = self._read("claims", files)

    def ingest_lightly(self, files):
        """To memory, with the types that cost Polars least: dates stay text, decimals become doubles."""
        light = {pl.Date: pl.String, pl.Datetime: pl.String, pl.Decimal: pl.Float64}
        types = {column.name: column_type(column) for column in TABLES["claims"]}
        self.claims = self._read_as({name: light.get(kind.base_type(), kind) for name, kind in types.items()}, files)

    def write_parquet(self):
        self.claims.write_parquet(self.folder / "claims.parquet", compression="zstd", compression_level=ZSTD_LEVEL)

    def ingest_references(self, folder):
        for table in REFERENCE_TABLES:
            self._read(table, [f"{folder}/{table}.csv"]).write_parquet(self.folder / f"{table}.parquet", compression="zstd", compression_level=ZSTD_LEVEL)

    def open(self):
        self.frames = {table: pl.scan_parquet(self.folder / f"{table}.parquet") for table in TABLES}

    def query(self, name, binds):
        """One of the queries of `polars_queries`, which needs no SQL."""
        frame = polars_queries.QUERIES[name](**self.frames, **binds)
        return {"rows": frame.collect(engine="streaming").rows()}

    def _read(self, table, files):
        return self._read_as({column.name: column_type(column) for column in TABLES[table]}, files)

    def _read_as(self, schema, files):
        frames = [pl.read_csv(file, schema=schema) for file in files]
        return pl.concat(frames) if len(frames) > 1 else frames[0]


if __name__ == "__main__":
    worker.serve(Polars)
