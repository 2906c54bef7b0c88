#!/usr/bin/env python3
"""Indicators on claims that are as awkward as the contract allows, against the plain loops of indicators.py.

usage: nasty_claims.py FUNDWATCH [--seeds FIRST:END] [--claims N]

Each seed makes a small, dense world: few patients, doctors and items, so that stays overlap and days collide; lines of a claim
that disagree; NULLs and empty texts wherever they may be; reversals in part, twice, of themselves and of what is not there;
overlapping knowledge points that begin and end within the data; institutions that are not listed or have no level. Scenes put
counts, sums, ages and dates on the thresholds and beside them. The lines are loaded in one batch or several, in other column
orders, under other headers, with other codes, date forms, encodings and delimiters, with repeated and faulty lines among them.
Figures that differ, for the whole year and for a window, are printed; ends with 1 if there is any.
"""
import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal

import indicators

# Column, its headers in files, and whether it may be missing.
COLUMNS = [
    ("claim_id", "setl_id 结算ID", False), ("line_id", "feedetl_sn 明细序号", False), ("original_claim_id", "init_setl_id 原结算ID", True),
    ("institution_id", "fixmedins_code 机构编码", False), ("department", "bilg_dept_codg 科室编码", True),
    ("doctor_id", "bilg_dr_code 开单医生编码", True), ("patient_id", "psn_no 人员编号", False), ("sex", "gend 性别", True),
    ("birth_date", "brdy 出生日期", True), ("visit_type", "med_type 医疗类别", False), ("diagnosis_code", "dise_codg 诊断编码", True),
    ("admission_date", "begndate 入院日期", True), ("discharge_date", "enddate 出院日期", True),
    ("service_time", "fee_ocur_time 费用发生时间", False), ("settled_at", "setl_time 结算时间", False),
    ("prescription_id", "rx_drord_no 处方号", True), ("item_code", "hilist_code 医保目录编码", False), ("item_name", "hilist_name 项目名称", True),
    ("item_category", "list_type 目录类别", True), ("quantity", "cnt 数量", False), ("unit_price", "pric 单价", False),
    ("amount", "det_item_fee_sumamt 金额", False), ("fund_amount", "inscp_amt 基金支付", True), ("days_supply", "prd_days 用药天数", True),
    ("trace_code", "drug_trac_codg 追溯码", True), ("region", "insu_admdvs 参保区划", True),
]
DAYS = ("birth_date", "admission_date", "discharge_date", "service_time", "settled_at")
CODES = {
    "sex": [{"male": "1", "female": "2", "unknown": "9"}, {"male": "M", "female": "F", "unknown": "0"}, {"male": "男", "female": "女"}],
    "visit_type": [{"outpatient": "11", "emergency": "13", "chronic": "1402", "inpatient": "21", "pharmacy": "41"}],
    "item_category": [{"drug": "101", "service": "201", "consumable": "301"}],
}
DIAGNOSES = (
    "C50.9 C51 C58.9 C59 C60.1 C63.9 C64 D05.9 D06.1 D07 D24 D25.0 D28.9 D29.1 D30 E1 I I10.x J20.9 N39.0 N40 N51.8 N52 N69 N70.1 "
    "N98.9 N99 O00 O99.9 O9A P00 Z31 Z32.1 Z37.9 Z38").split()
PERIODS = [(None, None), ("2025-02-01", None), (None, "2025-02-28"), ("2025-01-15", "2025-03-15"), ("2025-03-01", "2025-03-01"), ("2025-04-01", "2025-03-01")]


