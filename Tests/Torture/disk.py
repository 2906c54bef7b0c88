"""Full disks, stores that may not be written, and two writers."""
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

from kills import check, finish
from scenarios import state_of
from tool import Fault, check_sound


class MemoryDisk:
    def __init__(self, place, megabytes):
        self.place = place
        place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], check=True, capture_output=True)

    def fill(self, leaving):
        """Leaves so many bytes free."""
        filler = self.place / "filler"
        filler.unlink(missing_ok=True)
        status = os.statvfs(self.place)
        size = status.f_bavail * status.f_frsize - leaving
        with open(filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, size))

    def make_room(self):
        (self.place / "filler").unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "-l", str(self.place)], capture_output=True)


def full(tool, scenarios, rounds, chance):
    disk = MemoryDisk(tool.folder / "small", 64)
    store = disk.place / "store"
    refused = 0
    try:
        for number in range(rounds):
            scenario = scenarios[number % len(scenarios)]
            disk.make_room()
            scenario.prepare(store)
            # From nothing to what is just enough, small rooms more often.
            disk.fill(int(4096 * 2 ** (chance.random() * 12)))
            outcome = scenario.run(tool, store)
            what = f"{scenario.name} on a full disk, round {number}"
            if outcome.code not in (0, 73):
                raise Fault(f"{what}: {outcome}")
            refused += outcome.code == 73
            check(tool, scenario, store, outcome, what)
            disk.make_room()
            finish(tool, scenario, store, what)
    finally:
        disk.close()
    return f"full disk: {refused} of {rounds} refused with 73, all stores intact"


def read_only(tool, scenarios):
    """Whoever may only read gets answers, and 77 for a load."""
    scenario = next(s for s in scenarios if s.name == "small load")
    disk = MemoryDisk(tool.folder / "readonly", 64)
    store = disk.place / "store"
    cases = []
    try:
        scenario.prepare(store)
        subprocess.run(["mount", "-o", "remount,ro", str(disk.place)], check=True)
        cases.append(("read-only file system", scenario.run(tool, store)))
        if state_of(tool, store) != scenario.states[0]:
            raise Fault("a read-only file system: other answers")
        check_sound(tool, store, "a read-only file system")
        subprocess.run(["mount", "-o", "remount,rw", str(disk.place)], check=True)
        for path in [disk.place, store, *store.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        # A copy of the tool and a file that everybody may read.
        for path in (tool.folder, tool.folder / "data"):
            path.chmod(0o755)
        everyones = shutil.copy(tool.binary, tool.folder / "fundwatch")
        Path(everyones).chmod(0o755)
        own, tool.binary = tool.binary, str(everyones)
        try:
            cases.append(("another user's store", scenario.run(tool, store, user=65534)))
            tool.run("verify", store=store, user=65534, expect=0)
        finally:
            tool.binary = own
    finally:
        disk.close()
    for name, outcome in cases:
        if outcome.code != 77:
            raise Fault(f"a load into {name}: {outcome}")
    return "read-only stores: read, and 77 for a load"


def two_writers(tool, data, scenarios, rounds):
    """Of writers at the same time each is done or refused as busy."""
    scenario = next(s for s in scenarios if s.name == "several files")
    store = tool.folder / "contended"
    busy = 0
    for number in range(rounds):
        scenario.prepare(store)
        processes = []
        for file in scenario.arguments[1:]:
            processes.append(tool.start(["ingest", file], store))
            time.sleep(0.003 * (number % 7))
        outcomes = [tool.end(process) for process in processes]
        for outcome in outcomes:
            if outcome.code not in (0, 75):
                raise Fault(f"writers at the same time: {outcome}")
        busy += sum(outcome.code == 75 for outcome in outcomes)
        check_sound(tool, store, "writers at the same time")
        tool.run(*scenario.arguments, store=store, expect=0)
        rows = tool.run("sql", "select count(*), sum(amount) from claims", "--format", "csv", store=store, expect=0).output
        scenario.prepare(store)
        tool.run(*scenario.arguments, store=store, expect=0)
        if rows != tool.run("sql", "select count(*), sum(amount) from claims", "--format", "csv", store=store, expect=0).output:
            raise Fault("writers at the same time: other rows than one after the other")
    return f"two writers: {busy} of {3 * rounds} refused as busy, no row lost or doubled"


def torture(tool, data, rounds, seed, say):
    chance = random.Random(seed)
    scenarios = data.scenarios()
    parts = []
    if os.geteuid() == 0 and shutil.which("mount"):
        parts += [full(tool, scenarios, rounds, chance), read_only(tool, scenarios)]
    else:
        parts.append("full disk and read-only store skipped: mounting needs root")
    say("disks done")
    parts.append(two_writers(tool, data, scenarios, max(5, rounds // 5)))
    return "; ".join(parts)
