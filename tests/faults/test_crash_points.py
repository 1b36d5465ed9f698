"""Seed and export killed at every system call that matters, and at random moments.

60 points run with every test; `make crash-points` tries 1,000. SIGKILL leaves the page cache alone: what
`fsync` is for is held by the order of calls, which is asserted apart.
"""

import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pymongo import MongoClient
from toolkit_process import FILE_CALLS, NETWORK_CALLS, SystemCall, ToolkitProcess

from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.domain.export_record import digest_record, review_record, without_measurements
from day23.wiring.exports import export_files

pytestmark = [
    pytest.mark.skipif(
        shutil.which("strace") is None, reason="strace is not installed: apt-get install strace"
    ),
    pytest.mark.timeout(7200),
    pytest.mark.xdist_group("faults"),
]

EXPORT = "scripts/quality/analysis/export_digests.py"
SEED = "scripts/quality/analysis/seed_benchmark_data.py"
UNSAFE_EXPORT = "tests/faults/unsafe_export.py"
UNSAFE_SEED = "tests/faults/unsafe_seed.py"
DAY = "2025-11-15"
WORKERS = 3
TOLD_EVERY = 50
Moment = SystemCall | float
"""Just before a system call, or so many seconds after the start."""
SEED_ARGUMENTS = ("--channels", "onaboka,ctorecords", "--days", "3", "--until", DAY, "--minimum", "3")


@pytest.fixture(scope="module")
def seed(mongodb_url, llm_url, tmp_path_factory) -> Callable[..., ToolkitProcess]:
    """Returns the seeding process of a database."""

    def of(database: str, script: str = SEED) -> ToolkitProcess:
        root = tmp_path_factory.mktemp("seed")
        environment = {
            "MONGODB_URL": mongodb_url,
            "LLM_URL": llm_url,
            "DB_NAME": database,
            "DAY23_STACK_ROOT": str(root),
            "BENCHMARK_DATASET_DIR": str(root / "benchmarks"),
        }
        return ToolkitProcess(script, SEED_ARGUMENTS, environment, f"{NETWORK_CALLS},{FILE_CALLS}")

    return of


@pytest.fixture(scope="module")
def exported_twice(seed, mongodb_url, tmp_path_factory):
    """A seeded database, the export made before its last change, and the one made after it."""
    process = seed("faults_export")
    done = process.run()
    assert done.returncode == 0, done.stderr
    base = tmp_path_factory.mktemp("exports")
    old = export_of(process, base / "old")
    assert old.run().returncode == 0
    with MongoClient(mongodb_url) as client:
        client["faults_export"].digests.update_one(
            {"digest_id": "@onaboka-20251114-1"}, {"$set": {"summary_markdown": "## Главное\n\n- Новое."}}
        )
    new = export_of(process, base / "new")
    assert new.run().returncode == 0
    return process, base


def export_of(
    seeded: ToolkitProcess, dataset_dir: Path, script: str = EXPORT, parts: int = 2
) -> ToolkitProcess:
    output = dataset_dir / "exports" / DAY / "digests.jsonl"
    environment = seeded.environment | {"BENCHMARK_DATASET_DIR": str(dataset_dir)}
    arguments = ("--output", str(output), "--part-documents", str(parts))
    return ToolkitProcess(script, arguments, environment, FILE_CALLS)


def visible_in(dataset_dir: Path) -> dict[str, bytes]:
    folder = dataset_dir / "exports" / DAY
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.jsonl"))}


def faults_of(dataset_dir: Path, base: Path) -> list[str]:
    """Return what a reader could be deceived by: torn data, or a manifest that lies."""
    old, new, found = visible_in(base / "old"), visible_in(base / "new"), visible_in(dataset_dir)
    faults = [f"torn {name}" for name in found if found[name] not in (old.get(name), new.get(name))]
    folder = dataset_dir / "exports" / DAY
    if not (folder / "manifest.json").exists():
        return faults
    try:
        manifest = VerifyExportersUseCase(export_files(), NullTelemetry()).folder(folder, expected=())
    except ToolkitError:
        return [*faults, "lying manifest"]
    spoken_for = {entry.name: found[entry.name] for entry in manifest.files}
    return faults if spoken_for in (old, new) else [*faults, "mixture accepted"]