class World:
    def __init__(self, seed, claims):
        self.random = random.Random(seed)
        self.lines = []
        self.claim_count = 0
        self.institutions = [f"H{number:02}" for number in range(1, 13)]
        self.patients = [f"P{number:03}" for number in range(60)]
        self.items = [f"00{number:02}A" for number in range(16)] + ["X1", "x1", "项目甲"]
        self.sexes = {patient: self.random.choice(["male", "female", "male", "female", "unknown", None]) for patient in self.patients}
        self.births = {
            patient: self.random.choice([date(2007, 2, 28), date(2008, 2, 29), date(2007, 3, 1), date(1965, 6, 15), date(2025, 3, 3), None])
            for patient in self.patients}
        self.bundles = [self.random.sample(self.items, size) for size in (4, 5, 6)]
        for _ in range(claims):
            self.add_claim()
        self.add_scenes()
        self.knowledge = list(self.points())
        levels = ["tertiary", "secondary", "primary", "pharmacy", "none", None]
        self.listed = [
            {"institution_id": name, "name": "院" + name, "region": self.random.choice(["330101", "330102", None]) if name > "H03" else "330101",
             "level": self.random.choice(levels), "kind": self.random.choice(["hospital", "clinic", "pharmacy", None])}
            for name in self.institutions[:10] + ["G1", "G2", "NO LINES"]]
        self.deaths = [{"patient_id": "Y1", "death_date": "2025-05-07"}, {"patient_id": "Y1", "death_date": "2025-05-05"}] + [
            {"patient_id": patient, "death_date": str(date(2025, 1, 1) + timedelta(self.random.randrange(120)))}
            for patient in self.random.sample(self.patients, 10)]

    def line(self, **values):
        self.lines.append({name: values.get(name) for name, _, _ in COLUMNS})
        return self.lines[-1]

    def claim_id(self):
        self.claim_count += 1
        return f"S{self.claim_count:07}"

    def missing(self, value, share=0.08):
        chance = self.random.random()
        return None if chance < share / 2 else "" if chance < share else value

    def add_claim(self):
        pick = self.random.choice
        patient = pick(self.patients[:25] if self.random.random() < 0.5 else self.patients)
        visit = self.random.choices(["outpatient", "chronic", "emergency", "pharmacy", "inpatient", "9907"], [30, 12, 12, 12, 30, 3])[0]
        day = date(2025, 1, 1) + timedelta(min(int(self.random.expovariate(1 / 60)), 300) if self.random.random() < 0.7 else self.random.randrange(20))
        settled = datetime(day.year, day.month, day.day, pick([0, 8, 12, 23]), pick([0, 30, 59]), pick([0, 59]))
        admission = discharge = None
        if visit == "inpatient" or self.random.random() < 0.05:
            admission = day - timedelta(pick([0, 1, 2, 3, 5, 8, 20]))
            discharge = admission + timedelta(pick([0, 0, 1, 2, 3, 5, 15, 4, -1]))
        head = {
            "claim_id": self.claim_id(), "institution_id": pick(self.institutions), "department": self.missing(pick(["A05", "A05.01", "A0", "B05", "内科"])),
            "doctor_id": self.missing(f"D{self.random.randrange(8)}"), "patient_id": patient, "sex": self.sexes[patient],
            "birth_date": self.births[patient] and str(self.births[patient]), "visit_type": visit, "diagnosis_code": self.missing(pick(DIAGNOSES), 0.15),
            "admission_date": admission and str(admission), "discharge_date": discharge and str(discharge), "region": self.missing("330101"),
            "prescription_id": self.missing(f"R{self.claim_count if self.random.random() < 0.9 else self.random.randrange(40)}")}
        bundled = self.random.random() < 0.25
        items = pick(self.bundles) if bundled else [pick(self.items) for _ in range(pick([1, 1, 2, 3, 5, 7]))]
        made = []
        for item in items:
            quantity = Decimal(1 if bundled else pick(["1", "1", "2", "0.5", "3.3333", "24", "25", "0", "-1"] if self.random.random() < 0.5 else ["1"]))
            price = Decimal(pick(["1", "1", "1.5", "1.500001", "2", "33.333333", "0.01", "0"]))
            amount = (quantity * price).quantize(Decimal("0.01"))
            service = settled - timedelta(days=pick([0, 0, 0, 0, 1, 3, 40]), seconds=pick([0, 1, 3600]))
            values = head | {
                "service_time": str(service), "settled_at": str(settled + timedelta(pick([0] * 30 + [-1, 1, 31]))), "item_code": item,
                "item_name": self.missing("名" + item), "item_category": self.missing(pick(["drug"] * 6 + ["service", "consumable", "999"])),
                "quantity": str(quantity), "unit_price": str(price), "amount": str(amount),
                "fund_amount": pick([str((amount * Decimal("0.7")).quantize(Decimal("0.01")))] * 12 + [None, "0", "-3.33"]),
                "days_supply": pick([None, "7", "7.01", "30", "30.5", "31", "84", "84.25", "90", "180", "0", "-5"]),
                "trace_code": self.missing(f"T{self.random.randrange(400)}", 0.5)}
            # Lines of a claim need not agree.
            for name, others in (
                    ("visit_type", ["outpatient", "inpatient"]), ("sex", ["male", "female", "unknown", None]), ("department", ["A05x", "", None]),
                    ("diagnosis_code", [None, "", "A01", "D25"]), ("patient_id", self.patients[:5] + [""]), ("doctor_id", ["D0", None, ""]),
                    ("birth_date", [None, "2007-01-01"]), ("admission_date", [None, "2025-01-03"]), ("prescription_id", ["R1", "R2", ""]),
                    ("item_code", [""]), ("claim_id", [""])):
                if self.random.random() < 0.01:
                    values[name] = pick(others)
            for _ in range(pick([1] * 16 + [2, 3])):
                made.append(self.line(**values | {"line_id": str(len(made) + 1)}))
        self.reverse(made, settled)

    def reverse(self, made, settled):
        """Now and then a claim comes back: all of it or in part, at once or months later, and once in a while that one too."""
        chance = self.random.random()
        if chance > 0.06:
            return
        if chance > 0.055:
            made[-1]["original_claim_id"] = made[-1]["claim_id"]
            return
        if chance > 0.05:
            self.line(**made[0] | {"claim_id": self.claim_id(), "original_claim_id": self.random.choice(["NONE", ""])})
            return
        name, later = self.claim_id(), settled + timedelta(self.random.choice([0, 0, 1, 40, 200]))
        for place, line in enumerate(made if chance < 0.03 else made[:1]):
            # One line that names the original makes the claim a reversal.
            original = line["claim_id"] if place == 0 or self.random.random() < 0.5 else None
            self.line(**line | {"claim_id": name, "original_claim_id": original, "settled_at": str(later), "quantity": str(-Decimal(line["quantity"]))})
        if self.random.random() < 0.2:
            self.line(**made[0] | {"claim_id": self.claim_id(), "original_claim_id": name})

    def simple(self, **values):
        self.line(**{
            "claim_id": self.claim_id(), "line_id": "1", "institution_id": "H01", "patient_id": "P000", "visit_type": "outpatient", "service_time":
            "2025-03-03 08:00:00", "settled_at": "2025-03-03 09:00:00", "item_code": "X1", "item_category": "drug", "quantity": "1", "unit_price": "1",
            "amount": "1.00", "fund_amount": "1.05"} | values)

    def add_scenes(self):
        """Figures on the thresholds and beside them."""
        for doctor, count, institution in (("DX1", 149, "H01"), ("DX2", 150, "H02"), ("DX3", 151, "H03")):
            for number in range(count + 1):
                self.simple(doctor_id=doctor, institution_id=institution, patient_id=f"Q{number % count}")
        for patient, count in (("V1", 9), ("V2", 10), ("V3", 11)):
            for number in range(count):
                self.simple(patient_id=patient, institution_id="H04", settled_at=f"2025-04-{1 + 2 * number:02} {'00:00:00' if number == 0 else '23:59:59'}")
        for department, count in (("G29", 29), ("G30", 30), ("G0", 40), (None, 35)):
            for number in range(count):
                amount = 10 if department == "G0" and number < 25 else 9000 if number == count - 1 else number + 1
                self.simple(department=department, institution_id=self.random.choice(["H01", "H05", "H11"]), prescription_id=f"K{department}{number}", amount=str(amount))
        for item, count, places in (("PD1", 30, 3), ("PD2", 29, 3), ("PD3", 34, 2), ("PD4", 32, 3)):
            for number in range(count):
                self.simple(item_code=item, institution_id=self.institutions[number % places], unit_price=["1", "1", "1.5", "1.500001", "1.6"][number % 5], quantity="0.3333")
        for institution, count, diagnosis in (("H06", 4, "J18.9"), ("H07", 5, "J18.9"), ("H08", 6, None), ("H09", 5, "J1")):
            for number in range(count):
                self.simple(institution_id=institution, patient_id=f"C{number}", visit_type="inpatient", admission_date="2025-02-03", discharge_date="2025-02-10", diagnosis_code=diagnosis)
        for patient, supplies in (("U1", ["90", "90"]), ("U2", ["90", "90.01"]), ("U3", ["200", "-20"]), ("U4", ["200", "-19.99"])):
            for place, days in enumerate(supplies):
                self.simple(patient_id=patient, institution_id=self.institutions[place], days_supply=days, item_code="CU")
        for patient, stays in (("W1", "01-05 20-22"), ("W2", "01-05 05-05 05-06"), ("W3", "01-10 03-04 05-06"), ("W4", "01-05 21-22")):
            for first, last in (stay.split("-") for stay in stays.split()):
                self.simple(patient_id=patient, institution_id="H10", visit_type="inpatient", admission_date=f"2025-02-{first}", discharge_date=f"2025-02-{last}", diagnosis_code="K35.1")
        for institution, months in (("G1", [10, 10, 10, 20, 27]), ("G2", [10, 10, 11, "20.67", 100]), ("G3", [1, 0, -1, 5, 9]), ("G4", [1, 1, None, 1, 9])):
            for month, fund in enumerate(months, 1):
                if fund is not None:
                    self.simple(institution_id=institution, settled_at=f"2025-{month:02}-01 00:00:00", fund_amount=str(fund))
        for moment in ("2025-05-05 23:59:59", "2025-05-06 00:00:00"):
            self.simple(patient_id="Y1", service_time=moment)
        self.simple(patient_id="Z1", institution_id="H03", visit_type="inpatient", admission_date="2025-06-01", discharge_date="2025-06-03")
        for day in ("05-31", "06-01", "06-02", "06-03"):
            for institution in ("H03", "H04"):
                self.simple(patient_id="Z1", institution_id=institution, visit_type=self.random.choice(["outpatient", "pharmacy"]), settled_at=f"2025-{day} 23:59:59")
        for born, moment in (("2007-03-03", "2025-03-03 00:00:00"), ("2007-03-04", "2025-03-03 23:00:00"), ("2008-02-29", "2026-02-28 10:00:00"), ("2008-02-29", "2026-03-01 10:00:00"), ("2025-03-04", "2025-03-03 08:00:00")):
            for item in ("OLD18", "OLD0", "YOUNG18"):
                self.simple(birth_date=born, service_time=moment, item_code=item, institution_id="H05")

    def points(self):
        """Knowledge points, several for an item, some of them valid on one day or never."""
        rows = [("OLD18", "max_age_years", "18", None, None), ("OLD0", "max_age_years", "0", None, None), ("YOUNG18", "min_age_years", "18", None, None)]
        values = {"max_per_day": ["1", "2", "24", "0.5", "0", "3.3333"], "sex": ["male", "female"], "max_age_years": ["18", "17.5", "60", "0"], "min_age_years": ["18", "60"]}
        for item in self.items:
            for _ in range(self.random.choice([0, 1, 2, 3])):
                attribute = self.random.choice(list(values))
                rows.append((item, attribute, self.random.choice(values[attribute]), *self.random.choice(PERIODS)))
        for number, (item, attribute, value, first, last) in enumerate(rows):
            yield {"rule_id": f"K{number}", "item_code": item, "attribute": attribute, "value": value, "valid_from": first, "valid_to": last}


