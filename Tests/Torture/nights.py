"""kill -9 at random moments of a nightly run: readers keep a whole report, and the next run makes what the first would have made."""
import json
import os
import random
import shutil
import signal
import time
import zipfile

from scenarios import state_of
from tool import Fault, check_no_leftovers, check_sound


class Night:
    """A store, an inbox and an archive with a report in it, as they stand before a night; and what they are after it."""

    def __init__(self, tool, data):
        self.tool, self.folder = tool, tool.folder / "nights"
        self.before, self.now = self.folder / "before", self.folder / "now"
        (self.before / "inbox").mkdir(parents=True)
        for number in (0, 1, 3):
            tool.run("ingest", data.parts[number], store=self.before / "store", expect=0)
        tool.run("ingest", data.folder / "institutions.csv", "--table", "institutions", store=self.before / "store", expect=0)
        self.run_once(self.before)
        shutil.copy(data.parts[2], self.before / "inbox" / "a.csv")
        (self.before / "inbox" / "b.csv").write_text("no,known,headers\n1,2,3\n")
        shutil.copy(data.parts[4], self.before / "inbox" / "c.csv")
        self.old = report(self.before)
        self.renew()
        outcome = self.run_once(self.now, codes=(65,))
        self.seconds, self.new, self.state = outcome.seconds, report(self.now), state_of(tool, self.now / "store")
        if self.new["files"] == self.old["files"]:
            raise Fault("the night changes nothing: the torture proves nothing")

    def renew(self):
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self.before, self.now, symlinks=True)

    def start(self, place):
        arguments = ["nightly", "--inbox", place / "inbox", "--out", place / "reports", "--settle", "0", "-o", place / "changes.csv"]
        return self.tool.start([str(argument) for argument in arguments], place / "store")

    def run_once(self, place, codes=(0,)):
        outcome = self.tool.end(self.start(place))
        if outcome.code not in codes:
            raise Fault(f"nightly: {outcome}")
        return outcome

    def check_killed(self, what):
        """What readers see is whole, the old or the new; the old one stays as it was in any case."""
        seen = report(self.now)
        if seen not in (self.old, self.new):
            raise Fault(f"{what}: the report is neither that of before nor the new one: {seen['name']}")
        if content(self.now / "reports" / self.old["name"]) != self.old["files"]:
            raise Fault(f"{what}: the report of before was changed")
        return seen == self.new

    def check_done(self, what):
        if report(self.now) != self.new:
            raise Fault(f"{what}: not the report of an undisturbed run")
        if state_of(self.tool, self.now / "store") != self.state:
            raise Fault(f"{what}: not the store of an undisturbed run")
        check_sound(self.tool, self.now / "store", what)
        check_no_leftovers(self.now / "store", what)
        for folder, names in [("processed", ["a.csv", "c.csv"]), ("failed", ["b.csv", "b.csv.reason.txt"]), ("", ["failed", "processed"])]:
            found = sorted(path.name for path in (self.now / "inbox" / folder).iterdir() if path.name != ".nightly.lock")
            if found != names:
                raise Fault(f"{what}: inbox/{folder} holds {found}")
        hidden = [path.name for path in (self.now / "reports").iterdir() if path.name.startswith(".") and path.name != ".nightly.lock"]
        if hidden:
            raise Fault(f"{what}: left over in the reports: {hidden}")
        for line in (self.now / "reports" / "nightly.jsonl").read_text().splitlines():
            json.loads(line)


def content(folder):
    """The files of a report, without what tells the times of the commits: the head's hash, and the identity made of it."""
    head = json.loads((folder / "run.json").read_text())["store_head"].encode()
    identity = json.loads((folder / "nightly.json").read_text())["identity"].encode()
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                parts = {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
        else:
            parts = {path.name: path.read_bytes()}
        files.update({name: text.replace(head, b"HEAD").replace(identity, b"IDENTITY") for name, text in parts.items()})
    return files


def report(place):
    """The report that `latest` leads to: its name and its files."""
    name = os.readlink(place / "reports" / "latest")
    return {"name": name, "files": content(place / "reports" / name)}


def torture(tool, data, rounds, seed, say):
    chance = random.Random(seed)
    night = Night(tool, data)
    killed = ended = shown = 0
    for number in range(rounds):
        night.renew()
        # Mostly once, sometimes the run that goes on is killed too.
        for attempt in range(1 if chance.random() < 0.7 else 3):
            what = f"round {number}, killed {attempt + 1} times"
            process = night.start(night.now)
            time.sleep(chance.random() * 1.1 * night.seconds)
            os.kill(process.pid, signal.SIGKILL)
            outcome = tool.end(process)
            if outcome.code not in (0, 65, -signal.SIGKILL):
                raise Fault(f"{what}: {outcome}")
            killed += outcome.code < 0
            ended += outcome.code >= 0
            shown += night.check_killed(what) and outcome.code < 0
        night.run_once(night.now, codes=(0, 65))
        night.check_done(f"round {number}, then again")
        if number % 10 == 9:
            say(f"{number + 1} rounds")
    return f"{rounds} nights: {killed} kills met the run at work, {shown} of them after the report was shown, {ended} came after its end"