def try_export(
    point: tuple[int, Moment], exported_twice, tmp_path: Path, script: str = EXPORT
) -> Counter[str]:
    """Kill an export over an older one, look at what is there, finish the job, look again."""
    number, moment = point
    seeded, base = exported_twice
    dataset_dir = tmp_path / f"export-{number}"
    shutil.copytree(base / "old", dataset_dir, symlinks=True)
    process = export_of(seeded, dataset_dir, script)
    died = process.killed_after(moment) if isinstance(moment, float) else process.killed_at_call(moment)
    counts = Counter({"killed": died, "tried": 1})
    counts.update(fault.split()[0] for fault in faults_of(dataset_dir, base))
    if script == EXPORT:
        done = process.run()
        counts["not finished"] += done.returncode != 0 or visible_in(dataset_dir) != visible_in(base / "new")
        leftovers = list((dataset_dir / "exports" / DAY).glob(".*"))
        counts["leftovers"] += bool(leftovers)
    shutil.rmtree(dataset_dir)
    return counts


def kill_points(process: ToolkitProcess, wanted: int, log: Path, seconds: float) -> list[tuple[int, Moment]]:
    """Return every call of a run before any is tried twice, and a random moment for each tenth point."""
    calls = process.list_calls(log)
    choose = random.Random(23)  # noqa: S311 - reproducible, no secret
    points: list[Moment] = []
    while len(points) < wanted:
        points += choose.sample(calls, len(calls))
    points = points[:wanted]
    points[::10] = [choose.uniform(0.2, seconds) for _ in points[::10]]
    return list(enumerate(points))


def total(counts) -> Counter[str]:
    """Add up; unlike `sum`, keep the zeros, which are the result. Tell long runs as they go."""
    added: Counter[str] = Counter()
    for number, one in enumerate(counts, start=1):
        added.update(one)
        if number % TOLD_EVERY == 0:
            print(f"after {number} points:", json.dumps(added), flush=True)
    return added


