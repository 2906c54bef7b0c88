"""ClickHouse inside the process (chdb): MergeTree, every column CODEC(ZSTD(1)), vocabularies as LowCardinality."""
from pathlib import Path

from chdb import session

from ..schema import REFERENCE_TABLES, TABLES
from . import worker

# Of the orders tried the one that stores smallest: the lines of a claim stay together, and an institution is a range.
ORDER = {
    "claims": "institution_id, settled_at, claim_id, line_id",
    "institutions": "institution_id", "knowledge": "item_code", "deaths": "patient_id",
}


def column_type(column):
    if column.scale:
        kind = "Decimal({}, {})".format(*column.scale)
    else:
        kind = {"text": "String", "bigint": "Int64", "date": "Date32", "timestamp": "DateTime"}[column.kind]
    if not column.required:
        kind = f"Nullable({kind})"
    return f"LowCardinality({kind})" if column.few_values else kind


class ClickHouse:
    def __init__(self, home, threads):
        self.folder = Path(home) / "clickhouse"
        self.threads = threads
        self.session = None

    def open(self):
        self.session = session.Session(str(self.folder))
        self.session.query("create database if not exists fund")
        self.session.query("use fund")
        for setting in [f"max_threads = {self.threads}", f"max_insert_threads = {self.threads}", "join_use_nulls = 1", "prefer_column_name_to_alias = 1", "session_timezone = 'UTC'"]:
            self.session.query(f"set {setting}")

    def ingest(self, files):
        self.open()
        self._load("claims", files)

    def merge(self):
        """Merges all parts into one, as the background would in time: what the size and the queries are measured on."""
        self.session.query("optimize table claims final")

    def ingest_references(self, folder):
        for table in REFERENCE_TABLES:
            self._load(table, [f"{folder}/{table}.csv"])

    def size(self):
        """Bytes of the live parts of `claims`: parts merged away are deleted later."""
        text = str(self.session.query("select sum(bytes_on_disk) from system.parts where active and table = 'claims'", "TSV"))
        return {"bytes": int(text)}

    def query(self, sql):
        text = str(self.session.query(sql, "TSVRaw"))
        rows = [line.split("\t") for line in text.split("\n")[:-1]]
        return {"rows": [[None if cell == "\\N" else cell for cell in row] for row in rows]}

    def close(self):
        self.session.close()

    def _load(self, table, files):
        columns = TABLES[table]
        defined = ", ".join(f"{column.name} {column_type(column)} codec(ZSTD(1))" for column in columns)
        self.session.query(f"create table {table} ({defined}) engine = MergeTree order by ({ORDER[table]})")
        read = ", ".join(f"{column.name} {column_type(column)}" for column in columns)
        for file in files:
            self.session.query(
                f"insert into {table} select * from file('{file}', 'CSVWithNames', '{read}') "
                "settings input_format_csv_empty_as_default = 1")


if __name__ == "__main__":
    worker.serve(ClickHouse)
