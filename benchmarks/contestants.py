"""The exporters that are measured, each as a command of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DATABASE = "export_benchmark"
DAY = "2025-11-15"
_MONGOEXPORT = "github.com/mongodb/mongo-tools/mongoexport/main"


@dataclass(frozen=True)
class Contestant:
    """One exporter.

    Attributes:
        bytes_like: Contestants with the same value must write the same bytes.
    """

    name: str
    command: tuple[str, ...]
    output: Path
    bytes_like: str


@dataclass(frozen=True)
class Run:
    """What one run took; CPU and memory are the client's, worker processes included."""

    seconds: float
    cpu_seconds: float
    rss_bytes: int


def contestants(url: str, folder: Path, documents: int, mongoexport: Path | None) -> list[Contestant]:
    """Return every exporter that this host has."""
    plain = folder / "plain.jsonl"
    script = str(REPOSITORY / "benchmarks/plain_export.py")
    found = [
        Contestant(
            "find() + json_util", (sys.executable, script, url, DATABASE, str(plain)), plain, "extended"
        ),
        _ours("ours, extended", folder, documents, "extended", "--format", "extended"),
        *(_ours_in(processes, folder, documents) for processes in (1, 2, 4)),
    ]
    return [*found, _go(url, folder, mongoexport)] if mongoexport else found


def _ours_in(processes: int, folder: Path, documents: int) -> Contestant:
    name = f"ours, validated, {processes} process" + ("es" if processes > 1 else "")
    return _ours(name, folder, -(-documents // 16), "parts", "--processes", str(processes))


def _ours(name: str, folder: Path, part_documents: int, kind: str, *flags: str) -> Contestant:
    output = folder / name.replace(" ", "-").replace(",", "") / "digests.jsonl"
    script = str(REPOSITORY / "scripts/quality/analysis/export_digests.py")
    parts = ("--part-documents", str(part_documents))
    return Contestant(name, (sys.executable, script, "--output", str(output), *parts, *flags), output, kind)


def _go(url: str, folder: Path, program: Path) -> Contestant:
    output = folder / "mongoexport.jsonl"
    where = ("--uri", url, "--db", DATABASE, "--collection", "digests", "--quiet")
    order = ("--sort", '{"created_at": -1, "_id": 1}', "--out", str(output))
    return Contestant("mongoexport", (str(program), *where, *order), output, "extended")


def build_mongoexport(folder: Path) -> Path | None:
    """Build the pinned mongoexport with Go; None where there is no Go or no module proxy."""
    program = folder / "mongoexport"
    command = ["go", "build", "-mod=mod", "-o", str(program), _MONGOEXPORT]
    try:
        subprocess.run(command, cwd=REPOSITORY / "benchmarks/mongoexport", check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return program


def run_once(contestant: Contestant, url: str, folder: Path) -> Run:
    """Run from start to exit; what an earlier run wrote is gone before, for overwriting takes time, too.

    Raises:
        SystemExit: The exporter failed.
    """
    _clear(contestant, folder)
    surroundings = {"MONGODB_URL": url, "DB_NAME": DATABASE, "DAY23_STACK_ROOT": str(folder / "stack")}
    surroundings["BENCHMARK_DATASET_DIR"] = str(folder / "datasets")
    launcher = (sys.executable, "-S", str(REPOSITORY / "benchmarks/measured.py"))
    done = subprocess.run(
        [*launcher, *contestant.command],
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    if told["code"]:
        raise SystemExit(f"{contestant.name} failed: {done.stderr}")
    return Run(*told["took"])


def _clear(contestant: Contestant, folder: Path) -> None:
    contestant.output.unlink(missing_ok=True)
    if contestant.output.parent != folder:
        shutil.rmtree(contestant.output.parent, ignore_errors=True)
        contestant.output.parent.mkdir(parents=True)
