"""What a seed, a verification and an export leave behind is valid against the committed schemas."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema_rs
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLES_PER_FILE = 50
ARTEFACTS = ("channel_counts", "dataset_audit", "manifest", "schema_validation")
"""Those of a dataset; a benchmark's own are judged where it runs."""


@pytest.fixture
def exported(script: Callable[..., CompletedProcess[str]], tmp_path: Path) -> Path:
    folder = tmp_path / "benchmarks/exports" / f"{datetime.now(UTC):%Y-%m-%d}"
    for name in ("digests", "review_reports"):
        output = str(folder / f"{name}.jsonl")
        ended = script(f"quality/analysis/export_{name}.py", "--limit", "0", "--output", output)
        assert ended.returncode == 0, ended.stderr
    assert script("quality/analysis/verify_benchmark_counts.py").returncode == 0
    return folder


def test_every_artefact_is_valid_and_at_its_place(seeded: Any, exported: Path, tmp_path: Path) -> None:
    (seed_folder,) = (seeded.root / "benchmarks/snapshots").iterdir()
    (verify_folder,) = (tmp_path / "benchmarks/snapshots").iterdir()
    for name in ARTEFACTS:
        found = [folder / f"{name}.json" for folder in (exported, seed_folder, verify_folder)]
        files = [path for path in found if path.is_file()]
        schema = json.loads((REPOSITORY / f"config/schemas/{name}.schema.json").read_text(encoding="utf-8"))
        assert files, name
        for path in files:
            content = json.loads(path.read_text(encoding="utf-8"))
            jsonschema_rs.validator_for(schema, validate_formats=True).validate(content)
    assert (seed_folder / "ru_spotcheck.md").is_file()


def test_two_exports_in_a_row_have_the_same_content(
    exported: Path, script: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    for name in ("digests", "review_reports"):
        output = str(again / f"{name}.jsonl")
        script(f"quality/analysis/export_{name}.py", "--limit", "0", "--output", output)
        first, second = (folder / f"{name}.jsonl" for folder in (exported, again))
        assert first.read_bytes() == second.read_bytes()
        assert len(first.read_text(encoding="utf-8").splitlines()) >= SAMPLES_PER_FILE
