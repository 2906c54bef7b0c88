"""kill -9 at random moments of every writer."""
import os
import random
import signal
import time

from scenarios import state_of
from tool import Fault, check_no_leftovers, check_sound


def check(tool, scenario, store, outcome, what):
    """The store holds what was acknowledged, and no half batch; returns how many batches it holds."""
    check_found = state_of(tool, store)
    if check_found is not None:
        check_sound(tool, store, what)
    # Where states are alike, as after a compaction, the furthest one counts.
    matching = [number for number, state in enumerate(scenario.states) if state == check_found]
    if not matching:
        raise Fault(f"{what}: the store is in no state it may be in: {check_found}")
    acknowledged = scenario.acknowledged(outcome.output)
    if matching[-1] < acknowledged:
        raise Fault(f"{what}: {acknowledged} batches were acknowledged, {matching[-1]} are there")
    if outcome.code == 0 and matching[-1] != len(scenario.states) - 1:
        raise Fault(f"{what}: exit 0, and the store holds state {matching[-1]}")
    return matching[-1]


def finish(tool, scenario, store, what):
    """The same command once more, in peace: all is there, and nothing is left of what was interrupted."""
    outcome = scenario.run(tool, store)
    if outcome.crashed or outcome.code != 0:
        raise Fault(f"{what}, then again: {outcome}")
    if state_of(tool, store) != scenario.states[-1]:
        raise Fault(f"{what}, then again: not the state it should be")
    check_sound(tool, store, what)
    if scenario.arguments[0] == "sql":
        # Where the statement was done already it writes nothing now: the next writer cleans up.
        tool.run("gc", "--older-than", "1000d", store=store, expect=0)
    check_no_leftovers(store, what)


def torture(tool, data, rounds, seed, say):
    chance = random.Random(seed)
    scenarios = data.scenarios()
    store = tool.folder / "killed"
    killed = ended = between = 0
    for number in range(rounds):
        scenario = scenarios[number % len(scenarios)]
        scenario.prepare(store)
        what = f"round {number} ({scenario.name})"
        # Mostly once, sometimes the recovery is killed too.
        for attempt in range(1 if chance.random() < 0.7 else 3):
            process = scenario.start(tool, store)
            time.sleep(chance.random() * 1.1 * scenario.seconds)
            os.kill(process.pid, signal.SIGKILL)
            outcome = tool.end(process)
            if outcome.code not in (0, -signal.SIGKILL):
                raise Fault(f"{what}: {outcome}")
            killed += outcome.code != 0
            ended += outcome.code == 0
            held = check(tool, scenario, store, outcome, f"{what}, killed {attempt + 1} times")
            between += 0 < held < len(scenario.states) - 1
        finish(tool, scenario, store, what)
        if number % 50 == 49:
            say(f"{number + 1} rounds")
    return f"{rounds} rounds: {killed} kills met the writer at work, {ended} came after its end, {between} left some of several batches"