def write(path, rows, names, headers=None, encoding="utf-8", delimiter=","):
    def cell(value):
        if value is None or value == "":
            return '""' if value == "" else ""
        return f'"{value}"' if delimiter in value else value

    lines = [delimiter.join(headers or names)] + [delimiter.join(cell(row[name]) for name in names) for row in rows]
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write("\n".join(lines) + "\n")


def disguised(rows, path, chance):
    """The same lines as another system would export them, with two faulty ones among them."""
    columns = COLUMNS[:]
    chance.shuffle(columns)
    forms = {name: chance.choice(["{}-{:02}-{:02}", "{}{:02}{:02}", "{}/{}/{}"]) for name in DAYS}
    codes = {name: chance.choice([{}] + kinds) for name, kinds in CODES.items()}
    written = []
    for row in rows:
        copy = dict(row)
        for name, form in forms.items():
            if copy[name]:
                copy[name] = form.format(*map(int, copy[name][:10].split("-"))) + copy[name][10:]
        for name, words in codes.items():
            copy[name] = words.get(copy[name], copy[name])
        written.append(copy)
    faulty = [written[0] | {"line_id": "f1", "amount": "1.2.3"}, written[0] | {"line_id": "f2", "settled_at": "2025-13-40"}]
    place = chance.randrange(len(written))
    encoding, delimiter = chance.choice([("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", "\t"), ("utf-16", ","), ("utf-8", ";")])
    write(
        path, written[:place] + faulty + written[place:], [name for name, _, _ in columns],
        [chance.choice([name] + headers.split()) for name, headers, _ in columns], encoding, delimiter)


