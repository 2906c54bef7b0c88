"""What every part of a comparison needs: the data, the engines' folders, how often to run, where figures go."""
import shutil
import sys
from decimal import Decimal
from pathlib import Path

from . import answers, processes
from .peers.fundwatch import Fundwatch
from .peers.worker import Peer

FUNDWATCH, DUCKDB, CLICKHOUSE, POLARS, PARQUET = "Fundwatch", "DuckDB", "ClickHouse", "Polars", "pyarrow"
MODULES = {DUCKDB: "duckdb_worker", CLICKHOUSE: "clickhouse_worker", POLARS: "polars_worker", PARQUET: "pyarrow_worker"}


class Context:
    def __init__(self, options, dataset, results, engines):
        self.dataset, self.results = dataset, results
        self.runs, self.threads, self.engines = options.runs, options.threads, engines
        self.home = Path(options.work) / f"stores-{dataset.lines}-{dataset.seed}"
        self.home.mkdir(parents=True, exist_ok=True)
        self.fundwatch = Fundwatch(options.binary, self.home, options.threads)

    def peer(self, engine):
        return Peer(MODULES[engine], self.home, self.threads)

    def store(self, engine):
        """The file or folder an engine keeps its claims in."""
        names = {FUNDWATCH: "fundwatch", DUCKDB: "claims.duckdb", CLICKHOUSE: "clickhouse", POLARS: "polars", PARQUET: "arrow.parquet"}
        return self.home / names[engine]

    def clear(self, engine):
        path = self.store(engine)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".wal").unlink(missing_ok=True)

    def load_if_missing(self, engine):
        """Ingests the claims once, unmeasured, if an earlier part has not; then the reference tables, without which no join."""
        mark = self.home / f"{engine}.references"
        if mark.exists() and self.store(engine).exists():
            return
        if engine == FUNDWATCH:
            if not self.store(engine).exists():
                self.fundwatch.ingest(self.dataset.claims)
            self.fundwatch.ingest_references(self.dataset.folder)
        else:
            self._load_peer(engine)
        mark.touch()

    def _load_peer(self, engine):
        files = [str(file) for file in self.dataset.claims]
        is_loaded = self.store(engine).exists()
        with self.peer(engine) as peer:
            if not is_loaded:
                peer.ask("ingest", files=files)
                if engine == CLICKHOUSE:
                    peer.ask("merge")
                if engine == POLARS:
                    peer.ask("write_parquet")
            elif engine == CLICKHOUSE:
                peer.ask("open")
            if engine != PARQUET:
                peer.ask("ingest_references", folder=str(self.dataset.folder))

    def forget(self, engine):
        """Removes an engine's store and all that was known of it."""
        self.clear(engine)
        (self.home / f"{engine}.references").unlink(missing_ok=True)

    def open_peers(self, part, engines, setup=lambda _: ()):
        """Starts those of the engines that take part, loads what is missing, and runs the statements of `setup(engine)` in each."""
        peers = {}
        for engine in engines:
            def start(engine=engine):
                self.load_if_missing(engine)
                peer = self.peer(engine)
                try:
                    peer.ask("open")
                    for sql in setup(engine):
                        peer.ask("query", sql=sql)
                except processes.ChildFailed:
                    peer.close()
                    raise
                peers[engine] = peer
            if engine in self.engines:
                self.attempt(part, engine, start)
        return peers

    def compare(self, part, engine, name, ours, theirs, tolerance=Decimal(0)):
        """Notes a disagreement; the run ends with a failure then, but not before all is measured."""
        if found := answers.difference(ours, theirs, tolerance):
            self.results.note(part, f"{engine} DISAGREES on `{name}`: {found}")
            self.tell(f"{engine} disagrees on {name}: {found}")

    def tell(self, text):
        print(text, file=sys.stderr, flush=True)

    def attempt(self, part, engine, action):
        """Runs one engine's measurement; a failure becomes a note and the comparison goes on without it."""
        try:
            action()
            return True
        except processes.ChildFailed as failure:
            if engine == FUNDWATCH:
                raise
            self.tell(f"{engine}: {failure}")
            self.results.note(part, f"{engine} failed: {str(failure).splitlines()[0][:300]}")
            return False
