#!/usr/bin/env python3
"""Splits the last claims off claims.csv into a batch as a national export would have it.

    python3 SampleData/national_batch.py DIR LINES

Moves whole claims, about LINES lines, from the end of DIR/claims.csv to DIR/claims-national-gb18030.csv: headers of the
national interface, code values instead of words, birth dates as 19800131, GB18030, CRLF.
"""
import csv
import io
import os
import sys

HEADERS = {
    "claim_id": "setl_id", "line_id": "feedetl_sn", "original_claim_id": "init_setl_id",
    "institution_id": "fixmedins_code", "department": "bilg_dept_codg", "doctor_id": "bilg_dr_codg",
    "patient_id": "psn_no", "sex": "gend", "birth_date": "brdy", "visit_type": "med_type", "diagnosis_code": "dise_codg",
    "admission_date": "begndate", "discharge_date": "enddate", "service_time": "fee_ocur_time",
    "settled_at": "setl_time", "prescription_id": "rx_drord_no", "item_code": "med_list_codg",
    "item_name": "medins_list_name", "item_category": "list_type", "quantity": "cnt", "unit_price": "pric",
    "amount": "det_item_fee_sumamt", "fund_amount": "inscp_amt", "days_supply": "prd_days",
    "trace_code": "drug_trac_codg", "region": "insu_admdvs",
}
CODES = {
    "sex": {"male": "1", "female": "2", "unknown": "0"},
    "visit_type": {"outpatient": "11", "emergency": "13", "chronic": "14", "inpatient": "21", "pharmacy": "41"},
    "item_category": {"drug": "101", "service": "201", "consumable": "301"},
}


def main(folder, count):
    path = os.path.join(folder, "claims.csv")
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    claim = lambda row: row.split(",", 1)[0]
    cut = len(lines) - count
    while claim(lines[cut]) == claim(lines[cut - 1]):
        cut -= 1
    # No field of the generator's has a line break, so text lines are rows.
    moved = list(csv.DictReader(io.StringIO(lines[0] + "".join(lines[cut:]))))
    with open(os.path.join(folder, "claims-national-gb18030.csv"), "w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADERS.values())
        for row in moved:
            for column, words in CODES.items():
                row[column] = words.get(row[column], row[column])
            row["birth_date"] = row["birth_date"].replace("-", "")
            writer.writerow(row[column] for column in HEADERS)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(lines[:cut])
    print(f"{cut - 1} lines stay, {len(moved)} moved")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]))
