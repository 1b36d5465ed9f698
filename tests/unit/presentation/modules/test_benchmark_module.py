import json
from pathlib import Path

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.domain.errors import ToolkitError, UsageError
from day23.presentation.modules.benchmark import handle
from day23.wiring.evidence import evidence_problems


@pytest.fixture
def channels():
    """Enough samples for an interval of the 95th percentile, which takes 72."""
    return ("onaboka", "ctorecords", "alexgladkovblog", "xor_journal", "tired_glebmikheev")


@pytest.fixture
def params(tmp_path, request):
    return {
        "stack": {
            "root": str(tmp_path / "stack"),
            "engine": "process",
            "repository": str(request.config.rootpath),
            "trace_id": "e" * 32,
        },
        "scenario": "channel_digest_ru",
        "mode": "dry",
        "dataset": None,
        "dataset_dir": str(tmp_path / "benchmarks"),
        "limit": 0,
        "max_concurrency": None,
        "rate": None,
        "arrival": "constant",
        "seed": 23,
        "warm_up": 0,
        "workers": None,
        "scheduler": None,
        "credentials": None,
        "llm_url": None,
        "llm_api_key": None,
        "output": None,
        "baseline": None,
        "beside": None,
        "beside_model": None,
        "judge": None,
        "judge_url": None,
        "judge_model": None,
        "judge_api_key": None,
        "beside_api_key": None,
        "judge_repeats": 3,
        "evidence_dir": str(tmp_path / "evidence"),
        "gate": False,
        "fail_on_warn": False,
    }


@pytest.fixture
def export(repository, export_files, progress, tmp_path):
    def exported(coverage=0.9):
        for document in repository.documents[Collection.DIGESTS]:
            document["quality"]["llm_judge"]["scores"]["coverage"] = coverage
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        use_case.execute(ExportRequest(ExportTarget.dated(tmp_path / "benchmarks", "2025-11-16")))

    return exported


def test_the_verdict_is_data(params, export, tmp_path):
    export(coverage=0.5)
    result = handle(params, False)
    assert result["outcome"] == "fail"
    assert "failed" not in result
    assert result["summary"]["metadata"]["trace_id"] == "e" * 32
    assert "samples" not in result["summary"]
    evidence = json.loads((tmp_path / "evidence" / "benchmark.channel_digest_ru.dry.json").read_bytes())
    assert len(evidence["samples"]) == 150
    assert evidence == json.loads(Path(result["result"]).read_bytes())


@pytest.mark.parametrize(
    ("coverage", "flags", "code"),
    [
        (0.9, {"gate": True}, None),
        (0.5, {"gate": True}, 2),
        (0.85, {"gate": True}, None),
        (0.85, {"gate": True, "fail_on_warn": True}, 3),
        (0.85, {"fail_on_warn": True}, None),
    ],
)
def test_a_gate_fails_the_task_and_keeps_the_data(params, export, coverage, flags, code):
    export(coverage=coverage)
    result = handle(params | flags, False)
    assert result.get("exit_code") == code
    assert result.get("failed", False) is (code is not None)
    assert result["summary"]["overall"] == result["outcome"]


def test_check_mode_returns_the_plan_and_writes_nothing(params, export, tmp_path):
    plan = handle(params | {"mode": "live"}, True)["plan"]
    assert plan["samples"] is None
    assert "no such dataset file" in plan["obstacle"]
    assert not list(tmp_path.iterdir())
    export()
    plan = handle(params | {"mode": "live", "limit": 7}, True)["plan"]
    assert (plan["samples"], plan["calls"], plan["obstacle"]) == (7, 7, "")
    assert plan["judge_calls"] == 0
    plan = handle(params | {"mode": "live", "limit": 7, "judge": "llm", "judge_repeats": 5}, True)["plan"]
    assert plan["judge_calls"] == 70
    plan = handle(params | {"mode": "live", "limit": 7, "beside": "http://127.0.0.1:9"}, True)["plan"]
    assert plan["calls"] == 14
    assert not (tmp_path / "benchmarks" / "results").exists()


def test_progress_is_written_where_the_stack_is_watched(params, export, tmp_path):
    export()
    handle(params, False)
    events = (tmp_path / "stack" / "run" / "events.jsonl").read_text().splitlines()
    assert {json.loads(event)["step"] for event in events} == {"benchmark"}


def test_a_live_run_without_a_stack_says_what_to_do(params, export, monkeypatch):
    monkeypatch.setenv("LLM_URL", "http://127.0.0.1:1")
    export()
    with pytest.raises(ToolkitError, match="the stack is not up"):
        handle(params | {"mode": "live"}, False)


def test_a_judge_of_a_dry_run_is_refused(params, export):
    export()
    with pytest.raises(UsageError, match="a dry run asks no model"):
        handle(params | {"judge": "llm"}, False)


def test_a_repeated_run_into_the_same_evidence_leaves_nothing_of_the_former(params, export, tmp_path):
    export()
    handle(params, False)
    with_baseline = handle(params | {"baseline": "last"}, False)
    bundle = Path(with_baseline["bundle"])
    assert (bundle / "comparison.json").exists()
    handle(params, False)
    assert not (bundle / "comparison.json").exists()
    assert not (bundle / "comparison.png").exists()
    assert evidence_problems(bundle) == ([], [])
