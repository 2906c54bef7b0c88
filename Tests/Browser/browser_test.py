#!/usr/bin/env python3
"""Opens the report and a dossier in a real browser and uses them as a supervisor would.

usage: browser_test.py --binary FUNDWATCH [--keep DIR]

Makes reports over SampleData, and over institutions with hostile names, then looks at them in a headless Chromium: nothing in the
console, no request, every row of ranking.csv in its place; sorted by clicks, filtered by typing, the language switched, details opened;
the same without scripts; 390 and 320 pixels wide; printed. Needs Python 3.9, Chromium (the one that CHROMIUM names, if it is set), and
pdfinfo and pdftotext of poppler. --keep leaves reports, PDFs and pictures in a folder. Exit code 1 if anything was found.
"""
import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devtools import Browser, Page, executable

SAMPLES = Path(__file__).resolve().parents[2] / "SampleData"
NOTICE = {"en": "leads for human review", "zh": "线索"}
HOSTILE = [
    "<script>console.error('run')</script>", "<img src=https://example.org/x.png onerror=console.error('run')>", "</table></main></body>A&B",
    "\"'><svg onload=console.error('run')>", "A" * 180, "仁和" * 60, "\u202egnp.exe\u202c [\u2067x", "https://example.org/?q=a&lt;b#c",
]
# Pixels between the margins of 12 mm on A4.
PRINTED_WIDTH = 702
ROWS = "[...document.querySelectorAll('#all tbody tr')]"
SHOWN = ROWS + ".filter(r=>getComputedStyle(r).display!='none')"


class Checks:
    """What was looked at, and what was found."""

    def __init__(self):
        self.count, self.found = 0, []

    def that(self, holds, what, detail=""):
        self.count += 1
        if not holds:
            self.found.append(f"{what}{': ' + str(detail)[:600] if detail else ''}")
            print(f"  FOUND {self.found[-1]}", file=sys.stderr, flush=True)

    def equal(self, left, right, what):
        self.that(left == right, what, f"{left!r} is not {right!r}")


