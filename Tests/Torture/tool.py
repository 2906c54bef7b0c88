"""The tool under torture: running it, killing it, and what a store must look like afterwards."""
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

# A Swift trap, a C abort, a bad access: always a fault of ours, whatever was done to the tool. It ends with 70 by its own
# handlers, and by the signal where it did not come to install them.
CRASHES = {signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE}


class Fault(Exception):
    """Something that must never be."""


class Outcome:
    """How a run ended."""

    def __init__(self, code, output, errors, seconds, peak_bytes):
        self.code, self.output, self.errors, self.seconds, self.peak_bytes = code, output, errors, seconds, peak_bytes

    @property
    def crashed(self):
        return self.code == 70 or (self.code < 0 and -self.code in CRASHES)

    def __str__(self):
        return f"exit {self.code}: {self.errors.strip()[:600]}"


class Tool:
    """The executable, and a folder of its own for what is made on the way."""

    def __init__(self, binary, folder=None):
        self.folder = Path(tempfile.mkdtemp(prefix="fundwatch-torture-", dir=folder))
        self.binary = str(Path(binary).resolve())

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, arguments, store=None, environment=None, memory_bytes=None, stdin=subprocess.DEVNULL, user=None):
        """Starts the tool with its output in files, so that what it wrote before a kill is there to read."""
        command = [self.binary, *arguments] + (["--store", str(store)] if store else [])
        output = tempfile.TemporaryFile(dir=self.folder)
        errors = tempfile.TemporaryFile(dir=self.folder)
        variables = {key: value for key, value in os.environ.items() if not key.startswith("FUNDWATCH_")}
        # A crash is told by its code or signal; the backtrace would take seconds.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables.update(environment or {})

        def limit():
            if memory_bytes:
                resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if user is not None:
                os.setgid(user)
                os.setuid(user)

        process = subprocess.Popen(
            command, stdin=stdin, stdout=output, stderr=errors, env=variables, preexec_fn=limit, cwd=self.folder)
        process.began, process.texts = time.monotonic(), (output, errors)
        return process

    def end(self, process, limit_seconds=300):
        """Waits for the end. A run beyond its time is killed and is a fault."""
        deadline = process.began + limit_seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                os.kill(process.pid, signal.SIGKILL)
                os.wait4(process.pid, 0)
                process.returncode = -9
                raise Fault(f"still running after {limit_seconds} s: {process.args}")
            time.sleep(0.001)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in process.texts:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
            file.close()
        return Outcome(process.returncode, *texts, time.monotonic() - process.began, usage.ru_maxrss * 1024)

    def run(self, *arguments, store=None, expect=None, limit_seconds=300, **options):
        outcome = self.end(self.start([str(a) for a in arguments], store, **options), limit_seconds)
        if outcome.crashed:
            raise Fault(f"{arguments[0]} crashed, {outcome}")
        if expect is not None and outcome.code != expect:
            raise Fault(f"{' '.join(map(str, arguments))}: expected exit {expect}, got {outcome}")
        return outcome

    def verbs(self):
        words = self.run("--help").output.split()
        return {word for word in words if word.isalpha()}


# What two stores with the same rows agree on, in a few numbers.
FINGERPRINT = {
    "claims": "select count(*), count(distinct claim_id || '/' || line_id), sum(amount), sum(fund_amount), sum(quantity), "
    "min(settled_at), max(settled_at), count(distinct patient_id), count(distinct item_code), max(trace_code) from claims",
    "institutions": "select count(*), min(institution_id), max(name), sum(beds) from institutions",
    "deaths": "select count(*), min(death_date), max(patient_id) from deaths",
    "all": "show tables",
}


def fingerprint(tool, store):
    """The state of a store as a query sees it."""
    return tuple(
        tool.run("sql", query, "--format", "csv", store=store, expect=0).output for query in FINGERPRINT.values())


def check_sound(tool, store, what):
    """Every byte holds."""
    outcome = tool.run("verify", store=store)
    if outcome.code != 0:
        raise Fault(f"{what}: verify: {outcome}")


def check_no_leftovers(store, what):
    """Every file belongs to some commit."""
    named, newest_batch = set(), 0
    for path in sorted(Path(store, "commits").iterdir()):
        if path.suffix != ".json":
            raise Fault(f"{what}: left over: {path}")
        manifest = json.loads(path.read_text())
        newest_batch = max([newest_batch] + [batch["id"] for batch in manifest["batches"]])
        for table in manifest["tables"]:
            named.update(segment["file"] for segment in table["segments"])
            for column in table["columns"]:
                named.update(file["file"] for file in column.get("dictionaries", []))
    for folder in ("segments", "dictionaries"):
        for path in Path(store, folder).iterdir():
            if path.name not in named:
                raise Fault(f"{what}: left over: {path}")
    for path in Path(store, "rejects").iterdir():
        if path.suffix != ".csv" or int(path.stem) > newest_batch:
            raise Fault(f"{what}: left over: {path}")
