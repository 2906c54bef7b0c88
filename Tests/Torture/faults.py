"""Every call of the operating system fails once, and for ever, in every writer and in readers; and is the last one before a kill."""
import random
import shutil
import subprocess
from pathlib import Path

from kills import check, finish
from scenarios import state_of
from tool import Fault

FAILING = ["eio", "enospc", "eacces", "emfile"]
# Exit codes a failed call of the system may end in.
ALLOWED = {65, 66, 73, 74, 77}


def library(tool):
    """The preloaded library, built for this machine; None where there is no compiler."""
    source, target = Path(__file__).with_name("faults.c"), tool.folder / "faults.so"
    for compiler in ("cc", "clang", "gcc"):
        if shutil.which(compiler):
            subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", target, source, "-ldl"], check=True)
            return target
    return None


class Injection:
    def __init__(self, tool, preloaded, store):
        self.tool, self.preloaded, self.store = tool, preloaded, store

    def environment(self, kind="eio", at=0, ever=False, reads=False):
        return {
            "LD_PRELOAD": str(self.preloaded), "FAULT_FOLDER": str(self.store), "FAULT_KIND": kind, "FAULT_AT": str(at),
            "FAULT_EVER": str(int(ever)), "FAULT_READS": str(int(reads)), "FAULT_COUNT": str(self.tool.folder / "count"),
        }

    def count(self, scenario, reads):
        """Calls the command makes when nothing fails."""
        scenario.prepare(self.store)
        outcome = scenario.run(self.tool, self.store, environment=self.environment(reads=reads))
        if outcome.code != 0:
            raise Fault(f"{scenario.name} under the library: {outcome}")
        return int((self.tool.folder / "count").read_text())


def failing_writers(injection, scenarios, chance, budget, say):
    """Each call of each writer; where there are more than the budget allows, a draw of them."""
    tool, store = injection.tool, injection.store
    runs = refused = 0
    for scenario in scenarios:
        for reads in (False, True):
            calls = injection.count(scenario, reads)
            if calls < 3:
                raise Fault(f"{scenario.name}: the library sees {calls} calls only")
            places = list(range(1, calls + 1))
            if len(places) > budget:
                places = sorted(chance.sample(places, budget))
            for at in places:
                kind, ever = chance.choice(FAILING), chance.random() < 0.5
                what = f"{scenario.name}, call {at} of {calls} fails with {kind}{' for ever' if ever else ''}"
                scenario.prepare(store)
                outcome = scenario.run(tool, store, environment=injection.environment(kind, at, ever, reads))
                if outcome.crashed or outcome.code not in {0} | ALLOWED:
                    raise Fault(f"{what}: {outcome}")
                if outcome.code != 0 and not outcome.errors.strip():
                    raise Fault(f"{what}: no word of it")
                check(tool, scenario, store, outcome, what)
                runs += 1
                refused += outcome.code != 0
                if runs % 3 == 0:
                    finish(tool, scenario, store, what)
        say(f"{scenario.name}: {calls} calls")
    return f"{runs} calls failed, {refused} runs refused by name, the others did without"


def benign(injection, scenarios, say):
    """Short and interrupted calls are no failures at all."""
    tool, store = injection.tool, injection.store
    for scenario in scenarios:
        for kind in ("short", "eintr"):
            scenario.prepare(store)
            outcome = scenario.run(tool, store, environment=injection.environment(kind, 1, True, True))
            if outcome.code != 0:
                raise Fault(f"{scenario.name} with {kind} calls: {outcome}")
            finish(tool, scenario, store, f"{scenario.name} with {kind} calls")
    return f"short and interrupted calls: {2 * len(scenarios)} runs as without"


def killed_at_calls(injection, scenarios, chance, budget):
    """kill -9 just before and just after a call, instead of at a moment."""
    tool, store = injection.tool, injection.store
    runs = 0
    for scenario in scenarios:
        calls = injection.count(scenario, False)
        places = range(1, calls + 1) if calls <= budget else sorted(chance.sample(range(1, calls + 1), budget))
        for at in places:
            for kind in ("kill", "killafter"):
                what = f"{scenario.name}, {kind} at call {at} of {calls}"
                scenario.prepare(store)
                outcome = scenario.run(tool, store, environment=injection.environment(kind, at))
                if outcome.code not in (0, -9):
                    raise Fault(f"{what}: {outcome}")
                check(tool, scenario, store, outcome, what)
                if chance.random() < 0.3:
                    finish(tool, scenario, store, what)
                runs += 1
    return f"{runs} kills at calls"


def failing_readers(injection, scenario, chance, budget):
    """A query, statistics and verify whose reads fail say so, or answer as they should."""
    tool, store = injection.tool, injection.store
    scenario.prepare(store)
    runs = 0
    for arguments in (["sql", "select count(*), sum(amount), max(item_name) from claims", "--format", "csv"], ["verify"], ["stats", "--format", "csv"]):
        whole = tool.run(*arguments, store=store, environment=injection.environment(reads=True), expect=0)
        calls = int((tool.folder / "count").read_text())
        places = range(1, calls + 1) if calls <= budget else sorted(chance.sample(range(1, calls + 1), budget))
        for at in places:
            for kind in ("eio", "short"):
                ever = chance.random() < 0.5
                outcome = tool.run(*arguments, store=store, environment=injection.environment(kind, at, ever, True))
                what = f"{arguments[0]}, call {at} of {calls}: {kind}"
                if kind == "short" and (outcome.code != 0 or outcome.output != whole.output):
                    raise Fault(f"{what}: {outcome}")
                if outcome.code == 0 and outcome.output != whole.output:
                    raise Fault(f"{what}: another answer: {outcome.output}")
                if outcome.code not in {0} | ALLOWED:
                    raise Fault(f"{what}: {outcome}")
                runs += 1
    return f"{runs} reads failed or fell short"


def torture(tool, data, rounds, seed, say):
    preloaded = library(tool)
    if preloaded is None:
        return "skipped: no C compiler (cc, clang or gcc)"
    chance = random.Random(seed)
    scenarios = data.scenarios()
    injection = Injection(tool, preloaded, tool.folder / "faulty")
    return "; ".join([
        failing_writers(injection, scenarios, chance, rounds, say), benign(injection, scenarios, say),
        killed_at_calls(injection, scenarios, chance, max(4, rounds // 2)), failing_readers(injection, scenarios[3], chance, rounds),
    ])
