"""Bootstrap, restart validation, cleanup: what gates a CI job."""

import json
import sys
import time
from pathlib import Path

import pytest

from day23.domain.restart.judgement import RestartReport, RestartVerdict
from day23.domain.restart.watch_plan import WatchPlan
from day23.presentation.modules.stack_settings import stack_settings
from day23.wiring.restart_validation import Validation
from day23.wiring.restart_watch import start_watcher
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


def eventually(path: Path) -> bool:
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return path.exists()


def test_a_watcher_that_lost_its_caller_ends_by_itself(shared_infra: Rehearsal) -> None:
    folder = shared_infra.folder / "forgotten"
    folder.mkdir()
    epoch = time.time() - time.monotonic()
    names = {
        "run_id": folder.name,
        "engine": "process",
        "bind": "127.0.0.1",
        "network": "host",
        "project": "",
    }
    plan = WatchPlan(
        folder=folder, stack_root=shared_infra.root, epoch=epoch, rate=50, lifetime_seconds=1, **names
    )

    start_watcher(plan)

    assert eventually(plan.ended)
    assert plan.ledger("file").stat().st_size > 0
    assert not plan.canary_file.exists()


def test_what_a_broken_off_validation_left_goes_with_the_next(shared_infra: Rehearsal) -> None:
    broken_off, following = (
        Validation(shared_infra.context, stack_settings(shared_infra.context), shared_infra.folder / name)
        for name in ("broken-off", "following")
    )
    state = broken_off.record(began := broken_off.begin("broken-off", "stack")).run(began)

    following.begin("following", "stack")

    assert not following.reader.snapshot("before", state).silences
    assert eventually(broken_off.folder / "watch.ended")
    following.files.forget()


def test_the_infra_suite_is_green_and_red_where_a_service_is_stopped(shared_infra: Rehearsal) -> None:
    code, told = infra_suite(shared_infra)
    assert code == 0, told[-3000:]

    shared_infra.engine.stop("node_exporter", within=5)
    code, told = infra_suite(shared_infra)

    assert code == 1
    assert "node_exporter does not answer. Bring node_exporter back: make day-23-up" in told
    assert check(shared_infra)[0] == 1
