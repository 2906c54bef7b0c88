"""Whether two engines gave the same rows."""
import re
from decimal import Decimal

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def text(value):
    """One cell as the CSV of the command line would show it; NULL is the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def difference(ours, theirs, tolerance=Decimal(0)):
    """None if both lists of rows hold the same cells, else the first place where they differ.

    Numbers compare by value (1.50 is 1.5): exactly, or with a relative tolerance where a query computes in doubles. A text
    with a leading zero is a text.
    """
    if len(ours) != len(theirs):
        return f"{len(ours)} rows against {len(theirs)}"
    for index, (left, right) in enumerate(zip(ours, theirs)):
        left, right = [text(cell) for cell in left], [text(cell) for cell in right]
        if len(left) != len(right) or not all(_same(a, b, tolerance) for a, b in zip(left, right)):
            return f"row {index + 1}: {left} against {right}"
    return None


def _same(left, right, tolerance):
    if left == right:
        return True
    if not (_NUMBER.fullmatch(left) and _NUMBER.fullmatch(right)):
        return False
    a, b = Decimal(left), Decimal(right)
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
