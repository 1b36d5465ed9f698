"""The summaries of the steps become the rows of a report without losing a figure."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from day23.application.export_dataset import ExportSummary
from day23.application.report_rows import EvidenceRows, audit, benchmark, exports, timings
from day23.application.verify_dataset import ChannelVerdict, DatasetAudit
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.live_values import Span
from day23.domain.run_report import DayRow
from day23.domain.verdict import Outcome

NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
SHA = "ab" * 32


def dataset_audit(**changes: Any) -> DatasetAudit:
    verdict = ChannelVerdict(
        channel="@onaboka",
        digests=29,
        review_reports=30,
        digest_days=29,
        review_report_days=30,
        digests_ok=False,
        review_reports_ok=True,
        digests_missing_fields=2,
        review_missing_fields=1,
        telegram=29,
        synthetic=0,
        digests_missing_days=(date(2025, 11, 3),),
        review_missing_days=(date(2025, 11, 2), date(2025, 11, 3)),
        violations=(),
    )
    fields = {
        "generated_at": NOW,
        "days_window": 30,
        "window_start": NOW - timedelta(days=30),
        "window_end": NOW,
        "minimum_required": 30,
        "reads_agree": True,
        "passed": False,
        "documents": 59,
        "content_sha256_xor": SHA,
        "channels": (verdict,),
    }
    return DatasetAudit(**{**fields, **changes})


def export_summary() -> ExportSummary:
    entry = {
        "name": "digests.jsonl",
        "exporter": "digests",
        "dataset_id": "benchmark_digest_ru_v1",
        "sha256": SHA,
        "content_sha256": "cd" * 32,
        "bytes": 10,
        "documents": 2,
        "provenance": {"telegram": 2},
        "query": {},
        "schema": {"id": "digest", "sha256": SHA},
    }
    return ExportSummary.model_validate(
        {
            "folder": "/data/exports/2025-11-20",
            "manifest": "/data/exports/2025-11-20/manifest.json",
            "validation": "/data/exports/2025-11-20/schema_validation.json",
            "files": [entry],
            "window": None,
            "duration_seconds": {"digests": 0.25},
            "trace_id": "a" * 32,
        }
    )


def benchmark_result(mode: str = "live") -> BenchmarkResult:
    def sample(identity: str, latency: float | None, first: float | None) -> dict[str, Any]:
        metrics = [{"name": "coverage", "value": 0.9, "outcome": "pass"}]
        if latency is not None:
            metrics.append({"name": "latency_seconds", "value": latency, "outcome": "pass"})
        return {"sample_id": identity, "channel": "onaboka", "metrics": metrics, "first_token_seconds": first}

    coverage = {
        "name": "coverage",
        "value": 0.82,
        "outcome": "warn",
        "aggregate": "mean",
        "mean": 0.82,
        "direction": "higher",
        "pass": 0.88,
        "warn": 0.8,
    }
    metadata = {
        "model_name": "some-model",
        "judge_model": "deterministic-ru-v1",
        "prompt_version": "v1",
        "prompt_sha256": SHA,
        "sample_count": 4,
        "asked_count": 3,
        "failed_count": 1,
        "failed_allowed": 1,
        "errors": {"timeout": 1},
        "retries": 0,
        "provenance": {"telegram": 3},
        "dataset": {"path": "x", "sha256": SHA, "content_sha256": SHA, "documents": 4},
        "mode": mode,
        "max_concurrency": 4,
        "duration_seconds": 6.5,
        "started_at": NOW.isoformat(),
        "tool_version": "0.1.0",
        "trace_id": "a" * 32,
    }
    return BenchmarkResult.model_validate(
        {
            "scenario_id": "channel_digest_ru",
            "dataset_id": "benchmark_digest_ru_v1",
            "overall": "warn",
            "metrics": [coverage],
            "latency": {"p50": 0.2, "p95": 0.4, "mean": 0.25},
            "ttft": None,
            "samples": [sample("a", 0.2, 0.1), sample("b", 0.4, None), sample("c", None, None)],
            "metadata": metadata,
        }
    )


def evidence(**found: Any) -> EvidenceRows:
    absent = dict.fromkeys(("seed", "audit", "export", "benchmarks", "days"))
    return EvidenceRows(**{**absent, **found})


def test_an_audit_names_each_missing_day_once_and_counts_broken_rules() -> None:
    (row,) = audit(dataset_audit())
    assert (row.channel, row.passed, row.digests, row.review_reports, row.violations) == (
        "@onaboka",
        False,
        29,
        30,
        3,
    )
    assert row.missing_days == (date(2025, 11, 2), date(2025, 11, 3))


def test_an_export_keeps_its_checksums() -> None:
    (row,) = exports(export_summary())
    assert row.path == str(Path("/data/exports/2025-11-20/digests.jsonl"))
    assert (row.sha256, row.content_sha256, row.documents, row.seconds) == (SHA, "cd" * 32, 2, 0.25)


def test_a_benchmark_keeps_verdict_thresholds_and_what_was_measured() -> None:
    row = benchmark(benchmark_result())
    assert (row.scenario, row.mode, row.overall, row.samples, row.failed) == (
        "channel_digest_ru",
        "live",
        Outcome.WARN,
        3,
        1,
    )
    assert [(metric.name, metric.value, metric.passes, metric.warns) for metric in row.metrics] == [
        ("coverage", 0.82, 0.88, 0.8)
    ]
    assert row.latencies == (0.2, 0.4)
    assert row.first_tokens == (0.1,)
    assert (row.latency_p50, row.latency_p95) == (0.2, 0.4)


def test_a_run_without_seed_takes_its_window_from_the_audit() -> None:
    sections = evidence(audit=dataset_audit(reads_agree=False)).sections
    assert sections["window_end"] == NOW
    assert sections["notes"] == ("two reads of the dataset differ: something was writing to it",)
    assert evidence().sections["window_start"] is None


def test_days_without_a_seed_keep_their_order() -> None:
    days = (DayRow(channel="@habr", day=date(2025, 11, 1), posts=1, provenance="telegram"),)
    assert evidence(days=days).sections["days"] == days


def test_steps_that_ran_tell_their_time() -> None:
    rows = evidence(export=export_summary(), benchmarks=(benchmark_result("dry"),)).timings
    assert [(row.step, row.seconds) for row in rows] == [
        ("export", 0.25),
        ("benchmark channel_digest_ru dry", 6.5),
    ]


@pytest.mark.parametrize("began", [NOW, NOW + timedelta(seconds=5)])
def test_programs_of_a_later_report_are_not_counted(began: datetime) -> None:
    span = Span(
        span_id="a",
        trace_id="a" * 32,
        parent_id=None,
        name="seed",
        service="seed",
        start_time=NOW,
        duration_ms=1000,
        status="ok",
    )
    rows = timings([span], None, began, began)
    assert [row.step for row in rows][:1] == ([] if began == NOW else ["seed"])
