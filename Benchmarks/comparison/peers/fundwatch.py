"""Fundwatch itself, as a user runs it: one process a command."""
import csv
import io
import re
import subprocess
from pathlib import Path

from .. import processes
from ..schema import REFERENCE_TABLES


class Fundwatch:
    def __init__(self, binary, home, threads):
        self.binary, self.store = str(binary), Path(home) / "fundwatch"
        self.options = ["--store", str(self.store), "--threads", str(threads)]

    @property
    def version(self):
        return processes.run([self.binary, "--version"], keeps_output=True).output_text.strip()

    def ingest(self, files):
        """Claim files to a durable store; the summary is kept from the terminal."""
        return processes.run([self.binary, "ingest", *files, *self.options])

    def ingest_stream(self, file):
        """The same from standard input, through a pipe."""
        with subprocess.Popen(["cat", str(file)], stdout=subprocess.PIPE) as source:
            return processes.run([self.binary, "ingest", "-", *self.options], standard_input=source.stdout)

    def ingest_references(self, folder):
        for table in REFERENCE_TABLES:
            processes.run([self.binary, "ingest", folder / f"{table}.csv", "--table", table, *self.options])

    def rows(self, *arguments):
        """The rows of a command's CSV, without its header."""
        cost = processes.run([self.binary, *arguments, *self.options, "--format", "csv"], keeps_output=True)
        return list(csv.reader(io.StringIO(cost.output_text)))[1:]

    def warm_query_seconds(self, sql):
        """Seconds of the third run of a statement in one process."""
        return self._third_time(["sql", ";\n".join([sql.rstrip().rstrip(";")] * 3)])

    def warm_indicator_seconds(self, identifier):
        """Seconds of the third run of an indicator in one process."""
        return self._third_time(["indicators", "run", identifier, identifier, identifier])

    def indicator_process_seconds(self, identifier):
        """Wall seconds of `indicators run ID`: start, open, plan, run, print."""
        return processes.run([self.binary, "indicators", "run", identifier, "--format", "csv", *self.options]).wall_seconds

    def _third_time(self, arguments):
        """The other engines' processes stay, and have run a statement once to compare its rows: their middle one of three
        timed runs is their third, too."""
        cost = processes.run([self.binary, *arguments, "--timing", "--format", "csv", *self.options])
        times = re.findall(r"Time: ([0-9.]+) ms", cost.error_text)
        if len(times) != 3:
            raise processes.ChildFailed(f"{arguments[:2]}: three times expected, {len(times)} printed")
        return float(times[2]) / 1000
