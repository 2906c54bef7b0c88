"""Both ends of a peer's process: the engine in a Python of its own, asked over pipes, so that its memory is counted
apart and its crash ends no more than its own row.

A peer also runs by itself, from the folder Benchmarks: requests as words, each with its values as JSON behind it.

    python3 -m comparison.peers.duckdb_worker /tmp/home 2 ingest '{"files": ["/tmp/data/claims.csv"]}'
    python3 -m comparison.peers.duckdb_worker /tmp/home 2 open query '{"sql": "select count(*) from claims"}'
"""
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from .. import answers, processes


class Peer:
    """The comparison's end: starts `python3 -m comparison.peers.NAME` and asks it."""

    def __init__(self, module, home, threads):
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"comparison.peers.{module}", str(home), str(threads)],
            cwd=Path(__file__).resolve().parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "POLARS_MAX_THREADS": str(threads), "PYTHONUNBUFFERED": "1"})

    def ask(self, request, **values):
        """The answer's dictionary; `ChildFailed` if the engine refused, died or took too long."""
        with processes.time_limit(self.process, processes.TIME_LIMIT) as is_late:
            try:
                self.process.stdin.write(json.dumps({"do": request, **values}).encode() + b"\n")
                self.process.stdin.flush()
                line = self.process.stdout.readline()
            except BrokenPipeError:
                line = b""
        if is_late.is_set():
            raise processes.ChildFailed(f"`{request}` took more than {processes.TIME_LIMIT} seconds")
        if not line:
            raise processes.ChildFailed("the engine's process ended")
        answer = json.loads(line)
        if "error" in answer:
            raise processes.ChildFailed(answer["error"])
        return answer

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.stdout.close()
        with processes.time_limit(self.process, processes.TIME_LIMIT):
            processes.wait(self.process, time.perf_counter())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.close()


def serve(engine_type):
    """The engine's end: answers requests with the methods of `engine_type(home, threads)`, those of the command line if it
    has any, else line by line from standard input.

    A method returns a dictionary, or None. What the engine prints goes to standard error. Wall and processor seconds are
    those of the method alone: the start of Python and the import of the engine are not counted. The peak is the process's
    up to then.
    """
    answer_file = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    engine = engine_type(sys.argv[1], int(sys.argv[2]))
    for request in _given(sys.argv[3:]) or map(json.loads, sys.stdin):
        method = getattr(engine, request.pop("do"))
        before, start = _processor_seconds(), time.perf_counter()
        try:
            answer = method(**request) or {}
        except Exception as error:  # whatever the engine throws is its answer
            answer = {"error": f"{type(error).__name__}: {error}"[:2000]}
        seconds = time.perf_counter() - start
        rows = answer.pop("rows", None)
        if rows is not None:
            answer["rows"] = [[answers.text(cell) for cell in row] for row in rows]
        answer.update(
            wall_seconds=seconds, cpu_seconds=_processor_seconds() - before,
            peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        answer_file.write(json.dumps(answer) + "\n")
        answer_file.flush()


def _given(words):
    """`ingest {"files": …} merge` as requests."""
    requests = []
    for word in words:
        if word.startswith("{"):
            requests[-1].update(json.loads(word))
        else:
            requests.append({"do": word})
    return requests


def _processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
