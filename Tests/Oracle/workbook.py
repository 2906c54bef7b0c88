"""Compares a workbook with the CSV of the same rows, cell by cell: value, type and format.

    pip install openpyxl
    python3 Tests/Oracle/workbook.py result.xlsx result.csv
"""
import csv
import datetime
import decimal
import sys

import openpyxl
from openpyxl.utils.escape import unescape


def shown(cell):
    """The cell as the CSV writes it, None for no cell."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "b":
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%d" if "hh" not in cell.number_format else "%Y-%m-%d %H:%M:%S")
        # Spreadsheets count time in days: thousandths of a second survive.
        return text + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    if isinstance(value, (int, float)):
        return decimal.Decimal(repr(value))
    # openpyxl leaves the escapes of inline strings as they are.
    return unescape(value)


def rows_of(path):
    """The header and the rows of all sheets that go on under it."""
    header, rows = None, []
    for sheet in openpyxl.load_workbook(path):
        assert sheet.freeze_panes == "A2", f"{sheet.title}: the header is not frozen"
        assert sheet.auto_filter.ref, f"{sheet.title}: no filter"
        lines = list(sheet.iter_rows())
        names = [cell.value for cell in lines[0]]
        assert header in (None, names), f"{sheet.title}: another header"
        header = names
        rows += lines[1:]
    return header, rows


def main(workbook, text):
    csv.field_size_limit(1 << 30)
    with open(text, newline="", encoding="utf-8") as file:
        # An empty quoted field and a missing one look alike to this module, and a cell of an empty text to openpyxl.
        expected = list(csv.reader(file))
    header, rows = rows_of(workbook)
    assert header == expected[0], f"header {header} instead of {expected[0]}"
    assert len(rows) == len(expected) - 1, f"{len(rows)} rows instead of {len(expected) - 1}"
    numbers = dates = texts = 0
    for number, (cells, fields) in enumerate(zip(rows, expected[1:]), 2):
        for cell, field in zip(cells, fields):
            value = shown(cell)
            if cell.data_type == "s" or cell.data_type == "inlineStr":
                texts += 1
                assert cell.number_format == "@", f"{cell.coordinate}: text in the format {cell.number_format}"
            if isinstance(value, decimal.Decimal):
                numbers += 1
                assert decimal.Decimal(field) == value, f"{cell.coordinate} (row {number}): {value} instead of {field}"
                continue
            dates += cell.is_date
            value = (value or "").replace("\r\n", "\n")
            assert value == field.replace("\r\n", "\n"), f"{cell.coordinate} (row {number}): {value!r} instead of {field!r}"
            assert cell.data_type != "f", f"{cell.coordinate} is a formula"
    print(f"{workbook}: {len(rows)} rows agree; {texts} texts, {numbers} numbers, {dates} dates")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
