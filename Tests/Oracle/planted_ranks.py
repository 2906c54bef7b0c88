#!/usr/bin/env python3
"""Whether a report's ranking finds the institutions that `fundwatch generate` planted.

usage: planted_ranks.py REPORT TRUTH [--top SHARE] [--top-two SHARE] [--own SHARE]

REPORT is the folder of a report over generated claims, TRUTH the truth.csv beside them. With k planted institutions it prints
how many of them stand in the first k and in the first 2k, how many have their own kind as the first reason, and which of the
first k stand there on two events or fewer of their first reason. Ends with 1 if a share is below its limit (0.80, 0.90 and
0.85; at ten million lines 0.88 and 0.93), or if one stands on so few events.
"""
import argparse
import csv
import os
import sys


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("truth")
    parser.add_argument("--top", type=float, default=0.80)
    parser.add_argument("--top-two", type=float, default=0.90)
    parser.add_argument("--own", type=float, default=0.85)
    options = parser.parse_args()
    planted = {row["institution_id"]: row["anomaly"] for row in read(options.truth)}
    ranking = read(os.path.join(options.report, "ranking.csv"))
    events = {
        (row["indicator"], row["institution_id"]): int(row["events"])
        for row in read(os.path.join(options.report, "indicators.csv"))}
    k = len(planted)
    rank = {row["institution_id"]: int(row["rank"]) for row in ranking}
    reason = {row["institution_id"]: row["reason_1"].split(":")[0] for row in ranking}
    first, second = (sum(rank.get(name, len(ranking) + 1) <= limit for name in planted) for limit in (k, 2 * k))
    own = sum(reason.get(name) == anomaly for name, anomaly in planted.items())
    few = [
        f"{row['rank']} {row['institution_id']} {reason[row['institution_id']]}" for row in ranking[:k]
        if events.get((reason[row["institution_id"]], row["institution_id"]), 0) <= 2]
    print(f"{k} planted among {len(ranking)} institutions")
    print(f"in the first {k}: {first} ({first / k:.1%}); in the first {2 * k}: {second} ({second / k:.1%})")
    print(f"own kind as the first reason: {own} ({own / k:.1%})")
    print("on two events or fewer: " + ("; ".join(few) or "none"))
    for name, anomaly in sorted(planted.items(), key=lambda entry: rank.get(entry[0], len(ranking) + 1)):
        if rank.get(name, len(ranking) + 1) > k or reason.get(name) != anomaly:
            print(f"  {name} {anomaly}: rank {rank.get(name, 'none')}, first reason {reason.get(name) or 'none'}")
    is_met = first >= options.top * k and second >= options.top_two * k and own >= options.own * k and not few
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
