#!/usr/bin/env python3
"""An independent reading of the indicators: plain loops over the rows of CSV files, no SQL.

usage: indicators.py FOLDER [--from DAY] [--to DAY] [ID ...]

FOLDER holds claims*.csv and, where there are any, institutions.csv, knowledge.csv and deaths.csv with canonical headers,
types and codes. Prints indicator,institution_id,events,exposure,rate,amount ordered by indicator and institution.
"""
import csv
import glob
import math
import os
import sys
from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

OUTPATIENT = {"outpatient", "chronic", "emergency"}
CENT = Decimal("0.01")


def day(text):
    return date.fromisoformat(text[:10]) if text else None


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_lines(folder, first, end):
    """The lines that meet the common rules."""
    rows = []
    for path in sorted(glob.glob(os.path.join(folder, "claims*.csv"))):
        with open(path, encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    reversals = {r["claim_id"] for r in rows if r["original_claim_id"]}
    reversed_claims = {r["original_claim_id"] for r in rows if r["original_claim_id"]}
    lines = []
    for r in rows:
        if r["claim_id"] in reversals or r["claim_id"] in reversed_claims:
            continue
        line = {key: (value if value else None) for key, value in r.items()}
        line["quantity"] = Decimal(r["quantity"])
        line["unit_price"] = Decimal(r["unit_price"])
        line["amount"] = Decimal(r["amount"])
        line["fund"] = Decimal(r["fund_amount"]) if r["fund_amount"] else Decimal(0)
        line["days_supply"] = Decimal(r["days_supply"]) if r["days_supply"] else None
        line["settled_at"] = datetime.fromisoformat(r["settled_at"])
        line["service_day"] = day(r["service_time"])
        for column in ("birth_date", "admission_date", "discharge_date"):
            line[column] = day(r[column])
        if line["quantity"] <= 0:
            continue
        if first and line["settled_at"].date() < first or end and line["settled_at"].date() >= end:
            continue
        lines.append(line)
    return lines


def least(lines, column):
    values = [line[column] for line in lines if line[column] is not None]
    return min(values) if values else None


class Claim:
    """A claim: the least of its lines' attributes."""

    def __init__(self, lines):
        self.lines = lines
        for column in ("institution_id", "patient_id", "visit_type", "sex", "department", "diagnosis_code",
                       "birth_date", "settled_at", "admission_date", "discharge_date"):
            setattr(self, column, least(lines, column))
        self.fund = sum((line["fund"] for line in lines), Decimal(0))


class Data:
    def __init__(self, folder, first=None, end=None):
        self.lines = read_lines(folder, first, end)
        by_claim = defaultdict(list)
        for line in self.lines:
            if line["claim_id"]:
                by_claim[line["claim_id"]].append(line)
        self.claims = {key: Claim(lines) for key, lines in by_claim.items()}
        self.institutions = {}
        for r in read(folder, "institutions.csv"):
            self.institutions.setdefault(r["institution_id"], r)
        self.knowledge = read(folder, "knowledge.csv")
        self.points = defaultdict(list)
        for k in self.knowledge:
            if k["item_code"]:
                self.points[(k["item_code"], k["attribute"])].append(k)

    def level(self, institution):
        return self.institutions.get(institution, {}).get("level") or "none"

    def region(self, institution):
        return self.institutions.get(institution, {}).get("region") or None

    def valid(self, line, attribute):
        """Values of the knowledge points of the line's item that hold on its service date."""
        return [k["value"] for k in self.points.get((line["item_code"], attribute), [])
                if (not k["valid_from"] or day(k["valid_from"]) <= line["service_day"])
                and (not k["valid_to"] or line["service_day"] <= day(k["valid_to"]))]


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return ordered[middle - 1] + (ordered[middle] - ordered[middle - 1]) / 2


class Tally:
    """Events, exposure and money of each institution."""

    def __init__(self):
        self.events = defaultdict(int)
        self.exposure = defaultdict(int)
        self.amount = defaultdict(Decimal)

    def add(self, institution, event, amount):
        self.exposure[institution] += 1
        if event:
            self.events[institution] += 1
            self.amount[institution] += amount


def prescription_size(data):
    groups = defaultdict(list)
    for line in data.lines:
        if line["item_category"] == "drug" and line["institution_id"] and line["prescription_id"]:
            groups[(line["institution_id"], line["prescription_id"])].append(line)
    peers = defaultdict(list)
    for (institution, _), lines in groups.items():
        total = sum(line["amount"] for line in lines)
        if least(lines, "visit_type") in OUTPATIENT and total > 0:
            fund = sum(line["fund"] for line in lines)
            key = (data.level(institution), least(lines, "department"))
            peers[key].append((institution, math.log(float(total)), fund))
    tally = Tally()
    for members in peers.values():
        if len(members) < 30:
            continue
        centre = median([x for _, x, _ in members])
        spread = median([abs(x - centre) for _, x, _ in members])
        if spread > 0:
            for institution, x, fund in members:
                tally.add(institution, (x - centre) / (1.4826 * spread) > 3.5, fund)
    return tally


def visit_frequency(data):
    units = defaultdict(list)
    for claim in data.claims.values():
        if claim.visit_type in OUTPATIENT and claim.institution_id and claim.patient_id:
            month = (claim.settled_at.year, claim.settled_at.month)
            units[(claim.institution_id, claim.patient_id, month)].append(claim)
    tally = Tally()
    for (institution, _, _), claims in units.items():
        tally.add(institution, len(claims) >= 10, sum(claim.fund for claim in claims))
    return tally


def in_ranges(code, ranges):
    return code is not None and any(low <= code[:3] <= high for low, high in ranges)


def male_gynecology(data):
    ranges = [("C51", "C58"), ("D06", "D06"), ("D25", "D28"), ("N70", "N98"), ("O00", "O99"), ("Z32", "Z37")]
    tally = Tally()
    for claim in data.claims.values():
        if claim.sex == "male" and claim.institution_id:
            event = ((claim.department or "").startswith("A05") or in_ranges(claim.diagnosis_code, ranges)
                     or any("female" in data.valid(line, "sex") for line in claim.lines))
            tally.add(claim.institution_id, event, claim.fund)
    return tally


INDICATORS = {f.__name__: f for f in (prescription_size, visit_frequency, male_gynecology)}


def figures(data, name):
    """Rows (institution, events, exposure, rate, amount), ordered by institution."""
    tally = INDICATORS[name](data)
    for institution in sorted(tally.exposure, key=lambda text: text.encode()):
        events, exposure = tally.events[institution], tally.exposure[institution]
        amount = tally.amount[institution]
        rounded = amount.copy_abs().quantize(CENT, ROUND_HALF_UP).copy_sign(amount)
        yield institution, events, exposure, events / exposure, rounded


def main(arguments):
    options, names, index = {}, [], 0
    while index < len(arguments):
        if arguments[index] in ("--from", "--to"):
            options[arguments[index]] = day(arguments[index + 1])
            index += 1
        else:
            names.append(arguments[index])
        index += 1
    if not names:
        sys.exit(__doc__)
    data = Data(names[0], options.get("--from"), options.get("--to"))
    print("indicator,institution_id,events,exposure,rate,amount")
    for name in names[1:] or INDICATORS:
        for institution, events, exposure, rate, amount in figures(data, name):
            print(f"{name},{institution},{events},{exposure},{rate!r},{amount + Decimal('0.00')}")


if __name__ == "__main__":
    main(sys.argv[1:])
