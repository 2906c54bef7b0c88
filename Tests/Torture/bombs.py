"""Inputs that blow up, and the memory a load may take."""
import gzip
import shutil
import subprocess
import zlib

from scenarios import state_of
from tool import Fault

GIBIBYTE = 1 << 30
HEADER = ("claim_id,line_id,institution_id,patient_id,visit_type,service_time,settled_at,item_code,quantity,unit_price,amount\n")
ROW = "C{0},1,H1,P1,11,2025-01-03 08:00:00,2025-01-03 09:00:00,X1,1,2.50,2.50\n"


def packed(path, parts):
    """A .gz of byte strings, each as often as said, without ever holding them unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with open(path, "wb") as file:
        for piece, times in parts:
            block = piece * max(1, (1 << 20) // len(piece))
            for _ in range(max(1, times * len(piece) // len(block))):
                file.write(packer.compress(block))
        file.write(packer.flush())
    return path


def bombs(folder):
    """Name, file, exit codes it may end in."""
    header, row = HEADER.encode(), ROW.format(1).encode()
    yield "a first line without end", packed(folder / "line.csv.gz", [(b"x", 2 * GIBIBYTE)]), {65}
    yield "zeros without end", packed(folder / "zeros.csv.gz", [(b"\0", 2 * GIBIBYTE)]), {65}
    yield "a record without end", packed(folder / "record.csv.gz", [(header, 1), (b"x,", GIBIBYTE)]), {65}
    yield "a quote that never closes", packed(folder / "quote.csv.gz", [(header, 1), (b'"', 1), (b"abc\n", GIBIBYTE // 4)]), {65}
    yield "quotes and nothing else", packed(folder / "quotes.csv.gz", [(header, 1), (b'"', GIBIBYTE // 2)]), {65}
    yield "empty lines", packed(folder / "empty.csv.gz", [(header, 1), (b"\n", GIBIBYTE // 4)]), {0, 65}
    yield "delimiters", packed(folder / "commas.csv.gz", [(header, 1), (b"," * 4000 + b"\n", GIBIBYTE // 8000)]), {65}
    yield "one row again and again", packed(folder / "rows.csv.gz", [(header, 1), (row, GIBIBYTE // 4 // len(row))]), {65}
    yield "a header of a million columns", packed(folder / "columns.csv.gz", [(b"a,", 1_000_000), (b"\n", 1)]), {65}
    members = folder / "members.csv.gz"
    members.write_bytes(gzip.compress(header) + gzip.compress(b"") * 200_000 + gzip.compress(row))
    yield "many empty members", members, {0, 65}
    cut = folder / "cut.csv.gz"
    whole = gzip.compress(header + b"".join(ROW.format(i).encode() for i in range(50_000)))
    cut.write_bytes(whole[: len(whole) // 2])
    yield "a packed file cut off", cut, {65, 74}
    if shutil.which("zstd"):
        for name, options in (("frames", ["-19"]), ("a window of two gibibytes", ["--ultra", "-22", "--long=31"])):
            path = folder / f"{name.split()[0]}.csv.zst"
            packer = subprocess.Popen(["zstd", "-q", "-c", "-T1", *options[:1], *options[2:]], stdin=subprocess.PIPE, stdout=open(path, "wb"))
            for piece in [header] + [b"x" * (1 << 20)] * 300:
                packer.stdin.write(piece)
            packer.stdin.close()
            packer.wait()
            yield f"zstd, {name}", path, {65}


def torture(tool, data, rounds, seed, say):
    """`rounds` is in thousands of lines here: the size of the load whose memory is measured."""
    folder, store = tool.folder / "bombs", tool.folder / "bombed"
    folder.mkdir(exist_ok=True)
    base = data.scenarios()[1]
    base.prepare(store)
    highest, count = 0, 0
    for name, path, codes in bombs(folder):
        outcome = tool.run("ingest", path, store=store, limit_seconds=600)
        if outcome.code not in codes or (outcome.code and not outcome.errors.strip()):
            raise Fault(f"{name}: {outcome}")
        if outcome.peak_bytes > GIBIBYTE:
            raise Fault(f"{name}: {outcome.peak_bytes >> 20} MiB of memory")
        if outcome.code and state_of(tool, store) != base.states[0]:
            raise Fault(f"{name}: the store changed")
        if outcome.code == 0:
            # What it held was loaded: the next one starts from where this one did.
            base.prepare(store)
        highest, count = max(highest, outcome.peak_bytes), count + 1
        path.unlink()
        say(f"{name}: exit {outcome.code}, {outcome.peak_bytes >> 20} MiB, {outcome.seconds:.1f} s")
    tool.run("generate", "--lines", rounds * 1000, "--seed", seed, "--out", folder / "large", expect=0)
    base.prepare(store)
    files = sorted((folder / "large").glob("claims*.csv"))
    load = tool.run("ingest", *files, store=store, expect=0, limit_seconds=1200)
    if load.peak_bytes > GIBIBYTE:
        raise Fault(f"a load of {rounds},000 lines took {load.peak_bytes >> 20} MiB")
    starved = starve(tool, base, files)
    shutil.rmtree(folder)
    return (f"{count} bombs, at most {highest >> 20} MiB; a load of {rounds},000 lines: {load.peak_bytes >> 20} MiB, "
            f"{load.seconds:.1f} s; {starved}")


def starve(tool, base, files):
    """Under a ceiling of address space a load ends one way or another, and the store is whole."""
    store, died = tool.folder / "starved", 0
    ceilings = [150, 250, 350, 500, 700, 1000, 1500, 2000]
    for megabytes in ceilings:
        base.prepare(store)
        # Memory the system refuses cannot be had back: the process may die of it. The store may not.
        outcome = tool.end(tool.start(["ingest", *map(str, files)], store, memory_bytes=megabytes << 20))
        died += outcome.code != 0
        if outcome.code != 0 and state_of(tool, store) != base.states[0]:
            raise Fault(f"a load under {megabytes} MB: {outcome}, and the store changed")
        base.run(tool, store)
        tool.run("verify", store=store, expect=0)
    return f"{died} of {len(ceilings)} ceilings of address space were too low, the store was whole each time"
