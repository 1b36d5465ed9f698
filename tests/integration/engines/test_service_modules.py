"""The library modules, called by Ansible itself."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_stack import Stack

from day23.domain.service_spec import ServiceSpec

Tiny = Callable[..., ServiceSpec]
Module = Callable[..., dict[str, Any]]
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def module(stack: Stack, tmp_path: Path) -> Module:
    """Return a function that runs one module with Ansible and returns its result and what was `shown`."""
    context = {
        "root": str(stack.paths.root),
        "engine": stack.context.engine,
        "repository": str(REPOSITORY),
        "cache_dir": str(stack.context.cache_dir),
    }

    def run(name: str, *flags: str, **options: Any) -> dict[str, Any]:
        variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        command = ["ansible", "localhost", "--inventory", "localhost,", "--module-name", name]
        command += ["--args", json.dumps({"stack": context, **options}), "--tree", str(tmp_path / "results")]
        command += ["--extra-vars", json.dumps(variables), *flags]
        finished = subprocess.run(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]],
            env={**os.environ, "ANSIBLE_CONFIG": str(REPOSITORY / "ansible.cfg")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        result = tmp_path / "results" / "localhost"
        assert result.exists(), finished.stdout + finished.stderr
        return {**json.loads(result.read_text()), "shown": finished.stdout}

    return run


def data(spec: ServiceSpec) -> dict[str, Any]:
    return spec.model_dump(mode="json", exclude_defaults=True)


def test_a_service_from_prediction_to_removal(stack: Stack, tiny: Tiny, module: Module) -> None:
    spec = data(tiny())

    predicted = module("day23_service", "--check", "--diff", spec=spec)
    assert (predicted["action"], predicted["changed"]) == ("started", True)
    assert "+++ after: tiny, started" in predicted["shown"]
    assert "+hello" in predicted["shown"]
    assert not stack.paths.root.exists()

    begun = time.monotonic()
    assert module("day23_service", spec=spec)["action"] == "started"
    assert time.monotonic() - begun < 20, "the module must not wait for the end of the service"

    [waited] = module("day23_ready")["services"]
    assert waited["service"] == "tiny"

    again = module("day23_service", spec=spec)
    assert (again["action"], again["changed"], again["reasons"]) == ("unchanged", False, [])

    [row] = module("day23_status")["services"]
    assert (row["service"], row["ready"]) == ("tiny", True)

    assert module("day23_service", spec={"name": "tiny"}, state="absent")["action"] == "removed"
    assert module("day23_status")["services"] == []


def test_down_stops_and_purges_when_asked(stack: Stack, tiny: Tiny, module: Module) -> None:
    stack.up(tiny())

    assert module("day23_down", "--check")["stopped"] == ["tiny"]
    assert stack.observed("tiny").state.is_alive
    assert module("day23_down")["changed"]
    assert not module("day23_down")["changed"]
    purged = module("day23_down", purge=True)["purged"]

    assert str(stack.paths.logs) in purged
    assert not stack.paths.logs.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prots": {}}, "ServiceSpec.prots: Extra inputs are not permitted"),
        ({"listen": {"http": 80}}, "ServiceSpec.listen.http: Input should be greater than or equal to 1024"),
        (
            {"command": ["promtail"]},
            "'promtail' is not a binary of the artefact python",
        ),
    ],
)
def test_a_mistake_is_told_by_key_and_value(
    tiny: Tiny, module: Module, change: dict[str, Any], message: str
) -> None:
    failed = module("day23_service", spec=data(tiny()) | change)

    assert message in failed["msg"]
    assert "Traceback" not in json.dumps(failed)


def test_a_service_that_dies_is_told_with_its_own_words(stack: Stack, tiny: Tiny, module: Module) -> None:
    stack.converge(tiny("tiny", "hello\n", "dies"))

    failed = module("day23_ready", within=1)

    assert (failed["exit_code"], failed["changed"]) == (1, False)
    assert "cannot go on" in failed["msg"]
    assert f"Next: invoke day23.logs --stack-root {stack.context.paths.root} tiny" in failed["msg"]
