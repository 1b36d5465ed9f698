import json
import os
from pathlib import Path
from typing import Any

import pytest
from invoke.context import MockContext
from invoke.exceptions import Exit
from invoke.runners import Result

from day23.infrastructure.locks import exclusive_lock
from day23.presentation.invoke_tasks import dataset, play, stack, validation, verdicts
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_outcome import PlaybookOutcome


@pytest.fixture
def context(tmp_path: Path) -> MockContext:
    (tmp_path / "inventories" / "local").mkdir(parents=True)
    made = MockContext(run=Result("", exited=0))
    made.config.update({"day23": {"project": str(tmp_path)}})
    return made


class FakeRunner:
    """Stands in for `run_playbook`: remembers the call and hands back a prepared outcome."""

    def __init__(self) -> None:
        self.calls: list[PlaybookCall] = []
        self.outcome = PlaybookOutcome(status="successful")

    def __call__(self, call: PlaybookCall, _events: Path, _view: Any) -> PlaybookOutcome:
        self.calls.append(call)
        return self.outcome


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> FakeRunner:
    fake = FakeRunner()
    monkeypatch.setattr(play, "run_playbook", fake)
    monkeypatch.delenv("DAY23_STACK_ROOT", raising=False)
    return fake


def _failed(message: str, code: int) -> PlaybookOutcome:
    outcome = PlaybookOutcome(status="failed")
    outcome.add({"event": "runner_on_failed", "event_data": {"res": {"msg": message, "exit_code": code}}})
    return outcome


def test_defaults_stay_with_the_playbooks(context: MockContext, runner: FakeRunner) -> None:
    stack.up(context)

    assert [(call.verb, dict(call.variables)) for call in runner.calls] == [("up", {})]


def test_the_stack_root_reaches_ansible_as_an_absolute_path_and_the_offset_as_a_number(
    context: MockContext, runner: FakeRunner, tmp_path: Path
) -> None:
    stack.check(context, stack_root="other", port_offset="1000")

    assert runner.calls[0].variables == {"stack_root": str(tmp_path / "other"), "stack_port_offset": 1000}


