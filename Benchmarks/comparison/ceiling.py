"""Fundwatch alone on many more lines: does memory stay and time grow in proportion?"""
from . import processes
from .context import FUNDWATCH

PART = "ceiling"


def run(context, large):
    """`large` is the context of the larger data; its files are made first, and removed by the caller."""
    results = context.results
    results.begin(PART)
    for name, part in [("base", context), ("large", large)]:
        part.forget(FUNDWATCH)
        processes.settle()
        cost = part.fundwatch.ingest(part.dataset.claims)
        for key in ["wall_seconds", "peak_bytes"]:
            results.add(PART, key, name, vars(cost)[key])
        results.add(PART, "lines", name, part.dataset.lines)
        results.add(PART, "bytes", name, processes.folder_size(part.store(FUNDWATCH)))
    results.save()
