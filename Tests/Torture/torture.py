#!/usr/bin/env python3
"""Tortures the tool: kills it, cuts its power, fails its calls, fills its disk, and looks at what is left.

usage: torture.py --binary FUNDWATCH [--part NAME…] [--rounds N] [--seed N] [--folder DIR] [--filesystem ext4|xfs]

Parts and what `--rounds` counts in each are listed below. Everything is drawn from the seed, but for the moments at which
processes are killed, which depend on the machine. Ends with a summary; exit code 1 if anything was found. Needs Python 3.9,
nothing else; parts that need root, loop devices or a C compiler say that they are skipped where there are none.
"""
import argparse
import sys
import time
import traceback

import bombs
import disk
import faults
import kills
import nights
import power
import readers
from scenarios import Data
from tool import Fault, Tool

# Name, what it does, rounds unless said otherwise, what a round is.
PARTS = {
    "kill": (kills.torture, 300, "kills of a writer at a random moment"),
    "nights": (nights.torture, 30, "kills of a nightly run at a random moment"),
    "power": (power.torture, 200, "power cuts of a file system in an image"),
    "faults": (faults.torture, 40, "calls that fail, for each writer"),
    "disk": (disk.torture, 40, "sizes of a full disk"),
    "readers": (readers.torture, 12, "writers watched by readers"),
    "bombs": (bombs.torture, 1000, "thousand lines loaded for the memory measured"),
}


def main():
    listing = "\n".join(f"  {name:8} {rounds:5} {what}" for name, (_, rounds, what) in PARTS.items())
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog="parts and their usual rounds:\n" + listing,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--part", action="append", choices=[*PARTS, "all"])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the work is done; the system's temporary folder otherwise")
    parser.add_argument("--filesystem", default="ext4", choices=["ext4", "xfs"])
    options = parser.parse_args()
    chosen = [name for name in PARTS if not options.part or "all" in options.part or name in options.part]
    tool = Tool(options.binary, options.folder)
    lines, failed = [], False
    try:
        data = Data(tool, options.seed)
        for name in chosen:
            torture, usual, _ = PARTS[name]
            began = time.monotonic()

            def say(text):
                print(f"  {name}: {text} ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)

            more = {"kind": options.filesystem} if name == "power" else {}
            try:
                found = "ok      " + torture(tool, data, options.rounds or usual, options.seed, say, **more)
            except Fault as fault:
                failed, found = True, f"FAULT   {fault}"
            except Exception:  # the torture itself is broken: told like a fault, the other parts go on
                failed, found = True, "BROKEN  " + traceback.format_exc()
            lines.append(f"{name:8} {time.monotonic() - began:5.0f} s  {found}")
            print(lines[-1], flush=True)
    finally:
        tool.close()
    print(f"\ntorture, seed {options.seed}: " + ("something was FOUND" if failed else "nothing was found"))
    print("\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
