"""What is interrupted: commands with the states they go through. Add a command here when the tool learns one that writes."""
import csv
import gzip
import shutil
import subprocess
from pathlib import Path

from tool import Fault, fingerprint


class Scenario:
    """A command on a store that is ready for it, and the states the store may be found in: before, after each batch."""

    def __init__(self, name, base, arguments, stdin=None):
        self.name, self.base, self.arguments, self.stdin = name, base, [str(a) for a in arguments], stdin
        self.states, self.seconds = [], 0.0

    def start(self, tool, store, **options):
        if self.stdin is None:
            return tool.start(self.arguments, store, **options)
        with open(self.stdin, "rb") as file:
            return tool.start(self.arguments, store, stdin=file, **options)

    def run(self, tool, store, **options):
        return tool.end(self.start(tool, store, **options))

    def prepare(self, store):
        """A fresh copy of the store the command begins with."""
        shutil.rmtree(store, ignore_errors=True)
        if self.base.exists():
            shutil.copytree(self.base, store)

    @staticmethod
    def acknowledged(output):
        """Batches the command said are safe."""
        return sum(": batch " in line or ": already loaded as batch " in line for line in output.splitlines())


class Data:
    """Generated files of several sizes, cut at claim borders, and the scenarios made of them."""

    def __init__(self, tool, seed, lines=60_000):
        self.tool, self.found = tool, None
        self.folder = tool.folder / "data"
        tool.run("generate", "--lines", lines, "--seed", seed, "--out", self.folder, expect=0)
        self.parts = self.cut([0.01, 0.05, 0.05, 0.2, 0.2, 0.49])
        self.packed = self.folder / "part-3.csv.gz"
        self.packed.write_bytes(gzip.compress(self.parts[3].read_bytes(), 1))
        self.fewer = self.folder / "fewer-institutions.csv"
        rows = (self.folder / "institutions.csv").read_text().splitlines(keepends=True)
        self.fewer.write_text("".join(rows[: len(rows) // 2]))

    def cut(self, shares):
        """The claims in files of these shares."""
        with open(self.folder / "claims.csv", newline="") as file:
            reader = csv.reader(file)
            header, rows = next(reader), list(reader)
        key = header.index("claim_id")
        parts, start = [], 0
        for number, share in enumerate(shares):
            end = min(len(rows), start + max(1, int(share * len(rows))))
            while end < len(rows) and rows[end][key] == rows[end - 1][key]:
                end += 1
            path = self.folder / f"part-{number}.csv"
            with open(path, "w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows[start:end]])
            parts.append(path)
            start = end
        return parts

    def scenarios(self):
        """Every writer, each with its states found by running it to its end, batch by batch; the same ones each time."""
        if self.found is None:
            self.found = self.make_scenarios()
        return self.found

    def make_scenarios(self):
        stores = self.tool.folder / "bases"
        stores.mkdir(exist_ok=True)
        none, one, two = stores / "none", stores / "one", stores / "two"
        self.tool.run("ingest", self.parts[0], store=one, expect=0)
        shutil.copytree(one, two)
        self.tool.run("ingest", self.folder / "institutions.csv", "--table", "institutions", store=two, expect=0)
        self.tool.run("ingest", self.parts[1], store=two, expect=0)
        found = [
            Scenario("first load makes the store", none, ["ingest", self.parts[2]]),
            Scenario("small load", one, ["ingest", self.parts[2]]),
            Scenario("middle load, packed", one, ["ingest", self.packed]),
            Scenario("large load", two, ["ingest", self.parts[5]]),
            Scenario("several files", two, ["ingest", *self.parts[2:5]]),
            Scenario("standard input", two, ["ingest", "-"], stdin=self.parts[4]),
            Scenario("reference table replaced", two, ["ingest", self.fewer, "--table", "institutions"]),
        ]
        totals = "create table if not exists totals as select institution_id, count(*) as lines from claims group by institution_id"
        found += [
            Scenario("table made of a query", two, ["sql", totals]),
            Scenario("table dropped", two, ["sql", "drop table if exists institutions"]),
        ]
        verbs = self.tool.verbs()
        if "compact" in verbs:
            found.append(Scenario("compaction", two, ["compact"]))
        for scenario in found:
            self.find_states(scenario)
        return found

    def find_states(self, scenario):
        store = self.tool.folder / "reference"
        scenario.prepare(store)
        files = [a for a in scenario.arguments[1:] if a.endswith((".csv", ".gz"))]
        scenario.states = [fingerprint(self.tool, store) if store.exists() else None]
        if len(files) > 1:
            for file in files:
                self.tool.run(scenario.arguments[0], file, store=store, expect=0)
                scenario.states.append(fingerprint(self.tool, store))
            scenario.prepare(store)
        outcome = scenario.run(self.tool, store)
        if outcome.code != 0:
            raise Fault(f"{scenario.name}: {outcome}")
        scenario.seconds = outcome.seconds
        if len(files) > 1:
            if fingerprint(self.tool, store) != scenario.states[-1]:
                raise Fault(f"{scenario.name}: all files at once are not the same as one by one")
        else:
            scenario.states.append(fingerprint(self.tool, store))
        shutil.rmtree(store)


def state_of(tool, store):
    """Where a store stands; None if there is none, or none with a commit."""
    if not Path(store, "commits").is_dir() or not any(Path(store, "commits").glob("*.json")):
        return None
    return fingerprint(tool, store)


def command_exists(name):
    return shutil.which(name) is not None or subprocess.run(["which", name], capture_output=True).returncode == 0
