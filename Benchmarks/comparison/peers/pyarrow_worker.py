"""Apache Arrow's own CSV reader and Parquet writer, batch by batch: constant memory, zstd, level 1, dictionaries as it chooses."""
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ..schema import TABLES
from . import worker

# Its default, said outright.
ZSTD_LEVEL = 1


def column_type(column):
    if column.scale:
        return pa.decimal128(*column.scale)
    return {"text": pa.string(), "bigint": pa.int64(), "date": pa.date32(), "timestamp": pa.timestamp("s")}[column.kind]


class Arrow:
    def __init__(self, home, threads):
        self.file = Path(home) / "arrow.parquet"
        pa.set_cpu_count(threads)

    def ingest(self, files):
        types = {column.name: column_type(column) for column in TABLES["claims"]}
        options = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False)
        with pa.parquet.ParquetWriter(self.file, pa.schema(list(types.items())), compression="zstd", compression_level=ZSTD_LEVEL) as writer:
            for file in files:
                reader = pa.csv.open_csv(file, read_options=pa.csv.ReadOptions(block_size=16 << 20), convert_options=options)
                for batch in reader:
                    writer.write_batch(batch)


if __name__ == "__main__":
    worker.serve(Arrow)
