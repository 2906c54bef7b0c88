"""Readers during commits: each sees a state that was, and never an older one than before."""
import threading
import time

from scenarios import state_of
from tool import Fault, check_sound


def torture(tool, data, rounds, seed, say):
    scenarios = [s for s in data.scenarios() if s.base.exists() and s.states[0] is not None]
    store = tool.folder / "read"
    reads = 0
    for number in range(rounds):
        scenario = scenarios[number % len(scenarios)]
        scenario.prepare(store)
        seen, troubles, done = [[], []], [], threading.Event()

        def look(places):
            try:
                while not done.is_set():
                    places.append(state_of(tool, store))
                    check_sound(tool, store, "while a writer is at work")
                places.append(state_of(tool, store))
            except Exception as trouble:  # told below, in the main thread
                troubles.append(trouble)

        threads = [threading.Thread(target=look, args=(places,)) for places in seen]
        for thread in threads:
            thread.start()
        outcome = scenario.run(tool, store)
        done.set()
        for thread in threads:
            thread.join()
        if troubles or outcome.code != 0:
            raise Fault(f"{scenario.name}: {outcome}; readers: {troubles}")
        for places in seen:
            # A fingerprint takes several queries, each of which may see a later state than the one before.
            for query in range(len(scenario.states[0])):
                answers = [place[query] for place in places]
                known = [state[query] for state in scenario.states]
                if any(answer not in known for answer in answers):
                    raise Fault(f"{scenario.name}: a reader saw no state there was: {answers}")
                order = [known.index(answer) for answer in answers]
                last = [len(known) - 1 - known[::-1].index(answer) for answer in answers]
                if any(last[i + 1] < order[i] for i in range(len(order) - 1)):
                    raise Fault(f"{scenario.name}: a reader went back in time: {order}")
            reads += len(places)
    return f"{rounds} writers watched by {reads} readings"
