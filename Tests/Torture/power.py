"""Power cuts on ext4 in an image: the file system is shut down in the middle of a load, as a cut leaves it, and mounted again."""
import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

from kills import check, finish
from tool import Fault

# _IOR('X', 125, __u32) of the kernel's ext4.h and xfs_fs.h: no write reaches the device from now on.
SHUTDOWN = 2 << 30 | 4 << 16 | ord("X") << 8 | 125
LOG_FLUSHED, LOG_LOST = 1, 2
MOUNT_OPTIONS = {
    "ext4": ["", "data=writeback,noauto_da_alloc", "data=journal", "nodelalloc", "commit=1", "data=writeback,commit=1,nodelalloc"],
    "xfs": [""],
}


class Disk:
    """A file system in a file, on a loop device."""

    def __init__(self, folder, kind, megabytes=400):
        self.kind, self.image, self.pristine = kind, folder / "disk.img", folder / "pristine.img"
        self.place = folder / "disk"
        self.place.mkdir(exist_ok=True)
        with open(self.pristine, "wb") as file:
            file.truncate(megabytes << 20)
        force = ["-F", "-q", "-E", "lazy_itable_init=0"] if kind == "ext4" else ["-f", "-q"]
        self.call(f"mkfs.{kind}", *force, str(self.pristine))

    @staticmethod
    def call(*command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")

    def renew(self):
        self.call("cp", "--sparse=always", str(self.pristine), str(self.image))

    def mount(self, options=""):
        self.call("mount", "-t", self.kind, "-o", ",".join(filter(None, ["loop", options])), str(self.image), str(self.place))

    def unmount(self):
        for _ in range(200):
            if subprocess.run(["umount", str(self.place)], capture_output=True).returncode == 0:
                return
            time.sleep(0.02)
        raise OSError(f"{self.place} stays busy")

    def cut(self, how):
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", how))
        finally:
            os.close(descriptor)

    def check(self):
        """The file system itself came through."""
        if self.kind == "ext4":
            done = subprocess.run(["e2fsck", "-fn", str(self.image)], capture_output=True, text=True)
            if done.returncode not in (0, 1):
                raise OSError(f"e2fsck: {done.stdout[-400:]}")


def hindrance(folder, kind):
    """Why no power can be cut here, nil if it can."""
    if os.geteuid() != 0:
        return "mounting needs root"
    for name in (f"mkfs.{kind}", "losetup", "mount"):
        if shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            return f"{name} is missing"
    if not os.path.exists("/dev/loop-control") and not os.path.exists("/dev/loop0"):
        subprocess.run(["mknod", "/dev/loop0", "b", "7", "0"], capture_output=True)
    if subprocess.run(["losetup", "-f"], capture_output=True).returncode != 0:
        return "there are no loop devices"
    try:
        disk = Disk(folder, kind, megabytes=400)
        disk.renew()
        disk.mount()
        try:
            disk.cut(LOG_LOST)
        finally:
            disk.unmount()
        return None
    except OSError as error:
        return str(error)


def ready(scenario, store, disk):
    """The store before the command, safely on the disk."""
    store.parent.mkdir()
    scenario.prepare(store)
    subprocess.run(["sync", "-f", str(disk.place)], check=True)


def usual_time(tool, disk, scenario, store):
    """Seconds the command takes on the image."""
    disk.renew()
    disk.mount()
    try:
        ready(scenario, store, disk)
        return scenario.run(tool, store).seconds
    finally:
        disk.unmount()


def torture(tool, data, rounds, seed, say, kind="ext4"):
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    place = tool.folder / "power"
    place.mkdir(exist_ok=True)
    reason = hindrance(place, kind)
    if reason:
        return f"skipped: {reason}; the model of a disk in StorageTests (PART=suites) cuts the power all the same"
    chance = random.Random(seed)
    scenarios = data.scenarios()
    disk = Disk(place, kind)
    store = disk.place / "folder" / "store"
    at_work = 0
    left = {"before": 0, "between": 0, "after": 0}
    seconds = {scenario.name: usual_time(tool, disk, scenario, store) for scenario in scenarios}
    for number in range(rounds):
        scenario = scenarios[number % len(scenarios)]
        options = chance.choice(MOUNT_OPTIONS[kind])
        what = f"cut {number} ({scenario.name}, mounted with {options or 'the defaults'})"
        disk.renew()
        disk.mount(options)
        try:
            ready(scenario, store, disk)
            process = scenario.start(tool, store)
            # Any moment, but more often late, when the commit is made.
            share = chance.random() if chance.random() < 0.5 else chance.uniform(0.7, 1.1)
            moment = time.monotonic() + share * seconds[scenario.name]
            if chance.random() < 0.4:
                # Something else on the machine has everything so far written out.
                time.sleep(max(0, (moment - time.monotonic()) * chance.random()))
                os.sync()
            time.sleep(max(0, moment - time.monotonic()))
            how = LOG_FLUSHED if chance.random() < 0.3 else LOG_LOST
            # What was said before the cut is what counts: the tool is stopped, so that it says no more.
            os.kill(process.pid, signal.SIGSTOP)
            disk.cut(how)
            os.kill(process.pid, signal.SIGKILL)
            outcome = tool.end(process)
        finally:
            disk.unmount()
        disk.mount()
        try:
            at_work += outcome.code != 0
            held = check(tool, scenario, store, outcome, what)
            left["before" if held == 0 else "after" if held == len(scenario.states) - 1 else "between"] += 1
            finish(tool, scenario, store, what)
        finally:
            disk.unmount()
        disk.check()
        if number % 25 == 24:
            say(f"{number + 1} cuts")
    states = ", ".join(f"{count} left the state {name}" for name, count in left.items())
    return f"{rounds} cuts on {kind}: {at_work} met the writer at work; {states}"
