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
from decimal import Decimal
from fractions import Fraction

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
        for column in ("institution_id", "patient_id", "doctor_id", "visit_type", "sex", "department", "diagnosis_code",
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
        self.deaths = read(folder, "deaths.csv")
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
        self.amount = defaultdict(Fraction)

    def add(self, institution, event, amount):
        self.exposure[institution] += 1
        if event:
            self.events[institution] += 1
            self.amount[institution] += Fraction(amount)


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


def supply_days(data):
    limits = {"outpatient": 30, "chronic": 84, "emergency": 7}
    tally = Tally()
    for line in data.lines:
        limit, days = limits.get(line["visit_type"]), line["days_supply"]
        if limit and days is not None and line["item_category"] == "drug" and line["institution_id"]:
            tally.add(line["institution_id"], days > limit, Fraction(line["fund"]) * (Fraction(days) - limit) / Fraction(days)
                      if days else 0)
    return tally


def cumulative_supply(data):
    units, totals = defaultdict(list), defaultdict(Decimal)
    for line in data.lines:
        if line["item_category"] == "drug" and line["days_supply"] is not None and line["patient_id"] and line["item_code"]:
            settled = line["settled_at"]
            key = (line["patient_id"], line["item_code"], settled.year, (settled.month - 1) // 3)
            totals[key] += line["days_supply"]
            units[(line["institution_id"], key)].append(line)
    tally = Tally()
    for (institution, key), lines in units.items():
        if institution:
            tally.add(institution, totals[key] > 180, sum(line["fund"] for line in lines))
    return tally


def visits(data, types):
    return [c for c in data.claims.values() if c.visit_type in types and c.institution_id]


def multi_institution_day(data):
    claims = visits(data, OUTPATIENT | {"pharmacy"})
    places = defaultdict(set)
    for claim in claims:
        places[(claim.patient_id, claim.settled_at.date())].add(claim.institution_id)
    tally = Tally()
    for claim in claims:
        count = len(places[(claim.patient_id, claim.settled_at.date())]) if claim.patient_id else 0
        tally.add(claim.institution_id, count >= 3, claim.fund)
    return tally


def doctor_impossible_day(data, minimum=150):
    units = defaultdict(list)
    for claim in visits(data, OUTPATIENT):
        if claim.doctor_id:
            units[(claim.institution_id, claim.doctor_id, claim.settled_at.date())].append(claim)
    tally = Tally()
    for (institution, _, _), claims in units.items():
        patients = {claim.patient_id for claim in claims if claim.patient_id}
        tally.add(institution, len(patients) >= minimum, sum(claim.fund for claim in claims))
    return tally


def doctor_multi_site(data):
    units, places = defaultdict(list), defaultdict(set)
    for line in data.lines:
        if line["institution_id"] and line["doctor_id"]:
            places[(line["doctor_id"], line["service_day"])].add(line["institution_id"])
            units[(line["institution_id"], line["doctor_id"], line["service_day"])].append(line)
    tally = Tally()
    for (institution, doctor, service_day), lines in units.items():
        tally.add(institution, len(places[(doctor, service_day)]) >= 2, sum(line["fund"] for line in lines))
    return tally


def item_over_quantity(data):
    units, limits = defaultdict(list), {}
    for line in data.lines:
        values = data.valid(line, "max_per_day")
        if values and line["institution_id"] and line["patient_id"]:
            key = (line["institution_id"], line["patient_id"], line["item_code"], line["service_day"])
            units[key].append(line)
            limits[key] = min(Decimal(value) for value in values)
    tally = Tally()
    for key, lines in units.items():
        quantity = sum(line["quantity"] for line in lines)
        fund = sum(line["fund"] for line in lines)
        excess = Fraction(quantity) - Fraction(limits[key])
        tally.add(key[0], quantity > limits[key], Fraction(fund) * excess / Fraction(quantity))
    return tally


def female_andrology(data):
    ranges = [("C60", "C63"), ("D29", "D29"), ("N40", "N51")]
    tally = Tally()
    for claim in data.claims.values():
        if claim.sex == "female" and claim.institution_id:
            event = (in_ranges(claim.diagnosis_code, ranges)
                     or any("male" in data.valid(line, "sex") for line in claim.lines))
            tally.add(claim.institution_id, event, claim.fund)
    return tally


def by_offending_lines(data, is_unit, offends):
    """Claims with lines that offend; the money is that of those lines."""
    tally = Tally()
    for claim in data.claims.values():
        if claim.institution_id and is_unit(claim):
            lines = [line for line in claim.lines if offends(claim, line)]
            tally.add(claim.institution_id, bool(lines), sum((line["fund"] for line in lines), Decimal(0)))
    return tally


def sex_restricted_item(data):
    other = {"male": "female", "female": "male"}
    return by_offending_lines(data, lambda claim: claim.sex in other,
                              lambda claim, line: other[claim.sex] in data.valid(line, "sex"))


def age_years(born, then):
    """The year field of PostgreSQL's age(then, born)."""
    if then >= born:
        return then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    return -(born.year - then.year - ((born.month, born.day) < (then.month, then.day)))


def age_restricted_item(data):
    def offends(claim, line):
        years = age_years(claim.birth_date, line["service_day"])
        high = [Decimal(value) for value in data.valid(line, "max_age_years")]
        low = [Decimal(value) for value in data.valid(line, "min_age_years")]
        return bool(high) and years >= min(high) or bool(low) and years < max(low)

    return by_offending_lines(data, lambda claim: claim.birth_date is not None, offends)


def duplicate_billing(data):
    sets = defaultdict(list)
    tally = Tally()
    for line in data.lines:
        if line["institution_id"] and line["claim_id"]:
            tally.exposure[line["institution_id"]] += 1
            if line["item_code"]:
                sets[(line["institution_id"], line["claim_id"], line["item_code"], line["service_day"], line["quantity"],
                      line["unit_price"])].append(line)
    for key, lines in sets.items():
        tally.events[key[0]] += len(lines) - 1
        fund = Fraction(sum(line["fund"] for line in lines))
        tally.amount[key[0]] += fund * (len(lines) - 1) / len(lines)
    return tally


def price_deviation(data):
    markets = defaultdict(list)
    for line in data.lines:
        if line["institution_id"] and line["item_code"] and data.region(line["institution_id"]):
            markets[(line["item_code"], data.region(line["institution_id"]))].append(line)
    tally = Tally()
    for lines in markets.values():
        if len(lines) >= 30 and len({line["institution_id"] for line in lines}) >= 3:
            centre = median([Fraction(line["unit_price"]) for line in lines])
            for line in lines:
                price = Fraction(line["unit_price"])
                tally.add(line["institution_id"], price > Fraction(3, 2) * centre,
                          (price - centre) * Fraction(line["quantity"]))
    return tally


def trace_code_reuse(data):
    uses = defaultdict(lambda: defaultdict(Decimal))
    for key, claim in data.claims.items():
        for line in claim.lines:
            if line["trace_code"]:
                uses[line["trace_code"]][key] += line["fund"]
    tally = Tally()
    for claims in uses.values():
        order = sorted(claims, key=lambda key: (data.claims[key].settled_at, key.encode()))
        for place, key in enumerate(order):
            if data.claims[key].institution_id:
                tally.add(data.claims[key].institution_id, place > 0, claims[key])
    return tally


def stays(data):
    """{(institution, patient, admission, discharge): (dx3, fund)}"""
    found = defaultdict(list)
    for claim in data.claims.values():
        if (claim.visit_type == "inpatient" and claim.admission_date and claim.discharge_date and claim.institution_id
                and claim.patient_id):
            found[(claim.institution_id, claim.patient_id, claim.admission_date, claim.discharge_date)].append(claim)
    result = {}
    for key, claims in found.items():
        codes = [claim.diagnosis_code for claim in claims if claim.diagnosis_code is not None]
        result[key] = (min(codes)[:3] if codes else None, sum(claim.fund for claim in claims))
    return result


def split_hospitalisation(data):
    tally, last = Tally(), {}
    everything = stays(data)
    for key in sorted(everything):
        institution, patient, admission, discharge = key
        dx3, fund = everything[key]
        before = last.get((institution, patient))
        event = (before is not None and dx3 is not None and before[0] == dx3 and 0 <= (admission - before[1]).days <= 15)
        tally.add(institution, event, fund)
        last[(institution, patient)] = (dx3, discharge)
    return tally


def overlapping_stay(data):
    everything, tally = stays(data), Tally()
    for (institution, patient, admission, discharge), (_, fund) in everything.items():
        event = any(p == patient and i != institution and admission < d and a < discharge for i, p, a, d in everything)
        tally.add(institution, event, fund)
    return tally


def service_during_stay(data):
    everything, tally = stays(data), Tally()
    for claim in visits(data, OUTPATIENT | {"pharmacy"}):
        when = claim.settled_at.date()
        event = any(p == claim.patient_id and i != claim.institution_id and a < when < d for i, p, a, d in everything)
        tally.add(claim.institution_id, event, claim.fund)
    return tally


def clustered_admission(data):
    everything, tally, clusters = stays(data), Tally(), defaultdict(set)
    for (institution, patient, admission, discharge), (dx3, _) in everything.items():
        clusters[(institution, admission, discharge, dx3)].add(patient)
    for (institution, _, admission, discharge), (dx3, fund) in everything.items():
        size = len(clusters[(institution, admission, discharge, dx3)]) if dx3 is not None else 0
        tally.add(institution, size >= 5, fund)
    return tally


def identical_bills(data):
    bills, patients = [], defaultdict(set)
    for claim in visits(data, OUTPATIENT):
        items = defaultdict(Decimal)
        for line in claim.lines:
            if line["item_code"]:
                items[line["item_code"]] += line["quantity"]
        if len(items) >= 5:
            key = (claim.institution_id, tuple(sorted(items.items())))
            bills.append((claim, key))
            if claim.patient_id:
                patients[key].add(claim.patient_id)
    tally = Tally()
    for claim, key in bills:
        tally.add(claim.institution_id, len(patients[key]) >= 5, claim.fund)
    return tally


def service_after_death(data):
    deaths = {}
    for r in data.deaths:
        when = day(r["death_date"])
        deaths[r["patient_id"]] = min(when, deaths.get(r["patient_id"], when))
    return by_offending_lines(
        data, lambda claim: True,
        lambda claim, line: claim.patient_id in deaths and line["service_day"] > deaths[claim.patient_id])


def spending_growth(data):
    months = defaultdict(Decimal)
    for line in data.lines:
        if line["institution_id"]:
            months[(line["institution_id"], line["settled_at"].year * 12 + line["settled_at"].month)] += line["fund"]
    tally = Tally()
    for (institution, month), fund in months.items():
        before = [months.get((institution, month - step)) for step in (1, 2, 3)]
        if None not in before:
            mean = Fraction(sum(before)) / 3
            tally.add(institution, mean > 0 and fund > 2 * mean, Fraction(fund) - mean)
    return tally


INDICATORS = {f.__name__: f for f in (
    prescription_size, supply_days, cumulative_supply, visit_frequency, multi_institution_day, doctor_impossible_day,
    doctor_multi_site, item_over_quantity, male_gynecology, female_andrology, sex_restricted_item, age_restricted_item,
    duplicate_billing, price_deviation, trace_code_reuse, split_hospitalisation, overlapping_stay, service_during_stay,
    clustered_admission, identical_bills, service_after_death, spending_growth)}


def cents(amount):
    """Hundredths, rounded half away from zero."""
    scaled = abs(Fraction(amount)) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if amount < 0 else whole) / 100


def figures(data, name):
    """Rows (institution, events, exposure, rate, amount), ordered by institution."""
    tally = INDICATORS[name](data)
    for institution in sorted(tally.exposure, key=lambda text: text.encode()):
        events, exposure = tally.events[institution], tally.exposure[institution]
        yield institution, events, exposure, events / exposure, cents(tally.amount[institution]).quantize(CENT)


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
            print(f"{name},{institution},{events},{exposure},{rate!r},{amount}")


if __name__ == "__main__":
    main(sys.argv[1:])
