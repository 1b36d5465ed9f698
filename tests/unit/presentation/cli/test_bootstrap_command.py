"""The stack's life in a CI job: exit codes, what is left behind, and whose stack is taken down."""

import json
from pathlib import Path

import pytest

from day23.domain.errors import UsageError
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli import bootstrap_command, smoke_command
from day23.presentation.cli.command import exit_code_of
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_outcome import PlaybookOutcome


class Playbooks:
    """Stands in for ansible-runner: remembers the calls and ends as told."""

    def __init__(self) -> None:
        self.calls: list[PlaybookCall] = []
        self.exit_code = 0

    def __call__(self, call: PlaybookCall, *_: object) -> PlaybookOutcome:
        self.calls.append(call)
        outcome = PlaybookOutcome(status="successful" if self.exit_code == 0 else "failed")
        if self.exit_code:
            failed = {"task": "Run Loki", "host": "h", "res": {"msg": "no", "exit_code": self.exit_code}}
            outcome.add({"event": "runner_on_failed", "event_data": failed})
        return outcome


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "stack"


@pytest.fixture(autouse=True)
def playbooks(root: Path, monkeypatch: pytest.MonkeyPatch) -> Playbooks:
    for name in ("MONGODB_URL", "LLM_URL", "PROMETHEUS_URL", "LOKI_URL", "GITHUB_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAY23_STACK_ROOT", str(root))
    monkeypatch.setattr(bootstrap_command, "run_playbook", stand_in := Playbooks())
    monkeypatch.setattr("time.sleep", lambda _: None)
    return stand_in


def bootstrap(*arguments: str) -> int:
    return exit_code_of(bootstrap_command.bootstrap_shared_infra, list(arguments))


def cleanup(*arguments: str) -> int:
    return exit_code_of(bootstrap_command.cleanup_shared_infra, list(arguments))


def test_a_check_of_nothing_names_what_is_down_and_what_to_type(
    capsys: pytest.CaptureFixture[str], root: Path, playbooks: Playbooks
) -> None:
    assert bootstrap("--check") == ExitCode.ERROR
    told = capsys.readouterr()
    assert "down: mongo, prometheus, alertmanager, node_exporter, loki, collector, llm_api" in told.err
    assert f"Next: make day-23-up STACK_ROOT={root}\n" in told.err
    assert playbooks.calls == []
    gauges = (root / "run" / "metrics" / "bootstrap.prom").read_text()
    assert 'shared_infra_bootstrap_status{step="mongo"} 0.0' in gauges


def test_a_check_as_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap("--check", "--json") == ExitCode.ERROR
    document = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in document["steps"]][:2] == ["mongo", "prometheus"]
    assert not any(step["up"] for step in document["steps"])


def test_expected_ports_are_the_ones_asked(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    (root / "secrets").mkdir(parents=True)
    (root / "secrets" / "mongodb_seeder").write_text("5e" * 24)
    bootstrap("--check", "--json", "--mock-port", "1")
    steps = {step["step"]: step for step in json.loads(capsys.readouterr().out)["steps"]}
    assert "http://127.0.0.1:1/health" in steps["llm_api"]["detail"]


def test_a_bootstrap_runs_the_playbook_of_up_and_fails_when_nothing_answers(
    playbooks: Playbooks, root: Path
) -> None:
    assert bootstrap("--mongo-port", "28017") == ExitCode.ERROR
    (call,) = playbooks.calls
    assert call.verb == "up"
    assert call.variables == {"stack_root": str(root), "stack_port_offset": 1000}
    assert json.loads((root / "run" / "bootstrap.json").read_text()) == {"stack_root": str(root)}


def test_a_bootstrap_can_rehearse_with_short_intervals(playbooks: Playbooks) -> None:
    bootstrap("--inventory", "rehearsal")

    assert [call.inventory for call in playbooks.calls] == ["rehearsal"]


@pytest.mark.parametrize(("code", "tries"), [(ExitCode.LOCKED, 1), (ExitCode.USAGE, 1), (ExitCode.ERROR, 3)])
def test_the_playbooks_exit_code_is_passed_on(
    playbooks: Playbooks, root: Path, code: int, tries: int
) -> None:
    playbooks.exit_code = code
    assert bootstrap() == code
    assert len(playbooks.calls) == tries
    assert "shared_infra_bootstrap_status" in (root / "run" / "metrics" / "bootstrap.prom").read_text()


def test_ports_that_no_offset_gives_are_a_wrong_call(playbooks: Playbooks) -> None:
    assert bootstrap("--mongo-port", "28017", "--mock-port", "8000") == ExitCode.USAGE
    assert playbooks.calls == []


def test_offsets_are_read_from_either_port() -> None:
    assert bootstrap_command.port_offset(None, None) == 0
    assert bootstrap_command.port_offset(28017, 9000) == 1000
    with pytest.raises(UsageError):
        bootstrap_command.port_offset(27017, 8001)


def test_cleaning_up_takes_down_the_noted_stack_and_no_other(
    playbooks: Playbooks, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "state.json"
    bootstrap("--state-path", str(note))
    monkeypatch.setenv("DAY23_STACK_ROOT", str(tmp_path / "another"))
    assert cleanup("--state-path", str(note)) == ExitCode.DONE
    assert playbooks.calls[-1].verb == "down"
    assert playbooks.calls[-1].variables == {"stack_root": str(root)}
    assert not note.exists()


def test_cleaning_up_twice_is_harmless(playbooks: Playbooks) -> None:
    for _ in range(2):
        assert cleanup() == ExitCode.DONE
    assert playbooks.calls == []


def test_a_failed_cleanup_can_be_repeated(playbooks: Playbooks, root: Path) -> None:
    bootstrap()
    playbooks.exit_code = ExitCode.LOCKED
    assert cleanup() == ExitCode.LOCKED
    assert (root / "run" / "bootstrap.json").exists()


def test_the_smoke_check_of_nothing_fails_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(smoke_command.smoke_check, ["--metrics", "--report", "json"]) == ExitCode.ERROR
    document = json.loads(capsys.readouterr().out)
    assert (document["passed"], document["total"]) == (0, 12)
    assert {"stored documents", "digest", "metric up"} <= {check["step"] for check in document["checks"]}


def test_the_smoke_check_for_people_ends_with_the_next_command(
    capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    assert exit_code_of(smoke_command.smoke_check, []) == ExitCode.ERROR
    told = capsys.readouterr()
    assert "Total: 0/9 checks passed" in told.out
    assert told.err == f"Next: make day-23-up STACK_ROOT={root}\n"
