"""What comes back by itself, what stays as a person left it, and who may run the stack."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from tiny_stack import Stack, eventually

from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.docker.attendant import ATTENDANT_ARTIFACT
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon
from day23.settings import Settings

Tiny = Callable[..., ServiceSpec]

CONVERGE = """
import sys
from pathlib import Path
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.wiring.services import converge_service

root, cache, repository, spec = sys.argv[1:]
context = StackContext(
    paths=StackPaths(Path(root)),
    engine="docker",
    bind="127.0.0.1",
    repository=Path(repository),
    cache_dir=Path(cache),
)
print(converge_service(context).run(ServiceSpec.model_validate_json(spec)).action.value)
"""


@pytest.fixture
def engine_name() -> str:
    return "docker"


def test_a_killed_program_comes_back_as_its_attendant_does(stack: Stack, tiny: Tiny) -> None:
    """Process 1 of a container starts the program: killing either is a crash."""
    stack.up(tiny())
    [program] = psutil.Process(stack.pid("tiny")).children()

    program.send_signal(signal.SIGKILL)

    assert eventually(lambda: is_answered_by_another(stack, program.pid))
    assert stack.up(tiny()) == ["unchanged"]


def test_a_person_who_kills_a_container_is_obeyed_until_the_next_up(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(), tiny("bystander"))

    daemon().kill(container_id(stack, "tiny"))

    assert eventually(lambda: not stack.observed("tiny").state.is_alive)
    time.sleep(1)
    assert not stack.observed("tiny").state.is_alive
    assert stack.up(tiny(), tiny("bystander")) == ["started", "unchanged"]


def test_changing_one_service_keeps_the_containers_of_all_others(stack: Stack, tiny: Tiny) -> None:
    names = ["one", "two", "three"]
    stack.up(*(tiny(name) for name in names))
    before = {name: container_id(stack, name) for name in names}

    stack.up(tiny("one"), tiny("two", "changed\n"), tiny("three"))

    after = {name: container_id(stack, name) for name in names}
    assert [name for name in names if before[name] != after[name]] == ["two"]


def test_compose_lists_the_stack(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("loki"), tiny("mongodb"))
    project = stack.context.placement.project_of(stack.paths.root)
    if subprocess.run(["docker", "compose", "version"], check=False, capture_output=True).returncode:
        pytest.skip("the Compose plugin is not installed")

    listed = subprocess.run(
        ["docker", "compose", "-p", project, "ps", "--services"], check=True, capture_output=True, text=True
    )

    assert sorted(listed.stdout.split()) == ["loki", "shared-mongo"]


def is_answered_by_another(stack: Stack, pid: int) -> bool:
    try:
        [program] = psutil.Process(stack.pid("tiny")).children()
    except (AssertionError, ValueError, psutil.Error):
        return False
    return program.pid != pid and stack.observed("tiny").state.is_alive


def container_id(stack: Stack, service: str) -> str:
    with DaemonSocket() as asked:
        [listed] = asked.containers(f"day23.root={stack.paths.root}", f"day23.service={service}")
    return str(listed["Id"])


class TestAnOrdinaryUser:
    """Somebody who is in the group of the daemon's socket and has nothing else."""

    UID = 64123

    @pytest.fixture
    def home(self, docker_image: str) -> Iterator[Path]:
        """A folder of that user's, with what the engine keeps for its images."""
        with TemporaryDirectory(prefix="d23-") as name:
            home = Path(name)
            kept = Settings().cache_dir / "artifacts"
            for entry in kept.glob(f"{ATTENDANT_ARTIFACT.name}-*"):
                shutil.copytree(entry, home / "cache" / "artifacts" / entry.name)
            for path in (home, *home.rglob("*")):
                os.chown(path, self.UID, self.UID)
            yield home

    def test_runs_containers_as_themselves(
        self, stack: Stack, tiny: Tiny, home: Path, interpreter: str
    ) -> None:
        spec = tiny()
        context = (home / "stack", home / "cache", stack.context.repository, spec.model_dump_json())
        socket = Path(os.environ["DOCKER_HOST"].removeprefix("unix://"))
        group = socket.stat().st_gid
        user = ["setpriv", f"--reuid={self.UID}", f"--regid={self.UID}", f"--groups={group}"]
        if group == 0:
            pytest.skip("the daemon's socket belongs to root's group: this host has no group docker")

        converged = subprocess.run(
            [*user, interpreter, "-c", CONVERGE, *map(str, context)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(home)},
            check=False,
            capture_output=True,
            text=True,
        )

        own = Stack(replace(stack.context, paths=StackPaths(home / "stack")))
        try:
            assert converged.stdout == "started\n", converged.stderr
            assert psutil.Process(own.pid("tiny")).uids().effective == self.UID
        finally:
            own.engine.shutdown()

    @pytest.fixture
    def interpreter(self) -> str:
        """A Python of this version that everybody may start, if everybody may read the toolkit."""
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        for candidate in (sys.executable, f"/usr/bin/{version}"):
            user = ["setpriv", f"--reuid={self.UID}", f"--regid={self.UID}", "--clear-groups"]
            imports = [*user, candidate, "-c", "import day23, pydantic"]
            if Path(candidate).exists() and not subprocess.run(imports, env=environment).returncode:
                return candidate
        pytest.skip("this host's Python or this checkout can be read by its owner only")
