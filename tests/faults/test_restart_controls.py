"""Negative controls of the restart validation on a real stack: each must fail for its own reason.

`make restart-controls` runs all of them; with every test run only those that nothing else stands for.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from day23.domain.restart.judgement import RestartVerdict, judge
from day23.domain.restart.watch_plan import COLLECTION
from day23.infrastructure.restart import stack_reader
from day23.infrastructure.restart.answers import send
from day23.wiring.connections import mongo_client
from day23.wiring.restart_validation import Validation
from rehearsal import Rehearsal, Sabotage

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

ALL = bool(os.environ.get("DAY23_RESTART_CONTROLS"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    rehearsal = Rehearsal(tmp_path_factory.mktemp("controls"))
    try:
        up = rehearsal.play("up")
        assert up.returncode == 0, up.stdout[-3000:]
        yield rehearsal
    finally:
        rehearsal.play("down", stack_purge=True)


def leave_stopped(stack: Rehearsal, _validation: Validation) -> None:
    stack.engine.stop("node_exporter", within=5)


def remove_data_of(service: str) -> Sabotage:
    def remove(stack: Rehearsal, _validation: Validation) -> None:
        stack.engine.stop(service, within=20)
        folder = stack.paths.data / service
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        stack.engine.restart(service, within=5)

    return remove


def route_to_nowhere(stack: Rehearsal, _validation: Validation) -> None:
    path = stack.paths.etc / "alertmanager" / "alertmanager.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"http://[^/]+/hooks/watchdog", "http://127.0.0.1:9/none", text), encoding="utf-8")
    stack.engine.restart("alertmanager", within=10)


def lose_a_rule_file(stack: Rehearsal, _validation: Validation) -> None:
    (stack.paths.etc / "prometheus" / "rules" / "stack.yml").unlink()
    stack.engine.restart("prometheus", within=20)


def drop_the_silence(_stack: Rehearsal, validation: Validation) -> None:
    state = validation.files.load()
    assert state is not None
    address = f"http://127.0.0.1:{_stack.ports['alertmanager']}"
    _soon(lambda: send("DELETE", f"{address}/api/v2/silence/{state.silence}"))


def delete_a_document(_stack: Rehearsal, validation: Validation) -> None:
    state = validation.files.load()
    assert state is not None
    with mongo_client(validation.settings, "seeder") as client:
        deleted = client.butler[COLLECTION].delete_one({"_id": f"{state.run_id}:5"})
    assert deleted.deleted_count == 1


def lose_a_textfile(stack: Rehearsal, _validation: Validation) -> None:
    (stack.paths.textfiles / "bootstrap.prom").unlink()


def _soon(action: object) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            action()  # type: ignore[operator]
            return
        except ValueError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


CONTROLS: dict[str, tuple[str, Sabotage, str, str]] = {
    "one target left stopped": (
        "service:node_exporter",
        leave_stopped,
        "resumed",
        "node_exporter did not come back",
    ),
    "data folder removed": (
        "service:prometheus",
        remove_data_of("prometheus"),
        "kept",
        "metrics of the older window",
    ),
    "collector checkpoint removed": (
        "service:collector",
        remove_data_of("collector"),
        "logs",
        "lines are doubled",
    ),
    "route to nowhere": ("service:alertmanager", route_to_nowhere, "rules_live", "no Watchdog notification"),
    "a rule file missing": ("service:prometheus", lose_a_rule_file, "rules_live", "rule group stack lost"),
    "a silence dropped": ("service:alertmanager", drop_the_silence, "alert_state_kept", "silence lost"),
    "one acknowledged document deleted": (
        "service:node_exporter",
        delete_a_document,
        "data_services",
        "1 are lost",
    ),
    "a textfile lost": ("service:node_exporter", lose_a_textfile, "data_services", "textfile bootstrap.prom"),
}
WITH_EVERY_TEST_RUN = ("one acknowledged document deleted",)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_sabotaged_validation_fails_for_the_stated_reason(stack: Rehearsal, name: str) -> None:
    if not ALL and name not in WITH_EVERY_TEST_RUN:
        pytest.skip("make restart-controls runs it")
    disruption, sabotage, check, reason = CONTROLS[name]

    report = stack.validate(disruption, sabotage)

    try:
        assert report.verdict is RestartVerdict.FAILED, report.reasons
        assert any(told.startswith(f"{check}:") and reason in told for told in report.reasons), report.reasons
    finally:
        if ALL:
            stack.play("up")


@pytest.mark.skipif(not ALL, reason="make restart-controls runs it")
def test_a_shifted_clock_of_the_checker_fails(stack: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    class Shifted:
        @staticmethod
        def time() -> float:
            return time.time() + 60

    report = stack.validate(
        "service:node_exporter", lambda *_: monkeypatch.setattr(stack_reader, "time", Shifted)
    )

    assert report.verdict is RestartVerdict.FAILED
    assert any("resumed: the checker's clock is +60" in told for told in report.reasons), report.reasons


def test_an_untouched_stack_is_void(stack: Rehearsal) -> None:
    report = stack.validate("stack")  # whose disruption is the playbooks' part, and they are not run

    assert report.verdict is RestartVerdict.VOID
    assert report.reasons[0].startswith("it_happened: alertmanager, butler_sidecar, "), report.reasons


@pytest.mark.skipif(not ALL, reason="make restart-controls runs it")
def test_without_sabotage_the_same_run_passes(stack: Rehearsal) -> None:
    report = stack.validate("service:node_exporter")

    assert report.verdict is RestartVerdict.PASSED, report.reasons


@pytest.mark.skipif(not ALL, reason="make restart-controls runs it")
def test_a_broken_configuration_is_refused_and_the_old_one_kept(stack: Rehearsal) -> None:
    evidence = stack.evidence("reload_bad_config")

    assert "HTTP 500" in evidence.refusal
    assert evidence.before.processes == evidence.after.processes
    assert judge(evidence).verdict is RestartVerdict.PASSED


def test_nothing_is_left_behind(stack: Rehearsal) -> None:
    silences = send("GET", f"http://127.0.0.1:{stack.ports['alertmanager']}/api/v2/silences")
    active = [one for one in silences or [] if one["status"]["state"] == "active"]

    assert active == []
    assert not Path(stack.paths.logs / "canary.app.jsonl").exists()
    assert stack.validation.files.load() is None
