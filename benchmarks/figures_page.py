"""The page of figures, a part of it for each benchmark, and what every figure depends on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/en/PERFORMANCE_BENCHMARKS.md"


def write_part(name: str, part: str) -> None:
    """Replace what stands between the markers `begin: name` and `end: name`."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, tail = rest.partition(end)
    PAGE.write_text(f"{head}{begin}\n{part}\n{end}{tail}", encoding="utf-8")


def host() -> dict[str, str]:
    """Return the machine, its load, Python and the time."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return {
        "machine": f"{os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}",
        "load average": ", ".join(f"{each:.2f}" for each in os.getloadavg()),
        "Python": platform.python_version(),
        "measured at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