def run(fundwatch, *arguments):
    done = subprocess.run([fundwatch, *arguments], capture_output=True, encoding="utf-8", timeout=600)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return list(csv.reader(io.StringIO(done.stdout)))


def check(fundwatch, seed, claims):
    """Loads a world and returns how many cells were compared and how many differ."""
    world, chance = World(seed, claims), random.Random(seed)
    cells = differences = 0
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        lines = world.lines[:]
        if chance.random() < 0.5:
            chance.shuffle(lines)
        batch_count = chance.choice([1, 2, 4])
        for number in range(batch_count):
            batch = lines[number * len(lines) // batch_count:(number + 1) * len(lines) // batch_count]
            repeated = [row | {"fund_amount": "999.99"} for row in chance.sample(lines[:number * len(lines) // batch_count], 20)] if number else []
            path = os.path.join(folder, f"batch{number}.csv")
            disguised(batch + repeated, path, chance)
            run(fundwatch, "ingest", path, "--store", store, "--max-rejects", "99%", "--quiet")
        first = {}
        for row in lines:
            first.setdefault((row["claim_id"], row["line_id"]), row)
        write(os.path.join(folder, "claims.csv"), list(first.values()), [name for name, _, _ in COLUMNS])
        for table, rows in (("institutions", world.listed), ("knowledge", world.knowledge), ("deaths", world.deaths)):
            path = os.path.join(folder, table + ".csv")
            write(path, rows, list(rows[0]))
            run(fundwatch, "ingest", path, "--table", table, "--store", store, "--quiet")
        for window in ([], ["--from", "2025-01-20", "--to", "2025-03-03"]):
            data = indicators.Data(folder, *(date.fromisoformat(day) for day in window[1::2]))
            for name in indicators.INDICATORS:
                got = {row[0]: row[1:3] + row[4:] for row in run(fundwatch, "indicators", "run", name, "--store", store, "--format", "csv", "--quiet", *window)[1:]}
                want = {row[0]: [str(row[1]), str(row[2]), str(row[4])] for row in indicators.figures(data, name)}
                for institution in sorted(got.keys() | want.keys()):
                    cells += 3
                    if got.get(institution) != want.get(institution):
                        differences += 1
                        print(f"seed {seed} {name} {institution} {' '.join(window)}: {got.get(institution)}, expected {want.get(institution)}")
    return cells, differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fundwatch")
    parser.add_argument("--seeds", default="1:6")
    parser.add_argument("--claims", type=int, default=1500)
    options = parser.parse_args()
    cells = differences = 0
    for seed in range(*map(int, options.seeds.split(":"))):
        compared, different = check(options.fundwatch, seed, options.claims)
        cells, differences = cells + compared, differences + different
    print(f"{cells} cells compared, {differences} figures differ")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
