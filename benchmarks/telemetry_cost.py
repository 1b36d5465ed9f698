"""What telemetry costs: one log line in-process, and one scrape of `/metrics`.

Run: python benchmarks/telemetry_cost.py [http://127.0.0.1:9091/metrics ...]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from day23.infrastructure.logs.redaction import Redactor
from day23.infrastructure.logs.structured import LogFile, StructuredLog

LINES = 20_000
SCRAPES = 300


def log_line_microseconds() -> list[float]:
    """Return the mean time of one line in each of ten rounds."""
    context = {"service": "seed", "trace_id": "0" * 32, "stage_id": "TL-01", "stream": "app"}
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        log = StructuredLog(LogFile(Path(folder) / "seed.app.jsonl"), Redactor(["a" * 48]), "info", context)
        for _ in range(10):
            started = time.perf_counter()
            for number in range(LINES // 10):
                log.write("info", "digest stored", {"channel": "habr", "documents": number})
            rounds.append((time.perf_counter() - started) / (LINES // 10) * 1e6)
    return rounds


def scrape_milliseconds(url: str) -> list[float]:
    """Return the time of each scrape."""
    taken = []
    for _ in range(SCRAPES):
        started = time.perf_counter()
        with urlopen(url, timeout=10) as answer:  # noqa: S310  # an address the caller gave  # nosec B310
            answer.read()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def main() -> None:
    """Measure and print."""
    rounds = log_line_microseconds()
    print(f"one log line: median {statistics.median(rounds):.1f} us, worst round {max(rounds):.1f} us")
    for url in sys.argv[1:]:
        taken = sorted(scrape_milliseconds(url))
        p99 = taken[int(SCRAPES * 0.99) - 1]
        print(f"{url}: p50 {statistics.median(taken):.2f} ms, p99 {p99:.2f} ms, n {SCRAPES}")


if __name__ == "__main__":
    main()
