"""What the figures were measured on and with."""
import hashlib
import importlib.metadata
import os
import platform
import re
import subprocess
from pathlib import Path

PACKAGES = ["duckdb", "chdb-core", "polars", "pyarrow"]


def describe(fundwatch_version, binary):
    """`binary` counts by its bytes: samples of one build are never mixed with those of another. The report shows the commit, if
    it was built from these sources."""
    with open(binary, "rb") as file:
        build = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    return {
        "build": build,
        "commit": _commit(binary),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {_release()}",
        "python": platform.python_version(),
        "versions": {"Fundwatch": fundwatch_version, **{name: version for name in PACKAGES if (version := _version(name))}},
    }


def _release():
    """The kernel's numbers, without what a builder adds to them."""
    return re.match(r"[0-9.]*[0-9]", platform.release())[0]


def _commit(binary):
    """The commit the sources stand at, with a plus if they differ from it; None outside of git, or if `binary` lies elsewhere."""
    folder = Path(__file__).resolve().parents[2]
    if not Path(binary).resolve().is_relative_to(folder):
        return None

    def git(*words):
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    try:
        return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