def test_the_environments_stack_root_counts_as_typed(
    context: MockContext, runner: FakeRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAY23_STACK_ROOT", str(tmp_path / "mine"))

    stack.status(context)

    assert runner.calls[0].variables == {"stack_root": str(tmp_path / "mine")}


def test_up_is_refused_before_ansible_starts_while_another_run_has_the_stack(
    context: MockContext, runner: FakeRunner, tmp_path: Path
) -> None:
    with exclusive_lock(tmp_path / ".day23" / "run" / "stack.lock", "up"), pytest.raises(Exit) as refused:
        stack.up(context)

    assert refused.value.code == 75
    assert f"pid {os.getpid()}, up" in str(refused.value)
    assert runner.calls == []


def test_the_equivalent_command_is_echoed(
    context: MockContext, runner: FakeRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.up(context, port_offset="1000", dry_run=True)

    echoed = capsys.readouterr().err.splitlines()[0]
    assert echoed.startswith("$ ")
    assert """ansible-playbook playbooks/up.yml -i inventories/local --check --diff -e""" in echoed
    assert """'{"stack_port_offset": 1000}'""" in echoed


@pytest.mark.parametrize("code", [1, 2, 4, 64, 75, 130])
def test_a_failure_is_told_once_and_leaves_with_the_modules_code(
    context: MockContext, runner: FakeRunner, code: int
) -> None:
    runner.outcome = _failed("port 9090 is in use (pid 7, nginx)", code)

    with pytest.raises(Exit) as caught:
        stack.up(context)

    assert (caught.value.code, caught.value.message) == (code, "error: port 9090 is in use (pid 7, nginx)")


def test_json_is_one_document_on_stdout_also_when_it_failed(
    context: MockContext, runner: FakeRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.outcome = _failed("no", 75)

    with pytest.raises(Exit) as caught:
        stack.up(context, json=True)

    document = json.loads(capsys.readouterr().out)
    assert (document["exit_code"], document["error"]) == (75, "no")
    assert (caught.value.code, caught.value.message) == (75, None)


@pytest.mark.parametrize(("flag", "value"), [("port_offset", "many"), ("inventory", "nowhere")])
def test_what_cannot_be_used_is_a_usage_error(
    context: MockContext, runner: FakeRunner, flag: str, value: str
) -> None:
    with pytest.raises(Exit) as caught:
        stack.up(context, **{flag: value})

    assert caught.value.code == 64
    assert value in str(caught.value.message)
    assert runner.calls == []


def test_purge_asks_on_a_terminal_and_a_no_stops_nothing(
    context: MockContext, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(stack.click, "confirm", lambda *_args, **_kwargs: False)

    with pytest.raises(Exit):
        stack.down(context, purge=True)
    assert runner.calls == []

    stack.down(context, purge=True, yes=True)
    assert runner.calls[0].variables == {"stack_purge": True}


def test_seed_passes_what_was_typed_as_native_values(
    context: MockContext, runner: FakeRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    dataset.seed(context, source="exports", until="auto", days="7", channels="habr, mash", skip_bad=True)

    assert runner.calls[0].variables == {
        "seed_source": str(tmp_path / "exports"),
        "seed_until": "auto",
        "seed_days": 7,
        "seed_channels": ["habr", "mash"],
        "seed_skip_bad": True,
    }


def test_the_web_is_no_folder(context: MockContext, runner: FakeRunner) -> None:
    dataset.seed(context, source="web", zone="Europe/Moscow", judge_votes="3")

    assert runner.calls[0].variables == {
        "seed_source": "web",
        "seed_zone": "Europe/Moscow",
        "seed_judge_votes": 3,
    }


def test_a_judge_is_passed_on(context: MockContext, runner: FakeRunner) -> None:
    verdicts.benchmark(context, mode="live", judge="llm", judge_repeats="5")

    assert runner.calls[0].variables == {
        "benchmark_mode": "live",
        "benchmark_judge": "llm",
        "benchmark_judge_repeats": 5,
    }


def _judged(*outcomes: str) -> PlaybookOutcome:
    results: list[dict[str, Any]] = [{"outcome": outcome} for outcome in outcomes]
    return PlaybookOutcome(
        status="successful", results={"benchmark": results, "report": [{"lines": ["the screen"]}]}
    )


@pytest.mark.parametrize(
    ("outcomes", "code"), [(["pass", "fail"], 2), (["void"], 4), ([], 4), (["pass", "warn"], None)]
)
def test_the_gate_returns_the_worst_verdict(
    context: MockContext, runner: FakeRunner, outcomes: list[str], code: int | None
) -> None:
    runner.outcome = _judged(*outcomes)

    if code is None:
        verdicts.run(context, gate=True)
        return
    with pytest.raises(Exit) as caught:
        verdicts.run(context, gate=True)
    assert caught.value.code == code


def test_without_the_gate_a_bad_verdict_is_shown_and_the_run_succeeds(
    context: MockContext, runner: FakeRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.outcome = _judged("fail")

    verdicts.run(context)

    assert capsys.readouterr().out == "the screen\n"


def test_logs_show_every_stream_of_the_service(context: MockContext, tmp_path: Path) -> None:
    folder = tmp_path / ".day23" / "logs"
    folder.mkdir(parents=True)
    (folder / "loki.stdout.jsonl").touch()
    (folder / "loki.stderr.jsonl").touch()

    stack.logs(context, "loki", number="5")

    command = f"tail -n 5 {folder}/loki.stderr.jsonl {folder}/loki.stdout.jsonl"
    context.run.assert_called_once_with(command, warn=True)


def test_logs_of_an_unknown_service_name_those_that_have_some(context: MockContext, tmp_path: Path) -> None:
    folder = tmp_path / ".day23" / "logs"
    folder.mkdir(parents=True)
    (folder / "loki.stdout.jsonl").touch()

    with pytest.raises(Exit) as caught:
        stack.logs(context, "lokki")

    assert caught.value.code == 64
    assert "choose one of: loki" in str(caught.value.message)


def test_a_failed_validation_is_one_json_document_too(
    context: MockContext, runner: FakeRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.outcome = _failed("restart validation stack: failed", 1)

    with pytest.raises(Exit):
        validation.validate(context, json=True)

    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "restart validation stack: failed" in told.err


class BrokenOffRunner(FakeRunner):
    """Is interrupted; a second playbook ends what the first one began."""

    def __init__(self, ended: PlaybookOutcome) -> None:
        super().__init__()
        self.outcomes = [PlaybookOutcome(status="canceled"), ended]

    def __call__(self, call: PlaybookCall, _events: Path, _view: Any) -> PlaybookOutcome:
        self.calls.append(call)
        return self.outcomes[len(self.calls) - 1]


def _abandoned(stopped: list[str], *, kept: bool = False) -> PlaybookOutcome:
    result = {"stopped": stopped, "kept": kept}
    return PlaybookOutcome(status="successful", results={"validation": [result]})


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (_abandoned([]), "nothing of the validation is left, and every service runs"),
        (_abandoned(["loki"]), "not running: loki. Next: make day-23-up STACK_ROOT={root} PORT_OFFSET=1000"),
        (
            _abandoned([], kept=True),
            "the record is kept. Next: invoke day23.validate {own} --disruption kill --phase verify",
        ),
        (
            _failed("the line is dead", 1),
            "after 15 minutes. Next: invoke day23.validate {own} --disruption kill --phase abandon",
        ),
    ],
)
def test_a_validation_that_was_broken_off_is_ended_and_says_what_to_do(
    context: MockContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: PlaybookOutcome, told: str
) -> None:
    monkeypatch.setattr(play, "run_playbook", runner := BrokenOffRunner(ended))

    with pytest.raises(Exit) as caught:
        validation.validate(context, stack_root="mine", port_offset="1000", disruption="kill")

    assert caught.value.code == 130
    own = f"--stack-root {tmp_path / 'mine'} --port-offset 1000"
    assert str(caught.value.message).endswith(told.format(root=tmp_path / "mine", own=own))
    phases = [call.variables["restart_validation_phase"] for call in runner.calls]
    assert phases == ["all", "abandon"]
