"""Child processes with what they cost: wall and processor seconds, peak resident bytes."""
import contextlib
import os
import subprocess
import threading
import time
from dataclasses import dataclass


# No single command or request takes near as long; what does hangs.
TIME_LIMIT = 3600


class ChildFailed(Exception):
    """A child process ended badly; carries the end of what it wrote on standard error."""


@dataclass
class Cost:
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    error_text: str = ""
    output_text: str = ""


def run(command, standard_input=None, keeps_output=False, timeout_seconds=TIME_LIMIT):
    """Runs a command to its end; `ChildFailed` if that is bad, or does not come in time.

    The peak is that of the process itself as the kernel counts it (`ru_maxrss`). A child starts with its parent's figure, so
    this program stays small: it imports no engine, engines run in processes of their own.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], stdin=standard_input or subprocess.DEVNULL,
        stdout=subprocess.PIPE if keeps_output else subprocess.DEVNULL, stderr=subprocess.PIPE)
    with time_limit(process, timeout_seconds) as is_late, process.stderr:
        # One pipe is read beside the other, so that neither fills up while the other is waited for.
        error = []
        reader = threading.Thread(target=lambda: error.append(process.stderr.read()))
        reader.start()
        output = process.stdout.read() if keeps_output else b""
        reader.join()
        cost = wait(process, start)
    if keeps_output:
        process.stdout.close()
    cost.error_text, cost.output_text = b"".join(error).decode(errors="replace"), output.decode()
    if is_late.is_set():
        raise ChildFailed(f"{' '.join(map(str, command))[:200]} took more than {timeout_seconds} seconds")
    if process.returncode != 0:
        raise ChildFailed(f"{' '.join(map(str, command))[:200]} ended with {process.returncode}: {cost.error_text[-2000:]}")
    return cost


@contextlib.contextmanager
def time_limit(process, seconds):
    """Kills the process if the block is not left in time; gives an event that says so afterwards."""
    is_late = threading.Event()

    def kill():
        is_late.set()
        process.kill()
    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


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