def test_a_killed_export_never_shows_torn_or_lying_files(exported_twice, crash_points, tmp_path):
    seeded, base = exported_twice
    rehearsal = tmp_path / "rehearsal"
    shutil.copytree(base / "old", rehearsal, symlinks=True)
    points = kill_points(export_of(seeded, rehearsal), crash_points * 2 // 3, tmp_path / "calls", 1.2)
    with ThreadPoolExecutor(WORKERS) as pool:
        counts = total(pool.map(lambda point: try_export(point, exported_twice, tmp_path), points))
    print("export:", json.dumps(counts))
    assert counts["killed"] >= counts["tried"] * 0.8
    assert counts["torn"] == counts["lying"] == counts["mixture"] == 0
    assert counts["not finished"] == counts["leftovers"] == 0


def test_without_the_safeties_of_the_export_the_same_test_fails(exported_twice, tmp_path):
    seeded, base = exported_twice
    rehearsal = tmp_path / "rehearsal"
    shutil.copytree(base / "old", rehearsal, symlinks=True)
    calls = export_of(seeded, rehearsal, UNSAFE_EXPORT).list_calls(tmp_path / "calls")
    points = list(enumerate(calls[:: max(1, len(calls) // 12)]))
    with ThreadPoolExecutor(WORKERS) as pool:
        counts = total(
            pool.map(lambda point: try_export(point, exported_twice, tmp_path, UNSAFE_EXPORT), points)
        )
    print("unsafe export:", json.dumps(counts))
    assert counts["torn"] + counts["lying"] + counts["mixture"] > 0


def test_every_file_is_synced_before_it_gets_its_name_and_its_folder_after(exported_twice, tmp_path):
    """What SIGKILL cannot show: the order that survives a power cut."""
    seeded, _ = exported_twice
    log = tmp_path / "calls"
    wrapper = ("strace", "-f", "-qq", "-y", "-o", str(log), "-etrace=fsync,rename")
    assert export_of(seeded, tmp_path / "out").run(wrapper).returncode == 0
    synced: set[str] = set()
    waiting: list[str] = []
    order: list[str] = []
    for line in log.read_text().splitlines():
        if "fsync(" in line:
            synced.add(line.split("<")[1].split(">")[0])
            waiting = [path for path in waiting if str(Path(path).parent) not in synced]
            synced -= {str(Path(path).parent) for path in order}
        elif "rename(" in line and str(tmp_path / "out") in line and "latest" not in line:
            source, target = line.split('"')[1], line.split('"')[3]
            assert source in synced, f"renamed before it was synced: {source}"
            synced.add(target)
            waiting.append(target)
            order.append(Path(target).name)
    assert waiting == []
    assert order[-1] == "manifest.json"
    assert order.index("digests-00001.jsonl") < order.index("schema_validation.json")


def content_of(mongodb_url: str, database: str) -> tuple[int, str]:
    """Return the number of documents and the XOR of their content hashes, measurements left out."""
    combined, documents = 0, 0
    with MongoClient(mongodb_url, tz_aware=True) as client:
        for collection, to_record in (("digests", digest_record), ("review_reports", review_record)):
            for document in client[database][collection].find():
                record = without_measurements(to_record(document))
                content = json.dumps(record, sort_keys=True, default=str).encode()
                combined ^= int.from_bytes(hashlib.sha256(content).digest(), "big")
                documents += 1
    return documents, f"{combined:064x}"


def try_seed(point: tuple[int, Moment], process: ToolkitProcess, mongodb_url: str, expected) -> Counter[str]:
    """Kill a seed, finish the job, compare what is stored with what an undisturbed seed stores."""
    _, moment = point
    database = process.environment["DB_NAME"]
    died = process.killed_after(moment) if isinstance(moment, float) else process.killed_at_call(moment)
    finished = process.run().returncode == 0
    found = content_of(mongodb_url, database)
    with MongoClient(mongodb_url) as client:
        client.drop_database(database)
    missing = expected[0] - found[0]
    return Counter(
        {"tried": 1, "killed": died, "lost": max(0, missing), "doubled": max(0, -missing)}
        | {"not finished": not finished, "different": found != expected}
    )


def try_seeds(points, seed, mongodb_url, expected, script=SEED) -> Counter[str]:
    def try_one(point: tuple[int, Moment]) -> Counter[str]:
        process = seed(f"faults_{Path(script).stem}_{point[0]}", script)
        return try_seed(point, process, mongodb_url, expected)

    with ThreadPoolExecutor(WORKERS) as pool:
        return total(pool.map(try_one, points))


def test_a_killed_seed_loses_and_doubles_nothing(seed, mongodb_url, crash_points, tmp_path):
    undisturbed = seed("faults_seed")
    points = kill_points(undisturbed, crash_points - crash_points * 2 // 3, tmp_path / "calls", 2.0)
    expected = content_of(mongodb_url, "faults_seed")
    assert expected[0] == 12
    counts = try_seeds(points, seed, mongodb_url, expected)
    print("seed:", json.dumps(counts))
    assert counts["killed"] >= counts["tried"] * 0.8
    assert counts["lost"] == counts["doubled"] == counts["different"] == counts["not finished"] == 0


def test_without_the_safeties_of_the_seed_the_same_test_fails(seed, mongodb_url, tmp_path):
    undisturbed = seed("faults_unsafe_seed", UNSAFE_SEED)
    calls = undisturbed.list_calls(tmp_path / "calls")
    expected = content_of(mongodb_url, "faults_unsafe_seed")
    sends = [call for call in calls if call.name == NETWORK_CALLS]
    points = list(enumerate(sends[:: max(1, len(sends) // 6)]))
    counts = try_seeds(points, seed, mongodb_url, expected, UNSAFE_SEED)
    print("unsafe seed:", json.dumps(counts))
    assert counts["lost"] > 0
