"""The evidence of a run is read as its steps wrote it, and damage is told by file and field."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from day23.application.export_dataset import ExportSummary
from day23.domain.errors import ToolkitError
from day23.infrastructure.evidence_files import EvidenceFiles

SHA = "ab" * 32


def export_summary(folder: Path) -> dict[str, Any]:
    def entry(name: str) -> dict[str, Any]:
        return {
            "name": f"{name}.jsonl",
            "exporter": name,
            "dataset_id": "benchmark_digest_ru_v1",
            "sha256": SHA,
            "content_sha256": SHA,
            "bytes": 10,
            "documents": 2,
            "provenance": {"telegram": 2},
            "query": {},
            "schema": {"id": "digest", "sha256": SHA},
        }

    return {
        "folder": str(folder),
        "manifest": str(folder / "manifest.json"),
        "validation": str(folder / "schema_validation.json"),
        "files": [entry("digests"), entry("review_reports")],
        "window": None,
        "duration_seconds": {"digests": 0.1},
        "trace_id": "a" * 32,
    }


def line(channel: str, day: int, posts: int, provenance: str) -> str:
    record = {
        "channel": channel,
        "timestamp": f"2025-11-{day:02}T12:00:00+00:00",
        "metadata": {"posts_count": posts},
        "provenance": provenance,
    }
    return json.dumps(record)


def test_a_run_without_files_has_no_evidence(tmp_path: Path) -> None:
    files = EvidenceFiles(tmp_path / "evidence")
    assert files.seed() is files.audit() is files.export() is None
    assert files.benchmarks() == ()


def test_posts_are_counted_per_exported_digest(tmp_path: Path) -> None:
    rows = [
        line("@beta", 2, 5, "telegram"),
        line("@alpha", 1, 3, "synthetic"),
        line("@beta", 1, 4, "telegram"),
    ]
    (tmp_path / "digests.jsonl").write_text("\n".join(rows) + "\n")
    export = ExportSummary.model_validate(export_summary(tmp_path))
    days = EvidenceFiles(tmp_path).days(export)
    assert [(row.channel, row.day, row.posts) for row in days] == [
        ("@alpha", date(2025, 11, 1), 3),
        ("@beta", date(2025, 11, 1), 4),
        ("@beta", date(2025, 11, 2), 5),
    ]


@pytest.mark.parametrize("content", [None, "{\n", "{}\n", "[]\n", '{"channel": "@beta"}\n'])
def test_an_export_that_is_gone_or_broken_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "digests.jsonl").write_text(content)
    export = ExportSummary.model_validate(export_summary(tmp_path))
    with pytest.raises(ToolkitError, match="the export cannot be read"):
        EvidenceFiles(tmp_path).days(export)


def test_the_summary_of_an_export_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(json.dumps(export_summary(tmp_path)))
    summary = EvidenceFiles(tmp_path).export()
    assert summary is not None
    assert [entry.sha256 for entry in summary.files] == [SHA, SHA]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("seed.json", "{}", "seed.json is damaged: window_start: Field required"),
        ("verify.json", "half of", "verify.json is damaged"),
        ("export.json", "[]", "export.json is damaged"),
    ],
)
def test_damage_names_file_and_field(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    files = EvidenceFiles(tmp_path)
    read = {"seed.json": files.seed, "verify.json": files.audit, "export.json": files.export}[name]
    with pytest.raises(ToolkitError, match=message):
        read()


def test_a_damaged_benchmark_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "benchmark.channel_digest_ru.dry.json").write_text("{}")
    with pytest.raises(ToolkitError, match=r"benchmark\.channel_digest_ru\.dry\.json is damaged"):
        EvidenceFiles(tmp_path).benchmarks()
