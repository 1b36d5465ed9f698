"""The stack's modules as a playbook calls them, without a playbook."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.presentation.ansible_module import run
from day23.presentation.modules import artifacts, mongodb, preflight, stack

NAMES = ["mongodb_admin", "mongodb_seeder"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def context(tmp_path: Path) -> dict[str, Any]:
    return {
        "root": str(tmp_path / "my root"),
        "engine": "process",
        "bind": "127.0.0.1",
        "repository": str(tmp_path),
        "cache_dir": str(tmp_path / "cache"),
        "trace_id": None,
    }


@pytest.fixture
def stack_parameters(context: dict[str, Any]) -> dict[str, Any]:
    return {
        "stack": context,
        "ports": {"mongodb": 28217, "llm_api": 9200, "prometheus": 10290},
        "env_file": None,
        "dataset_dir": "data/benchmarks",
        "llm_model": "model",
        "database": "butler",
        "secrets": NAMES,
        "lock": None,
        "run_id": None,
        "brought_up_with": {"inventory": "rehearsal", "port_offset": 1200},
    }


def test_a_virgin_root_is_predicted_then_prepared_then_left_alone(
    stack_parameters: dict[str, Any], tmp_path: Path
) -> None:
    predicted = stack.handle(stack_parameters, True)
    assert list(tmp_path.iterdir()) == []
    prepared = stack.handle(stack_parameters, False)
    assert predicted["changed"]
    assert predicted["changes"] == prepared["changes"]
    again = stack.handle(stack_parameters, False)
    assert (again["changed"], again["changes"]) == (False, [])
    assert json.loads((tmp_path / "my root/run/stack.json").read_text())["engine"] == "process"
    assert (tmp_path / ".env.infra").read_text().count("28217") == 2


def test_only_who_brings_the_stack_up_says_where_it_is_and_how_it_is_called(
    stack_parameters: dict[str, Any], tmp_path: Path
) -> None:
    other = stack_parameters | {"brought_up_with": None, "ports": dict.fromkeys(stack_parameters["ports"], 1)}
    stack.handle(other, False)
    assert not (tmp_path / ".env.infra").exists()

    stack.handle(stack_parameters, False)
    known = [(tmp_path / name).read_text() for name in (".env.infra", "my root/run/stack.json")]
    answer = stack.handle(other, False)

    assert not answer["changed"]
    assert [(tmp_path / name).read_text() for name in (".env.infra", "my root/run/stack.json")] == known
    assert json.loads(known[1])["words"] == {
        "inventory": "rehearsal",
        "stack_root": str(tmp_path / "my root"),
        "port_offset": 1200,
    }


def test_a_failed_module_names_commands_for_its_own_stack(
    stack_parameters: dict[str, Any], tmp_path: Path
) -> None:
    stack.handle(stack_parameters, False)
    module = FailingModule(stack_parameters)

    run(module, _refuse)  # type: ignore[arg-type]

    own = f"STACK_ROOT='{tmp_path / 'my root'}' PORT_OFFSET=1200"
    assert module.told == f"down. Next: make day-23-up INVENTORY=rehearsal {own}"


class FailingModule:
    check_mode = False
    told = ""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    def fail_json(self, msg: str, exit_code: int) -> None:
        self.told = msg


def _refuse(_params: object, _check_mode: bool) -> dict[str, Any]:
    raise ToolkitError("down", next_step="make day-23-up")


def test_no_secret_is_in_what_the_module_returns(stack_parameters: dict[str, Any]) -> None:
    answers = json.dumps([stack.handle(stack_parameters, False), stack.handle(stack_parameters, True)])
    folder = StackPaths(Path(stack_parameters["stack"]["root"])).secrets
    secrets = [path.read_text() for path in folder.iterdir()]
    assert len(secrets) == 3
    assert not [secret for secret in secrets if secret in answers]


def test_each_playbook_begins_with_empty_events(stack_parameters: dict[str, Any]) -> None:
    stack.handle(stack_parameters, False)
    events = StackPaths(Path(stack_parameters["stack"]["root"])).events
    events.write_text("{}\n")
    stack.handle(stack_parameters, False)
    assert events.read_text() == ""


def test_the_names_of_a_run_are_kept(stack_parameters: dict[str, Any]) -> None:
    stack_parameters["stack"]["trace_id"] = "a" * 32
    answer = stack.handle({**stack_parameters, "run_id": "mine"}, True)
    assert (answer["trace_id"], answer["run_id"]) == ("a" * 32, "mine")


def test_another_engine_s_root_is_refused(stack_parameters: dict[str, Any]) -> None:
    stack.handle(stack_parameters, False)
    record = StackPaths(Path(stack_parameters["stack"]["root"])).run / "stack.json"
    record.write_text(record.read_text().replace("process", "another"))
    with pytest.raises(ToolkitError, match="belongs to the engine 'another'"):
        stack.handle(stack_parameters, False)


def test_preflight_names_every_problem_in_one_message(context: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = preflight.handle(
            {
                "stack": context,
                "ports": {"loki": port, "grafana": port},
                "artifacts": [
                    {"name": "loki", "version": "1", "path": "/nowhere/loki"},
                    {"name": "grafana", "version": "1", "path": None},
                ],
                "optional": ["grafana"],
                "min_free_gb": 10.0**9,
                "gpus": {},
            },
            True,
        )
    assert answer["failed"]
    assert answer["exit_code"] == 1
    assert answer["msg"].startswith("Nothing was started: 4 problems.")
    failed = [check["check"] for check in answer["checks"] if check["state"] == "failed"]
    assert failed == ["artefact loki", "disk stack root", "disk cache", f"port {port} (loki)"]
    assert "grafana)" not in answer["msg"], "an absent optional service needs no port"


def test_artifacts_says_what_would_be_fetched_and_fetches_nothing(
    context: dict[str, Any], tmp_path: Path
) -> None:
    go = {"module": "build/loki", "binaries": {"loki": "host/loki"}}
    parameters = {
        "stack": context,
        "artifacts": [
            {"name": "loki", "version": "1", "go": go},
            {"name": "grafana", "version": "1", "path": None},
        ],
        "optional": ["grafana"],
    }
    answer = artifacts.handle(parameters, True)
    assert (answer["changed"], answer["fetched"]) == (True, ["loki"])
    assert list(tmp_path.iterdir()) == []


def test_artifacts_on_the_host_are_no_change(context: dict[str, Any]) -> None:
    parameters = {
        "stack": context,
        "artifacts": [{"name": "shell", "version": "1", "path": "/bin/sh"}],
        "optional": [],
    }
    answer = artifacts.handle(parameters, False)
    assert not answer["changed"]
    assert answer["artifacts"][0]["source"] == "path"


def test_mongodb_is_predicted_on_a_virgin_host(context: dict[str, Any], tmp_path: Path) -> None:
    parameters = {
        "stack": context,
        "port": free_port(),
        "replica_set": "rs0",
        "database": "butler",
        "users": [{"name": "admin", "roles": [{"role": "root", "db": "admin"}]}],
        "within": 1.0,
    }
    answer = mongodb.handle(parameters, True)
    assert answer["changed"]
    assert "create user admin" in answer["changes"]
    assert list(tmp_path.iterdir()) == []