def make_reports(binary, folder):
    """The reports, by name: their page, their ranking, and the language they open in."""

    def run(store, *arguments):
        subprocess.run([binary, *arguments, "--store", folder / store, "--quiet"], check=True, stdout=subprocess.DEVNULL)

    with open(SAMPLES / "institutions.csv", encoding="utf-8") as file:
        institutions = list(csv.DictReader(file))
    for row, institution in enumerate(institutions):
        institution["name"] = HOSTILE[row % len(HOSTILE)]
    with open(folder / "hostile.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, institutions[0].keys())
        writer.writeheader()
        writer.writerows(institutions)
    for store, names in [("store", SAMPLES / "institutions.csv"), ("hostile-store", folder / "hostile.csv")]:
        run(store, "ingest", names, "--table", "institutions")
        for table in ["knowledge", "deaths"]:
            run(store, "ingest", SAMPLES / f"{table}.csv", "--table", table)
        run(store, "ingest", SAMPLES / "claims.csv", SAMPLES / "claims-national-gb18030.csv")
    reports = {}
    for name, store, language in [("english", "store", "en"), ("chinese", "store", "zh"), ("hostile", "hostile-store", "en")]:
        run(store, "report", "--out", folder / name, "--lang", language, "--as-of", "2026-01-01")
        with open(folder / name / "ranking.csv", encoding="utf-8", newline="") as file:
            ranking = list(csv.DictReader(file))
        run(store, "report", "--out", folder / name, "--lang", language, "--as-of", "2026-01-01", "--dossier", ranking[0]["institution_id"])
        dossier = folder / name / f"dossier-{ranking[0]['institution_id']}.html"
        reports[name] = (folder / name / "report.html", dossier, ranking, language)
    # Two nights, for the page with the changes since the one before.
    inbox = folder / "inbox"
    for files in [["institutions", "knowledge", "deaths", "claims"], ["claims-national-gb18030"]]:
        inbox.mkdir(exist_ok=True)
        for file in files:
            shutil.copy(SAMPLES / f"{file}.csv", inbox)
        run("nightly-store", "nightly", "--inbox", inbox, "--out", folder / "nightly", "--settle", "0")
    with open(folder / "nightly" / "latest" / "ranking.csv", encoding="utf-8", newline="") as file:
        reports["nightly"] = ((folder / "nightly" / "latest" / "report.html").resolve(), None, list(csv.DictReader(file)), "en")
    return reports


def ids(page, rows=ROWS):
    """The institutions of the table's rows, by the ids in their second column."""
    return page.value(rows + ".map(r=>(r.cells[1].querySelector('.soft')||r.cells[1]).textContent)")


def check_detectors(browser, folder, checks):
    """A page that does everything wrong, so that a check that sees nothing is not taken for a page that does nothing."""
    path = folder / "wrong.html"
    path.write_text(
        "<!DOCTYPE html><meta charset=utf-8><p style='width:900px'>wide</p><img src='https://example.org/x.png'>"
        "<script>console.error('told');missing.thing()</script>")
    page = Page(browser, path.as_uri(), 390, 844, is_phone=True)
    time.sleep(0.5)
    troubles = page.troubles()
    for kind in ["exception: ", "console: told", "request: https://example.org/"]:
        checks.that(any(trouble.startswith(kind) for trouble in troubles), f"the test itself misses '{kind}'", troubles)
    checks.that(overflow(page, 390), "the test itself misses a page that is too wide")
    page.close()


def check_ranking(page, ranking, name, checks):
    """Rows, sorting by clicks, filtering by typing."""
    order = [row["institution_id"] for row in ranking]
    checks.equal(ids(page), order, f"{name}: rows of the ranking as in ranking.csv")
    for column, head in enumerate(page.value("[...document.querySelectorAll('#all thead th')].map(h=>h.getAttribute('data-k'))")):
        if head is None:
            continue
        button = f"document.querySelectorAll('#all thead th')[{column}].querySelector('button')"
        for direction in [1, -1]:
            page.click(button)
            keys = page.value(
                ROWS + f".map(r=>r.cells[{column}].getAttribute('data-v')||r.cells[{column}].textContent)"
                + (".map(parseFloat)" if head == "n" else ""))
            ordered = sorted(keys, key=lambda key: key if head == "n" else key.encode("utf-16-be"), reverse=direction < 0)
            checks.equal(keys, ordered, f"{name}: column {column + 1} sorted by click {'one' if direction > 0 else 'two'}")
            checks.equal(sorted(ids(page)), sorted(order), f"{name}: no row lost by sorting")
    amounts = {row["institution_id"]: float(row["amount_at_issue"]) for row in ranking}
    page.click("[...document.querySelectorAll('#all thead th')].find(h=>h.textContent.includes('At issue')).querySelector('button')")
    page.click("[...document.querySelectorAll('#all thead th')].find(h=>h.textContent.includes('At issue')).querySelector('button')")
    checks.equal([amounts[one] for one in ids(page)], sorted(amounts.values(), reverse=True), f"{name}: by amount, the largest first")
    page.click("document.querySelector('#all thead th button')")
    checks.equal(ids(page), order, f"{name}: by rank again")

    def count():
        return page.value("document.getElementById('count').textContent")

    texts = page.value(ROWS + ".map(r=>r.textContent.toLowerCase())")
    for typed in [order[3], order[0][:6].lower(), "仁和", "¥", "no such institution"]:
        page.click("document.getElementById('find')")
        page.type(typed)
        expected = [one for one, text in zip(order, texts) if typed in text or typed.lower() in text]
        checks.equal(ids(page, SHOWN), expected, f"{name}: rows left for what was typed, {typed!r}")
        checks.equal(count(), f"{len(expected)} / {len(order)}", f"{name}: the count beside it")
        page.value("document.getElementById('find').select()")
        page.press("Backspace", 8)
    checks.equal(ids(page, SHOWN), order, f"{name}: all rows again")
    page.value("(()=>{const g=document.getElementById('grade');g.focus();g.value='E';g.dispatchEvent(new Event('change'))})()")
    checks.equal(ids(page, SHOWN), [row["institution_id"] for row in ranking if row["grade"] == "E"], f"{name}: those graded E")
    page.value("(()=>{const g=document.getElementById('grade');g.value='';g.dispatchEvent(new Event('change'))})()")


def check_structure(page, name, checks):
    """What the page's own links and names promise."""
    doubled = page.value("(()=>{const n={};document.querySelectorAll('[id]').forEach(e=>n[e.id]=(n[e.id]||0)+1);return Object.keys(n).filter(i=>n[i]>1)})()")
    checks.equal(doubled, [], f"{name}: an id more than once")
    dead = page.value("[...document.querySelectorAll('a')].map(a=>a.getAttribute('href')).filter(h=>!h.startsWith('#')||!document.getElementById(h.slice(1)))")
    checks.equal(dead, [], f"{name}: links that lead out of the page or nowhere")
    checks.equal(page.value("document.querySelectorAll('main').length"), 1, f"{name}: one main part, closed by nobody else")
    nameless = page.value("[...document.querySelectorAll('.tools input,.tools select')].filter(e=>!e.labels.length).map(e=>e.id)")
    checks.equal(nameless, [], f"{name}: inputs without a label")


def visible_languages(page):
    return page.value("['en','zh'].filter(l=>[...document.querySelectorAll('main [lang='+l+']')].some(e=>getComputedStyle(e).display!='none'))")


def check_language(page, language, name, checks):
    """Both languages by a click and by the keyboard; neither needs a script."""
    checks.equal(visible_languages(page), [language], f"{name}: one language is shown, the report's")
    other = "zh" if language == "en" else "en"
    page.click(f"document.querySelector('label[for=show-{other}]')")
    checks.equal(visible_languages(page), [other], f"{name}: the other language after a click")
    page.value(f"document.getElementById('show-{other}').focus()")
    page.press(*(("ArrowLeft", 37) if other == "zh" else ("ArrowRight", 39)))
    checks.equal(visible_languages(page), [language], f"{name}: the first language by the keyboard")


def check_details(page, name, checks):
    """A closed institution opens by a click on it, and by a click on its name in the ranking."""
    closed = "[...document.querySelectorAll('details.card')].find(d=>!d.open)"
    if page.value(f"!{closed}"):
        return
    page.value(f"window.first={closed};0")
    page.click("first.querySelector('summary')")
    checks.that(page.value("first.open&&first.querySelector('table').getBoundingClientRect().height>0"), f"{name}: details open by a click")
    page.value(f"window.second={closed};0")
    if page.value("!!second"):
        page.click("document.querySelector('#all a[href=\"#'+second.id+'\"]')")
        time.sleep(0.3)
        checks.that(page.value("second.open"), f"{name}: the details of an institution whose name was clicked are open")
        checks.that(page.value("(t=>t>-5&&t<innerHeight)(second.getBoundingClientRect().top)"), f"{name}: and in sight")


def overflow(page, width):
    """The innermost elements that make the page wider than the screen; those inside of a part that scrolls do not."""
    page.value("document.querySelectorAll('details').forEach(d=>d.open=true)")
    if page.value("Math.max(document.documentElement.scrollWidth,document.body.scrollWidth,innerWidth)") <= width:
        return []
    return page.value(
        f"[...document.querySelectorAll('body *')].filter(e=>!e.closest('.scroll')&&(e.getBoundingClientRect().right>{width}+1||e.clientWidth>0&&e.scrollWidth>e.clientWidth))"
        ".reverse().slice(0,8).map(e=>e.tagName+'.'+(e.getAttribute('class')||'')+' '+e.scrollWidth+' '+e.textContent.slice(0,40))") or ["?"]


def check_printed_width(page, name, checks):
    """A page that is wider than the paper is shrunk as a whole until it fits, and can no longer be read."""
    page.call("Emulation.setEmulatedMedia", media="print")
    page.call("Emulation.setDeviceMetricsOverride", width=PRINTED_WIDTH, height=1000, deviceScaleFactor=1, mobile=False)
    wide = page.value(f"document.documentElement.scrollWidth>{PRINTED_WIDTH}?[...document.querySelectorAll('body *')].filter(e=>e.getBoundingClientRect().right>{PRINTED_WIDTH}+1)"
                      ".reverse().slice(0,8).map(e=>e.tagName+' '+Math.round(e.getBoundingClientRect().right)+' '+e.textContent.slice(0,40)):[]")
    checks.equal(wide, [], f"{name}: nothing wider than the paper")
    page.call("Emulation.setEmulatedMedia", media="")
    page.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)


