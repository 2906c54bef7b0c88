#!/usr/bin/env python3
"""Where the institutions that `fundwatch generate` planted stand in each indicator's order.

usage: planted.py FUNDWATCH STORE TRUTH

TRUTH is the truth.csv beside the generated claims that were loaded into STORE. Prints, as CSV, each planted institution's
events, exposure, rate and place by the rate, with the rate of all institutions that were not planted. Ends with 1 if one of them
has no event at all.
"""
import argparse
import csv
import io
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("store")
    parser.add_argument("truth")
    options = parser.parse_args()
    planted = {}
    with open(options.truth, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            planted.setdefault(row["anomaly"], set()).add(row["institution_id"])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["anomaly", "institution_id", "events", "exposure", "rate", "place", "others_rate"])
    unseen = 0
    for indicator, institutions in sorted(planted.items()):
        done = subprocess.run(
            [options.fundwatch, "indicators", "run", indicator, "--store", options.store, "--format", "csv"],
            capture_output=True, encoding="utf-8", timeout=600)
        if done.returncode:
            sys.exit(done.stderr)
        rows = {row["institution_id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
        others = [row for name, row in rows.items() if name not in institutions]
        events, exposure = (sum(int(row[column]) for row in others) for column in ("events", "exposure"))
        order = sorted(rows, key=lambda name: -float(rows[name]["rate"] or 0))
        for name in sorted(institutions):
            row = rows.get(name, {"events": "0", "exposure": "0", "rate": ""})
            unseen += row["events"] == "0"
            writer.writerow([
                indicator, name, row["events"], row["exposure"], row["rate"], order.index(name) + 1 if name in rows else "",
                f"{events / max(1, exposure):.5f}"])
    sys.exit(1 if unseen else 0)


if __name__ == "__main__":
    main()
