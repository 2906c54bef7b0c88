"""What the figures were measured on and with."""
import hashlib
import importlib.metadata
import os
import platform

PACKAGES = ["duckdb", "chdb-core", "polars", "pyarrow"]


def describe(fundwatch_version, binary):
    """`binary` counts by its bytes: samples of one build are never mixed with those of another."""
    with open(binary, "rb") as file:
        build = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {"Fundwatch": f"{fundwatch_version} (build {build})", **{name: version for name in PACKAGES if (version := _version(name))}},
    }


def _processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
