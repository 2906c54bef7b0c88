"""The page that takes a report: what stands outside its markers is written by hand and stays."""

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write(path, report):
    """Puts the report between the page's markers; a page that does not exist, or has none, becomes the report alone."""
    block = f"{BEGIN}\n{report.rstrip()}\n{END}\n"
    before, after = "# Benchmarks\n\n", ""
    if path.exists():
        text = path.read_text()
        if BEGIN in text and END in text:
            before, after = text.split(BEGIN, 1)[0], text.split(END, 1)[1].lstrip("\n")
    path.write_text(before + block + after)
