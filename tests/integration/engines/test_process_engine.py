"""What the engine of plain processes promises about its supervisor."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_stack import Stack, eventually

from day23.domain.service_spec import ServiceSpec
from day23.infrastructure.engines.process_table import SUPERVISOR, marks, own_processes


@pytest.fixture
def engine_name() -> str:
    return "process"


Tiny = Callable[..., ServiceSpec]

CONVERGE = """
import sys
from pathlib import Path
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.wiring.services import converge_service
root, cache, repository, spec = sys.argv[1:]
context = StackContext(StackPaths(Path(root)), "process", "127.0.0.1", Path(repository), Path(cache))
spec = ServiceSpec.model_validate_json(spec)
converge = converge_service(context)
print("ready", flush=True)
converge.run(spec)
"""


def supervisor_of(stack: Stack) -> int:
    [pid] = [process.pid for process in own_processes(stack.paths.root) if process.service == SUPERVISOR]
    return pid


def test_killing_the_supervisor_ends_its_services_and_up_brings_all_back(stack: Stack, tiny: Tiny) -> None:
    specs = [tiny("first"), tiny("second")]
    stack.up(*specs)

    os.kill(supervisor_of(stack), signal.SIGKILL)

    assert stack.up(*specs) == ["started", "started"]
    assert len(own_processes(stack.paths.root)) == 3


def test_killing_the_whole_tree_is_survived(stack: Stack, tiny: Tiny) -> None:
    specs = [tiny("first"), tiny("second")]
    stack.up(*specs)

    for process in own_processes(stack.paths.root):
        os.kill(process.pid, signal.SIGKILL)

    assert stack.up(*specs) == ["started", "started"]


def test_down_after_the_supervisor_was_killed_leaves_nothing(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    os.kill(supervisor_of(stack), signal.SIGKILL)

    stack.down()

    assert own_processes(stack.paths.root) == ()


def test_a_hanging_supervisor_is_ended_by_down(stack: Stack, tiny: Tiny, monkeypatch) -> None:
    monkeypatch.setattr("day23.infrastructure.engines.supervisor_client._ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("day23.infrastructure.engines.supervisor_daemon._LEAVE_SECONDS", 1.0)
    stack.up(tiny())
    os.kill(supervisor_of(stack), signal.SIGSTOP)

    stack.down()

    assert own_processes(stack.paths.root) == ()
    assert stack.up(tiny()) == ["started"]


def test_stale_pid_file_and_socket_hurt_nobody(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    folder = stack.paths.run / "supervisor"
    for process in own_processes(stack.paths.root):
        os.kill(process.pid, signal.SIGKILL)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (folder / "supervisord.pid").write_text(f"{stranger.pid}\n")
        assert (folder / "supervisor.sock").exists()

        assert stack.up(tiny()) == ["started"]
        stack.down()

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_lost_socket_is_survived(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    (stack.paths.run / "supervisor" / "supervisor.sock").unlink()

    assert stack.up(tiny()) == ["started"]
    assert len(own_processes(stack.paths.root)) == 2


def test_a_lost_program_file_changes_nothing_for_what_runs(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(), tiny("other"))
    (stack.paths.run / "supervisor" / "programs" / "tiny.conf").unlink()

    assert stack.up(tiny(), tiny("other")) == ["unchanged", "unchanged"]
    assert stack.up(tiny("tiny", "new\n"), tiny("other")) == ["restarted", "unchanged"]


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5])
def test_killed_anywhere_the_next_run_finishes(stack: Stack, tiny: Tiny, after: float) -> None:
    stack.up(tiny("bystander"))
    spec = tiny("tiny", "second version\n")
    stack.up(tiny())
    context = stack.context
    arguments = [context.paths.root, context.cache_dir, context.repository, spec.model_dump_json()]
    run = subprocess.Popen([sys.executable, "-c", CONVERGE, *map(str, arguments)], stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"ready\n"
    time.sleep(after)
    run.kill()
    run.wait()

    stack.up(spec)

    assert stack.ask("tiny")["content"] == "second version\n"
    assert stack.up(spec, tiny("bystander")) == ["unchanged", "unchanged"]
    services = [process.service for process in own_processes(stack.paths.root)]
    assert sorted(services) == sorted(["tiny", "bystander", SUPERVISOR])
    assert not list(stack.paths.etc.glob(".*"))


class TestAnAwkwardStackRoot:
    @pytest.fixture(params=["x" * 150, "per%cent (s) ;semi #hash [a-z]* {data}", "корень стека"])
    def stack_root(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        return tmp_path / str(request.param)

    def test_works_like_any_other(self, stack: Stack, tiny: Tiny) -> None:
        assert stack.up(tiny()) == ["started"]
        assert stack.up(tiny()) == ["unchanged"]
        assert stack.ask("tiny")["folder"] == str(stack.paths.data / "tiny")
        stack.down()
        assert own_processes(stack.paths.root) == ()


def test_orphans_that_lost_their_supervisor_unnoticed_leave_before_a_new_start(
    stack: Stack, tiny: Tiny
) -> None:
    stack.paths.data.mkdir(parents=True)
    orphan = subprocess.Popen(["sleep", "60"], env={"PATH": os.defpath, **marks(stack.paths.root, "tiny")})

    stack.up(tiny())

    assert orphan.wait(timeout=5) != 0
    assert stack.observed("tiny").state.is_alive


def test_services_do_not_inherit_the_environment_of_who_started_them(
    stack: Stack, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", "not for services")

    stack.up(tiny())

    environment = stack.ask("tiny")["environment"]
    assert "SOMEBODYS_TOKEN" not in environment
    assert environment["DAY23_STACK_ROOT"] == str(stack.paths.root)
    assert environment["DAY23_SERVICE"] == "tiny"


def test_nobody_else_can_talk_to_the_supervisor_or_read_its_files(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())

    private = [stack.paths.run / "supervisor" / "supervisor.sock", stack.paths.log("tiny", "stdout")]
    private += (stack.paths.run / "supervisor" / "programs").iterdir()
    assert [oct(path.stat().st_mode & 0o777) for path in private] == ["0o600"] * len(private)
    assert (stack.paths.run / "supervisor").stat().st_mode & 0o777 == 0o700


def test_starting_returns_although_the_supervisor_stays(stack: Stack, tiny: Tiny) -> None:
    """A caller that waits for the end of our output must not wait for the services."""
    stack.up(tiny())
    supervisor = Path(f"/proc/{supervisor_of(stack)}")
    service = Path(f"/proc/{stack.pid('tiny')}")

    assert {str((supervisor / "fd" / number).readlink()) for number in "012"} == {"/dev/null"}
    assert os.getsid(supervisor_of(stack)) == supervisor_of(stack)
    assert eventually(lambda: (service / "fd" / "1").exists())


def test_purging_by_hand_while_it_runs_is_survived(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    shutil.rmtree(stack.paths.root)

    assert stack.up(tiny()) == ["started"]
    assert len(own_processes(stack.paths.root)) == 2
