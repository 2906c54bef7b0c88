"""The rewrite rules of the optimizer, as the tool itself lists them."""

import subprocess


def names(binary):
    """All names that --disable-rules understands."""
    answer = subprocess.run(
        [str(binary), "sql", "select 1", "--disable-rules", "no such rule"], capture_output=True, text=True)
    head, mark, tail = answer.stderr.partition("the rules are ")
    if not mark:
        raise SystemExit(f"{binary} does not list its rewrite rules: {answer.stderr.strip()}")
    return [name.strip() for name in tail.split(",")]
