"""Child processes with what they cost: wall and processor seconds, peak resident bytes."""
import os
import subprocess
import time
from dataclasses import dataclass


class ChildFailed(Exception):
    """A child process ended badly; carries the end of what it wrote on standard error."""


@dataclass
class Cost:
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    error_text: str = ""
    output_text: str = ""


def run(command, standard_input=None, keeps_output=False, timeout_seconds=3600):
    """Runs a command to its end.

    The peak is that of the process itself as the kernel counts it (`ru_maxrss`). A child starts with its parent's figure, so
    this program stays small: it imports no engine, engines run in processes of their own.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], stdin=standard_input or subprocess.DEVNULL,
        stdout=subprocess.PIPE if keeps_output else subprocess.DEVNULL, stderr=subprocess.PIPE)
    # The two pipes are read one after the other: what a command writes on standard error fits into a pipe.
    output = process.stdout.read() if keeps_output else b""
    error = process.stderr.read()
    cost = wait(process, start)
    cost.error_text, cost.output_text = error.decode(errors="replace"), output.decode()
    if process.returncode != 0:
        raise ChildFailed(f"{' '.join(map(str, command))[:200]} ended with {process.returncode}: {cost.error_text[-2000:]}")
    return cost


def wait(process, start):
    """Waits for a `Popen` and says what it cost since `start` (of `time.perf_counter`)."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def folder_size(path):
    """Bytes of all files below a folder, or of one file."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)


def settle():
    """Lets earlier writes reach the disk, so that they do not fall into the next measurement."""
    os.sync()