def check_print(page, language, words, name, folder, checks):
    """Pages, words in both languages, and the notice at the foot of each page."""
    check_printed_width(page, name, checks)
    path = folder / f"{name.replace(' ', '-')}.pdf"
    path.write_bytes(page.pdf())
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    pages = int(re.search(r"Pages:\s+(\d+)", info).group(1))
    checks.that(pages > 0, f"{name}: pages printed", info)
    checks.that("A4" in info, f"{name}: printed on A4", info)
    texts = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode().split("\f")[:-1]
    checks.equal(len(texts), pages, f"{name}: text of each page")
    # Lines are broken anywhere in narrow columns, so blanks do not count.
    whole = "".join("".join(texts).split())
    for word in words:
        checks.that("".join(word.split()) in whole, f"{name}: printed text has '{word}'")
    for number, text in enumerate(texts):
        foot = "".join(text.split()[-60:])
        checks.that("".join(NOTICE[language].split()) in foot or "".join(words[0].split()) in foot, f"{name}: notice at the foot of page {number + 1}", foot)
        checks.that(len("".join(text.split())) > len("".join(words[0].split())) + 20, f"{name}: page {number + 1} is not empty", text)
    return pages


def check_report(browser, name, report, folder, checks):
    path, _, ranking, language = report
    page = Page(browser, path.as_uri())
    check_ranking(page, ranking, name, checks)
    check_structure(page, name, checks)
    check_language(page, language, name, checks)
    check_details(page, name, checks)
    checks.equal(page.troubles(), [], f"{name}: console and network are silent")
    page.close()

    page = Page(browser, path.as_uri(), scripts=False)
    order = [row["institution_id"] for row in ranking]
    checks.equal(ids(page, SHOWN), order, f"{name}: rows without scripts")
    checks.that(page.value("getComputedStyle(document.getElementById('tools')).display=='none'"), f"{name}: no tools that do nothing without scripts")
    checks.that(page.value("!document.querySelector('#all th button')"), f"{name}: no buttons that do nothing without scripts")
    check_language(page, language, f"{name} without scripts", checks)
    checks.equal(page.troubles(), [], f"{name} without scripts: console and network are silent")
    page.close()

    for width in [390, 320]:
        page = Page(browser, path.as_uri(), width, 844, is_phone=True)
        for shown in ["en", "zh"]:
            page.value(f"document.getElementById('show-{shown}').checked=true")
            checks.equal(overflow(page, width), [], f"{name}: nothing wider than a screen of {width} pixels, {shown}")
        (folder / f"{name}-{width}.png").write_bytes(page.picture())
        checks.equal(page.troubles(), [], f"{name}, {width} pixels: console and network are silent")
        page.close()

    page = Page(browser, path.as_uri())
    (folder / f"{name}.png").write_bytes(page.picture())
    printed = {}
    for shown, words in [("en", ["Findings are leads for human review", "线索", "Ranking", "Main reason", "stand out"]), ("zh", ["线索", "机构排序", "主要原因", "leads for human review"])]:
        page.value(f"document.getElementById('show-{shown}').checked=true")
        shown_ids = [row["institution_id"] for row in ranking[:30]]
        printed[shown] = check_print(page, shown, words + shown_ids, f"{name} {shown}", folder, checks)
    page.close()
    return printed


