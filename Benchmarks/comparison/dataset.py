"""Generated claims, and the same claims in the other forms an ingest must take."""
import subprocess
import sys
from pathlib import Path

from . import processes

# The zstd tool need not be there; pyarrow, one of the peers, brings the library. Its streams know no level, so each 64 MiB is
# a frame of its own.
PACK_ZSTD = """
import sys, pyarrow
codec = pyarrow.Codec("zstd", compression_level=3)
with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as target:
    while piece := source.read(64 << 20):
        target.write(codec.compress(piece, asbytes=True))
"""
VARIANTS = ["gz", "zst", "gb18030"]


class Dataset:
    """The files of `fundwatch generate --lines N --seed S`, made once in a folder of the work folder."""

    def __init__(self, binary, work, lines, seed):
        self.lines, self.seed = lines, seed
        self.folder = self.folder_of(work, lines, seed)
        if not (self.folder / "complete").exists():
            processes.run([binary, "generate", "--lines", lines, "--seed", seed, "--out", self.folder])
            (self.folder / "complete").touch()
        self.claims = sorted(self.folder.glob("claims*.csv"))

    @staticmethod
    def folder_of(work, lines, seed):
        return Path(work) / f"data-{lines}-{seed}"

    @property
    def claims_size(self):
        return sum(file.stat().st_size for file in self.claims)

    def warm(self, files):
        """Reads files once, so that the first engine finds them in the page cache as the others do."""
        for file in files:
            with open(file, "rb") as stream:
                while stream.read(1 << 24):
                    pass

    def variant(self, form):
        """The claim files packed with gzip -6 or zstd -3, or in GB18030; made on the first call, with the tools at hand."""
        folder = self.folder / form
        folder.mkdir(exist_ok=True)
        files = []
        for source in self.claims:
            target = folder / (source.name if form == "gb18030" else f"{source.name}.{form}")
            if not target.exists():
                partial = folder / "partial"
                _convert(form, source, partial)
                partial.rename(target)
            files.append(target)
        return files


def _convert(form, source, target):
    if form == "gb18030":
        with open(source, encoding="utf-8", newline="") as text, open(target, "w", encoding="gb18030", newline="") as out:
            while piece := text.read(1 << 22):
                out.write(piece)
        return
    command = ["gzip", "-6", "-c", source]
    if form == "zst":
        processes.run([sys.executable, "-c", PACK_ZSTD, source, target])
        return
    with open(target, "wb") as out:
        subprocess.run([str(word) for word in command], stdout=out, check=True)
