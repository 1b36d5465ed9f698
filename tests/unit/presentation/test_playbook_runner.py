import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from day23.presentation import playbook_runner
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_runner import run_playbook
from day23.presentation.progress_view import SilentView

VARIABLES = {"stack_port_offset": 1000, "seed_skip_bad": True}


@dataclass
class Finished:
    status: str


class RecordingView(SilentView):
    def __init__(self) -> None:
        self.titles: list[str] = []
        self.lines: list[str] = []

    def title(self, text: str) -> None:
        self.titles.append(text)

    def line(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture
def call(tmp_path: Path) -> PlaybookCall:
    return PlaybookCall(tmp_path, "up", "local", VARIABLES)


def test_ansible_gets_native_values_and_a_folder_that_goes_away(call: PlaybookCall, tmp_path: Path) -> None:
    settings: dict[str, Any] = {}

    def start(**given: Any) -> Finished:
        settings.update(given)
        assert Path(given["private_data_dir"]).is_dir()
        return Finished("successful")

    outcome = run_playbook(call, tmp_path / "events.jsonl", SilentView(), start)

    assert outcome.exit_code == 0
    assert settings["extravars"] == VARIABLES
    assert settings["playbook"] == "playbooks/up.yml"
    assert settings["inventory"] == str(tmp_path / "inventories" / "local")
    assert settings["envvars"]["ANSIBLE_CONFIG"] == str(tmp_path / "ansible.cfg")
    assert not Path(settings["private_data_dir"]).exists()


def test_tasks_become_titles_and_ansibles_output_stays_quiet(call: PlaybookCall, tmp_path: Path) -> None:
    view = RecordingView()

    def start(event_handler: Any, **_given: Any) -> Finished:
        task = {
            "event": "playbook_on_task_start",
            "stdout": "TASK [Run Loki]",
            "event_data": {"task": "Run Loki"},
        }
        assert event_handler(task) is False
        return Finished("successful")

    run_playbook(call, tmp_path / "events.jsonl", view, start)

    assert (view.titles, view.lines) == (["Run Loki"], [])


def test_a_prediction_shows_ansibles_output(tmp_path: Path) -> None:
    view = RecordingView()

    def start(event_handler: Any, **given: Any) -> Finished:
        assert given["cmdline"] == "--check --diff"
        event_handler(
            {"event": "runner_on_ok", "stdout": "\r\n+ port: 9090\r\n- port: 1\r\n", "event_data": {}}
        )
        return Finished("successful")

    run_playbook(PlaybookCall(tmp_path, "up", predict=True), tmp_path / "events.jsonl", view, start)

    assert view.lines == ["+ port: 9090\n- port: 1"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_is_cancelled_and_the_handlers_are_put_back(
    call: PlaybookCall, tmp_path: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The descendants of this process are other tests' servers.
    told: list[str] = []
    monkeypatch.setattr(playbook_runner, "interrupt_descendants", lambda: told.append("interrupted"))
    before = signal.getsignal(number)

    def start(cancel_callback: Any, **_given: Any) -> Finished:
        assert cancel_callback() is False
        os.kill(os.getpid(), number)
        assert cancel_callback() is True
        return Finished("canceled")

    outcome = run_playbook(call, tmp_path / "events.jsonl", SilentView(), start)

    assert (outcome.exit_code, outcome.message) == (130, "interrupted")
    assert told == ["interrupted"]
    assert signal.getsignal(number) is before
