"""Measures exporters side by side on a mongod of its own; `make benchmark-exports` runs it.

Bytes are compared first. Then every round runs all exporters once, in random order; the first round is
thrown away. Ratios are taken within a round, so that a busy minute hits both sides.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contestants import DATABASE, Contestant, Run, build_mongoexport, contestants, run_once
from dataset import fill
from exports_page import page
from figures_page import write_part
from pymongo import MongoClient
from seeding import measure_seeding
from server import mongod

from day23.domain.statistics.bootstrap import bootstrap_mean

REPOSITORY = Path(__file__).resolve().parents[1]
RESULT = REPOSITORY / "benchmarks/results/exports.json"
BASE = "find() + json_util"


def main() -> None:
    """Measure, store the result and rewrite the page."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="day23-benchmark-") as name, mongod(Path(name) / "db") as url:
        folder = Path(name)
        with MongoClient(url) as client:
            size = fill(client, DATABASE, given.documents)
        everybody = contestants(url, folder, given.documents, build_mongoexport(folder))
        same = _compare_bytes(everybody, url, folder)
        loads: list[float] = []
        runs = _rounds(everybody, url, folder, given.runs, loads)
        result = _described(given, size, loads, same, runs, everybody)
        result["seeding"] = measure_seeding(url, given.runs)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if given.output == RESULT:
        write_part("exports", page(result))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--output", type=Path, default=RESULT, help="default: the committed result")
    return parser.parse_args()


def _compare_bytes(everybody: list[Contestant], url: str, folder: Path) -> dict[str, list[str]]:
    """Run each once; return who writes the same bytes, and stop where those who should do not."""
    written: dict[str, dict[str, list[str]]] = {}
    for one in everybody:
        run_once(one, url, folder)
        written.setdefault(one.bytes_like, {}).setdefault(_sha256(one), []).append(one.name)
    different = {kind: found for kind, found in written.items() if len(found) > 1}
    if different:
        raise SystemExit(f"different bytes: {json.dumps(different, indent=2)}")
    return {kind: names for kind, found in written.items() for names in found.values()}


def _sha256(one: Contestant) -> str:
    digest = hashlib.sha256()
    for path in sorted(one.output.parent.glob("*.jsonl")) if one.name.startswith("ours") else [one.output]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _rounds(
    everybody: list[Contestant], url: str, folder: Path, rounds: int, loads: list[float]
) -> dict[str, list[Run]]:
    """Return the runs by name; note the load average at the start of every round that counts."""
    order = random.Random(23)  # noqa: S311 - an order, no secret
    runs: dict[str, list[Run]] = {one.name: [] for one in everybody}
    for number in range(rounds + 1):
        loads[:] = [*loads, round(os.getloadavg()[0], 2)] if number else []
        for one in order.sample(everybody, len(everybody)):
            run = run_once(one, url, folder)
            if number:
                runs[one.name].append(run)
        print(f"round {number} of {rounds}", flush=True)
    return runs


def _described(
    given: argparse.Namespace,
    size: int,
    loads: list[float],
    same: dict[str, list[str]],
    runs: dict[str, list[Run]],
    everybody: list[Contestant],
) -> dict[str, Any]:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}"
    return {
        "machine": machine,
        "python": platform.python_version(),
        "documents": given.documents,
        "bytes_per_document": size,
        "rounds": given.runs,
        "load_averages": loads,
        "same_bytes": same,
        "exporters": [row for one in everybody for row in _rows(one, given.documents, size, runs)],
    }


def _rows(one: Contestant, documents: int, size: int, runs: dict[str, list[Run]]) -> Iterator[dict[str, Any]]:
    mine = runs[one.name]
    seconds = [run.seconds for run in mine]
    cpu = statistics.median(run.cpu_seconds for run in mine)
    row = {
        "name": one.name,
        "seconds": round(statistics.median(seconds), 3),
        "range": [round(min(seconds), 3), round(max(seconds), 3)],
        "documents_per_second": round(documents / statistics.median(seconds)),
        "documents_per_core_second": round(documents / cpu),
        "megabytes_per_core_second": round(documents * size / cpu / 1e6),
        "rss_megabytes": round(max(run.rss_bytes for run in mine) / 1e6),
    }
    for base in (BASE, "mongoexport"):
        if base in runs:
            row[f"time against {base}"] = _ratio(mine, runs[base])
    yield row


def _ratio(mine: list[Run], other: list[Run]) -> list[float | None]:
    """Return the mean ratio of times within rounds, and its 95 % interval."""
    ratios = [one.seconds / two.seconds for one, two in zip(mine, other, strict=True)]
    interval = bootstrap_mean(ratios)
    rounded = [None if end is None else round(end, 3) for end in (interval.low, interval.high)]
    return [round(statistics.fmean(ratios), 3), *rounded]


if __name__ == "__main__":
    main()
