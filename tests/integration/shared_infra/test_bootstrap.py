"""Bootstrap, restart validation, maintenance, cleanup: what gates a CI job, and what DevOps runs by hand."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from urllib.parse import urlencode

import pytest

from day23.domain.restart.judgement import RestartReport, RestartVerdict
from day23.domain.restart.watch_plan import WatchPlan
from day23.infrastructure.restart.answers import send
from day23.infrastructure.stack_records import StackRecords
from day23.presentation.ansible_module import ModuleResult
from day23.presentation.modules.stack_settings import stack_settings
from day23.presentation.modules.validation import handle
from day23.presentation.restart.memo import MEMO
from day23.wiring.restart_validation import Validation
from day23.wiring.restart_watch import start_watcher
from rehearsal import REPOSITORY, Rehearsal, run

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

STEPS = ["mongo", "prometheus", "alertmanager", "node_exporter", "loki", "collector", "llm_api"]


def check(stack: Rehearsal) -> tuple[int, str]:
    done = run(
        [sys.executable, "scripts/ci/bootstrap_shared_infra.py", "--check", "--stack-root", str(stack.root)]
    )
    return done.returncode, done.stdout


def infra_suite(stack: Rehearsal) -> tuple[int, str]:
    """Run the suite with the memo's own words."""
    (command,) = [line for line in memo_commands() if "tests/infra" in line]
    own = [f"DAY23_STACK_ROOT={stack.root}", "PYTEST_ADDOPTS=-q -p no:xdist -p no:cacheprovider"]
    done = run(["env", *own, "sh", "-c", command])
    return done.returncode, done.stdout


def memo_commands() -> list[str]:
    return (REPOSITORY / MEMO).read_text(encoding="utf-8").split("```")[1].splitlines()[1:]


def memo_queries(run_id: str) -> Iterator[tuple[str, str]]:
    """Give the language and the text of every query of the memo, asked about one run."""
    memo = (REPOSITORY / MEMO).read_text(encoding="utf-8")
    for language, words in re.findall(r"^\|[^|]+\| (PromQL|LogQL) (.+) \|$", memo, re.MULTILINE):
        for query in re.findall("`([^`]+)`", words):
            yield language, query.replace(r"\|", "|").replace("<run>", run_id)


def test_the_bootstrap_leaves_every_step_up(shared_infra: Rehearsal) -> None:
    code, told = check(shared_infra)

    assert code == 0, told
    assert all(step in told for step in STEPS)
    gauge = (shared_infra.paths.textfiles / "bootstrap.prom").read_text(encoding="utf-8")
    assert all(f'shared_infra_bootstrap_status{{step="{step}"}} 1.0' in gauge for step in STEPS)


def test_telemetry_resumes_after_stop_and_start(shared_infra: Rehearsal) -> None:
    evidence = shared_infra.folder / "ci-evidence"
    records = StackRecords(shared_infra.paths)
    known = {record.name: record.core_hash for record in records.load_all()}

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
    assert {record.name: record.core_hash for record in records.load_all()} == known
    assert asked_again(shared_infra)["report"] == report.model_dump(mode="json")


def asked_again(stack: Rehearsal) -> ModuleResult:
    """Ask for the last verdict once more, as somebody does who lost the line to the host."""
    params = {"root": str(stack.root), "engine": "process", "repository": str(REPOSITORY)}
    return handle({"stack": params, "phase": "verify", "evidence_dir": "elsewhere", "patience": 1}, False)


def test_every_query_of_the_memo_has_data(shared_infra: Rehearsal) -> None:
    (verdict,) = (shared_infra.folder / "ci-evidence").glob("*/restart_validation.json")
    addresses = {
        "PromQL": f"http://127.0.0.1:{shared_infra.ports['prometheus']}/api/v1/query",
        "LogQL": f"http://127.0.0.1:{shared_infra.ports['loki']}/loki/api/v1/query_range",
    }

    asked = list(memo_queries(verdict.parent.name))

    def empty() -> list[str]:
        return [
            query
            for language, query in asked
            if not send("GET", f"{addresses[language]}?{urlencode({'query': query})}")["data"]["result"]
        ]

    assert {language for language, _ in asked} == {"PromQL", "LogQL"}
    eventually(lambda: not empty())  # the verdict's own metrics wait for the next scrape
    assert empty() == []


def test_telemetry_resumes_after_a_kill(shared_infra: Rehearsal) -> None:
    report = shared_infra.validate("kill:loki")

    assert report.verdict is RestartVerdict.PASSED, report.reasons
    assert report.figure("logs", "push missing") == 0


