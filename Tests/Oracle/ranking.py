#!/usr/bin/env python3
"""An independent computation of the ranking (SPEC section 5, steps 1 to 8), vectorised with numpy.

usage: ranking.py INDICATORS.csv INSTITUTIONS.csv

INDICATORS.csv has the columns indicator, institution_id, events, exposure and amount (a report's indicators.csv does);
indicators score in the order in which they first appear. INSTITUTIONS.csv has institution_id, level and kind. Prints
z,indicator,institution_id,expected_rate,z for every scored figure, then score,institution_id,score.
"""
import csv
import sys

import numpy as np


def expected(events, exposure, kept):
    others_events = np.where(kept, events, 0).sum() - np.where(kept, events, 0)
    others_exposure = np.where(kept, exposure, 0).sum() - np.where(kept, exposure, 0)
    return (others_events + 0.5) / (others_exposure + 1.0)


def distance(e, n, p):
    mu = n * p
    with np.errstate(divide="ignore", invalid="ignore"):
        hit = np.where(e > 0, e * np.log(np.where(e > 0, e, 1) / mu), 0.0)
        miss = np.where(n > e, (n - e) * np.log(np.where(n > e, n - e, 1) / (n - mu)), 0.0)
    return np.sign(e - mu) * np.sqrt(np.maximum(0.0, 2 * (hit + miss)))


def dispersion(z):
    m = len(z)
    c = min(-(-m // 10), (m - 1) // 2)
    ordered = np.sort(z)
    clipped = np.clip(ordered, ordered[c], ordered[m - 1 - c])
    return max(1.0, float(np.mean(clipped**2)))


def compare(events, exposure):
    """Expected rate and z' of every member of one peer group."""
    kept = np.ones(len(events), bool)
    for _ in range(2):
        p = expected(events, exposure, kept)
        z = distance(events, exposure, p)
        adjusted = z / np.sqrt(dispersion(z))
        stay = adjusted <= 2
        if (~stay).sum() * 2 > len(events):
            stay[:] = True
        kept = stay
    return p, adjusted


def peers(index, levels, kinds, minimum=10):
    close = (levels == levels[index]) & (kinds == kinds[index])
    if close.sum() >= minimum:
        return np.flatnonzero(close)
    kind = kinds == kinds[index]
    if kind.sum() >= minimum:
        return np.flatnonzero(kind)
    return np.arange(len(levels))


def score(rows, register):
    """{(indicator, institution): (p, z')} and {institution: score} of rows (indicator, institution, e, n, a)."""
    order = list(dict.fromkeys(row[0] for row in rows))
    results, survival = {}, {}
    for indicator in order:
        part = [row for row in rows if row[0] == indicator]
        ids = [row[1] for row in part]
        e = np.array([float(row[2]) for row in part])
        n = np.array([float(row[3]) for row in part])
        a = np.array([float(row[4]) for row in part])
        levels = np.array([register.get(i, ("none", "none"))[0] for i in ids])
        kinds = np.array([register.get(i, ("none", "none"))[1] for i in ids])
        seen = {}
        for index, institution in enumerate(ids):
            survival.setdefault(institution, 1.0)
            members = peers(index, levels, kinds)
            if len(members) < 2:
                continue
            key = members.tobytes()
            if key not in seen:
                seen[key] = compare(e[members], n[members])
            at = int(np.flatnonzero(members == index)[0])
            p, z = seen[key][0][at], seen[key][1][at]
            results[(indicator, institution)] = (p, z)
            excess = max(0.0, a[index]) * max(0.0, 1 - n[index] * p / e[index]) if e[index] > 0 else 0.0
            strength = 1 - 2 / z if z > 2 else 0.0
            g = min(0.999, strength * min(1.0, np.log10(1 + excess / 100) / 4))
            survival[institution] *= 1 - g
    return results, {i: float(np.floor(1000 * (1 - s) + 0.5) / 10) for i, s in survival.items()}


def main(indicators_path, institutions_path):
    with open(institutions_path, encoding="utf-8", newline="") as file:
        register = {}
        for row in csv.DictReader(file):
            register.setdefault(row["institution_id"], (row["level"] or "none", row["kind"] or "none"))
    with open(indicators_path, encoding="utf-8", newline="") as file:
        rows = [(r["indicator"], r["institution_id"], int(r["events"]), int(r["exposure"]), r["amount"])
                for r in csv.DictReader(file)]
    results, scores = score(rows, register)
    for (indicator, institution), (p, z) in results.items():
        print(f"z,{indicator},{institution},{float(p)!r},{float(z)!r}")
    for institution in sorted(scores):
        print(f"score,{institution},{scores[institution]}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
