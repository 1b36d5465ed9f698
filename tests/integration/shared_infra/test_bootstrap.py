"""Bootstrap, restart validation, cleanup: what gates a CI job."""

import json
import sys

import pytest

from day23.domain.restart.judgement import RestartReport, RestartVerdict
from rehearsal import Rehearsal, run

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

STEPS = ["mongo", "prometheus", "alertmanager", "node_exporter", "loki", "collector", "llm_api"]


def check(stack: Rehearsal) -> tuple[int, str]:
    done = run(
        [sys.executable, "scripts/ci/bootstrap_shared_infra.py", "--check", "--stack-root", str(stack.root)]
    )
    return done.returncode, done.stdout


def infra_suite(stack: Rehearsal) -> tuple[int, str]:
    words = ["env", f"DAY23_STACK_ROOT={stack.root}", sys.executable, "-m", "pytest", "-q", "-p", "no:xdist"]
    done = run([*words, "-p", "no:cacheprovider", "tests/infra", "--hosts=local://"])
    return done.returncode, done.stdout


def test_the_bootstrap_leaves_every_step_up(shared_infra: Rehearsal) -> None:
    code, told = check(shared_infra)

    assert code == 0, told
    assert all(step in told for step in STEPS)
    gauge = (shared_infra.paths.textfiles / "bootstrap.prom").read_text(encoding="utf-8")
    assert all(f'shared_infra_bootstrap_status{{step="{step}"}} 1.0' in gauge for step in STEPS)


def test_telemetry_resumes_after_stop_and_start(shared_infra: Rehearsal) -> None:
    evidence = shared_infra.folder / "ci-evidence"

    done = shared_infra.invoke("day23.validate", "--evidence-root", str(evidence), "--patience", "90")

    assert done.returncode == 0, done.stdout[-4000:]
    verdict = next(evidence.glob("*/restart_validation.json"))
    report = RestartReport.model_validate_json(verdict.read_bytes())
    assert report.verdict is RestartVerdict.PASSED
    assert report.figure("it_happened", "restarted") == report.figure("it_happened", "services hit")
    folder = verdict.parent / "restart"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {"index.html", "timeline.png", "before.json", "evidence.json", "file.ledger.jsonl"} <= set(
        manifest["files"]
    )
    metrics = (shared_infra.paths.textfiles / "restart_validation.prom").read_text(encoding="utf-8")
    assert 'restart_validation_outcome{disruption="stack"} 0.0' in metrics


def test_telemetry_resumes_after_a_kill(shared_infra: Rehearsal) -> None:
    report = shared_infra.validate("kill:loki")

    assert report.verdict is RestartVerdict.PASSED, report.reasons
    assert report.figure("logs", "push missing") == 0


def test_the_infra_suite_is_green_and_red_where_a_service_is_stopped(shared_infra: Rehearsal) -> None:
    code, told = infra_suite(shared_infra)
    assert code == 0, told[-3000:]

    shared_infra.engine.stop("node_exporter", within=5)
    code, told = infra_suite(shared_infra)

    assert code == 1
    assert "node_exporter does not answer. Bring node_exporter back: make day-23-up" in told
    assert check(shared_infra)[0] == 1