def maintain(stack: Rehearsal, **variables: object) -> tuple[int, str]:
    done = stack.play(
        "maintenance",
        stack_run_evidence_root=str(stack.folder / "maintenance-evidence"),
        maintenance_reason="rehearsal",
        maintenance_owner="oncall",
        maintenance_incident="INC-7",
        maintenance_announce_command=["sh", "-c", 'echo "$1" >> "$0"', str(stack.folder / "announced")],
        **{"restart_validation_disruption": "service:node_exporter"} | variables,
    )
    return done.returncode, done.stdout


def silences_in_force(stack: Rehearsal) -> list[str]:
    found = send("GET", f"http://127.0.0.1:{stack.ports['alertmanager']}/api/v2/silences")
    return [one["comment"] for one in found or [] if one["status"]["state"] != "expired"]


def test_maintenance_is_over_when_the_validation_passed(shared_infra: Rehearsal) -> None:
    code, told = maintain(shared_infra)

    assert code == 0, told[-3000:]
    summary = json.loads(next(shared_infra.root.glob("run/maintenance/*/summary.json")).read_bytes())
    assert (summary["verdict"], summary["rolled_back"], summary["owner"]) == ("passed", False, "oncall")
    assert Path(summary["snapshot"], "etc/loki/loki.yml").is_file()
    assert "rehearsal. Owner oncall, incident INC-7." in (shared_infra.folder / "announced").read_text()
    assert silences_in_force(shared_infra) == []


def test_maintenance_is_not_over_when_the_validation_failed_and_goes_back_on_request(
    shared_infra: Rehearsal,
) -> None:
    configuration = shared_infra.paths.etc / "loki" / "loki.yml"
    known, former = (
        set(shared_infra.root.glob("run/maintenance/*")),
        configuration.read_text(encoding="utf-8"),
    )

    nothing = {
        "restart_validation_disruption": "engine",
        "restart_validation_engine_command": ["true"],
        "restart_validation_patience": 5,
    }
    code, told = maintain(shared_infra, **nothing)

    (snapshot,) = set(shared_infra.root.glob("run/maintenance/*")) - known
    assert code != 0
    assert "did not restart" in told
    assert f"-e maintenance_rollback={snapshot}" in told
    assert not (snapshot / "summary.json").exists()
    assert [comment for comment in silences_in_force(shared_infra) if snapshot.name in comment]

    configuration.write_text(f"{former}# a step that failed\n", encoding="utf-8")
    code, told = maintain(shared_infra, maintenance_rollback=str(snapshot))

    assert code == 0, told[-3000:]
    assert configuration.read_text(encoding="utf-8") == former
    assert json.loads((snapshot / "summary.json").read_bytes())["verdict"] == "rolled back"
    assert silences_in_force(shared_infra) == []


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds()


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

    assert eventually(plan.ended.exists)
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
    assert eventually((broken_off.folder / "watch.ended").exists)
    following.files.forget()


def test_ctrl_c_leaves_nothing_but_the_stack(shared_infra: Rehearsal) -> None:
    options = ["--disruption", "service:node_exporter", "--evidence-root", str(shared_infra.folder / "ended")]
    words = shared_infra.words("day23.validate", *options)
    validating = Popen(words, cwd=REPOSITORY, stdout=PIPE, stderr=STDOUT, text=True, start_new_session=True)
    assert validating.stdout is not None

    assert any("verify: running" in line for line in validating.stdout)
    os.killpg(validating.pid, signal.SIGINT)
    told = validating.stdout.read()

    assert validating.wait() == 130
    assert "nothing of the validation is left, and every service runs" in told
    assert list(shared_infra.folder.glob("ended/*/restart/watch.ended"))
    assert not (shared_infra.paths.logs / "canary.app.jsonl").exists()
    assert silences_in_force(shared_infra) == []


def test_the_infra_suite_is_green_and_red_where_a_service_is_stopped(shared_infra: Rehearsal) -> None:
    code, told = infra_suite(shared_infra)
    assert code == 0, told[-3000:]

    shared_infra.engine.stop("node_exporter", within=5)
    code, told = infra_suite(shared_infra)

    assert code == 1
    own = f"STACK_ROOT={shared_infra.root} PORT_OFFSET={shared_infra.offset}"
    bring_back = f"Bring node_exporter back: make day-23-up INVENTORY=rehearsal {own};"
    assert f"node_exporter does not answer. {bring_back}" in told
    assert check(shared_infra)[0] == 1