def check_dossier(browser, name, report, folder, checks):
    _, path, ranking, language = report
    page = Page(browser, path.as_uri())
    checks.equal(page.value("document.scripts.length"), 0, f"{name}: a dossier has no script")
    checks.that(ranking[0]["institution_id"] in page.value("document.body.innerText"), f"{name}: the dossier names its institution")
    check_structure(page, f"{name} dossier", checks)
    words = {"en": ["in full", "Figures against peers", "Evidence", "Statement of the institution"], "zh": ["卷宗", "与同类机构比较", "证据明细", "机构说明"]}[language]
    pages = check_print(page, language, page_foot(page) + words, f"{name} dossier", folder, checks)
    (folder / f"{name}-dossier.png").write_bytes(page.picture())
    checks.equal(page.troubles(), [], f"{name} dossier: console and network are silent")
    page.close()
    for width in [390, 320]:
        page = Page(browser, path.as_uri(), width, 844, is_phone=True)
        checks.equal(overflow(page, width), [], f"{name} dossier: nothing wider than a screen of {width} pixels")
        (folder / f"{name}-dossier-{width}.png").write_bytes(page.picture())
        page.close()
    return pages


def page_foot(page):
    """What the page says at its foot, from its own text."""
    return [page.value("document.querySelector('.running').textContent")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--keep", help="a folder for reports, PDFs and pictures; a temporary one otherwise")
    options = parser.parse_args()
    path = executable()
    missing = ([] if path else ["chromium"]) + [tool for tool in ["pdfinfo", "pdftotext"] if not shutil.which(tool)]
    if missing:
        sys.exit(f"browser test: not installed: {', '.join(missing)} (apt-get install chromium poppler-utils fonts-noto-cjk)")
    folder = Path(options.keep or tempfile.mkdtemp(prefix="fundwatch-browser-test-")).resolve()
    if options.keep:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    began, checks, browser = time.monotonic(), Checks(), None
    try:
        reports = make_reports(os.path.abspath(options.binary), folder)
        browser = Browser(path)
        version = browser.call("Browser.getVersion")["product"]
        check_detectors(browser, folder, checks)
        for name, report in reports.items():
            pages = check_report(browser, name, report, folder, checks)
            told = f"{len(report[2])} institutions, {pages['en']} pages in English, {pages['zh']} in Chinese"
            if report[1]:
                told += f", dossier {check_dossier(browser, name, report, folder, checks)} pages"
            print(f"  {name}: {told} ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
    finally:
        if browser:
            browser.close()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"browser test, {version}: {checks.count} checks, " + (f"{len(checks.found)} FOUND" if checks.found else "nothing was found"))
    return 1 if checks.found else 0


if __name__ == "__main__":
    sys.exit(main())
