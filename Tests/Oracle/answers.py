"""Rows of two engines side by side: how our CSV is read, when two values count as the same, which rows have no partner."""
import math
import re
from decimal import Decimal

# A limit at the very end of a query.
LIMIT = re.compile(r"\s+(limit\s+\d+(\s+offset\s+\d+)?|offset\s+\d+(\s+limit\s+\d+)?)\s*(/\*\w+\*/)?\s*$", re.I)
_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^,\n]*)')


def parse(text):
    """CSV rows without the header, telling an empty field (None) from an empty string."""
    rows, row, at = [], [], 0
    while at < len(text):
        found = _FIELD.match(text, at)
        row.append(found[1].replace('""', '"') if found[1] is not None else found[2] or None)
        at = found.end()
        if at < len(text) and text[at] == ",":
            at += 1
        else:
            rows.append(row)
            row, at = [], at + 1
    return rows[1:]


def near(a, b, tolerance=1e-12, least=None):
    """Whether two values count as the same. Numbers of one kind (decimals, or doubles) may differ by `tolerance` of `b`, or by
    `least`, which is the tolerance where it is not given; all else must be equal."""
    least = tolerance if least is None else least
    if isinstance(a, Decimal) and isinstance(b, Decimal) and a.is_finite() and b.is_finite():
        # Quotients have the scale each side chooses.
        return abs(a - b) <= max(abs(b) * Decimal(repr(tolerance)), Decimal(repr(least)))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or math.isnan(a) and math.isnan(b) or math.isclose(a, b, rel_tol=tolerance, abs_tol=least)
    if isinstance(a, Decimal) and isinstance(b, Decimal) and a.is_nan() and b.is_nan():
        return True
    return a == b


def rows_near(a, b, same=near):
    return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))


def sort_key(row):
    """An order in which rows that are nearly the same nearly always stand at the same place."""
    return [(value is None, f"{value:.9e}" if isinstance(value, (float, Decimal)) else str(value)) for value in row]


def first_difference(a, b, same=near):
    """The place of the first rows that differ, in the order given; None if there is none."""
    for place, (x, y) in enumerate(zip(a, b)):
        if not rows_near(x, y, same):
            return place
    return None if len(a) == len(b) else min(len(a), len(b))


def unpaired(a, b, same=near):
    """The rows of each side that the other has not, as two lists: both empty if the two are the same multiset."""
    a, b = sorted(a, key=sort_key), sorted(b, key=sort_key)
    if first_difference(a, b, same) is None:
        return [], []
    rest = {}
    for row in b:
        rest.setdefault(str(sort_key(row)), []).append(row)
    alone = []
    for row in a:
        partners = rest.get(str(sort_key(row)), [])
        place = next((n for n, other in enumerate(partners) if rows_near(row, other, same)), None)
        if place is None:
            alone.append(row)
        else:
            partners.pop(place)
    left, ours = [row for rows in rest.values() for row in rows], []
    if len(alone) > 5000:
        return alone, left
    # What remains may still be near, with digits that round to either side.
    for row in alone:
        place = next((n for n, other in enumerate(left) if rows_near(row, other, same)), None)
        if place is None:
            ours.append(row)
        else:
            left.pop(place)
    return ours, left


def outermost(query):
    """A query without texts in quotes and without what stands in its brackets."""
    query, count = re.sub(r"'(?:[^']|'')*'", "''", query), 1
    while count:
        query, count = re.subn(r"\([^()]+\)", "()", query)
    return query


def order_places(query, names):
    """The columns that a query's own `order by` names, by number or by one of `names`: none without an order, None where it
    orders by anything else."""
    found = re.search(r"\border\s+by\s+(.*?)\s*(/\*\w+\*/)?\s*$", LIMIT.sub("", outermost(query)), re.I | re.S)
    if not found:
        return []
    places = []
    for item in found[1].split(","):
        word = re.sub(r"\s+(asc|desc)\b|\s+nulls\s+(first|last)\b", "", item.strip(), flags=re.I).strip().lower()
        if word.isdigit() and 1 <= int(word) <= len(names):
            places.append(int(word) - 1)
        elif names.count(word) == 1:
            places.append(names.index(word))
        else:
            return None
    return places
