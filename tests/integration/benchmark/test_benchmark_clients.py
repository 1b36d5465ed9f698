"""A live run spread by the playbook over the hosts of an inventory group, and what is left of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psutil
import pytest
import yaml

from day23.infrastructure.llm.dask_parts import MODULE
from keyed_server import files_with, keyed_server
from ssh_host import SshHost, ssh_host

REPOSITORY = Path(__file__).resolve().parents[3]
SCENARIO = "channel_digest_ru"
SAMPLES = 12
HERE = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}

Begin = Callable[..., "subprocess.Popen[str]"]
Play = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def begin(
    script: Callable[..., subprocess.CompletedProcess[str]], seeded: Any, tmp_path: Path
) -> Iterator[Begin]:
    """Starts the playbook on an export, with hosts in the group; nothing that it started may be left."""
    assert script("quality/analysis/export_digests.py").returncode == 0
    chosen = {
        "stack_root": str(tmp_path / "stack"),
        "stack_dataset_dir": str(tmp_path / "benchmarks"),
        "benchmark_scenarios": [SCENARIO],
        "benchmark_mode": "live",
        "benchmark_limit": SAMPLES,
        "benchmark_max_concurrency": 2,
        "benchmark_llm_url": seeded.llm_url,
    }

    def begun(
        clients: dict[str, Any], *words: str, keys: dict[str, str] | None = None, **more: Any
    ) -> subprocess.Popen[str]:
        groups = {"stack": {"hosts": {"localhost": HERE}}, "benchmark_clients": {"hosts": clients}}
        inventory = tmp_path / "inventory.yml"
        inventory.write_text(yaml.safe_dump({"all": {"children": groups}}), encoding="utf-8")
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        variables = json.dumps({name: value for name, value in (chosen | more).items() if value is not None})
        return subprocess.Popen(
            [program, "-i", str(inventory), "playbooks/benchmark.yml", "-e", variables, *words],
            cwd=REPOSITORY,
            env={**os.environ, "TMPDIR": str(tmp_path), **(keys or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    yield begun
    assert not asking(tmp_path)


@pytest.fixture
def play(begin: Begin) -> Play:
    """Runs the playbook to its end."""

    def played(*words: Any, **more: Any) -> subprocess.CompletedProcess[str]:
        with begin(*words, **more) as process:
            output, errors = process.communicate(timeout=400)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    return played


def asking(folder: Path) -> list[psutil.Process]:
    """Return schedulers and workers that a playbook with `folder` for temporary files started."""
    ours = [each for each in psutil.process_iter(["cmdline"]) if MODULE in (each.info["cmdline"] or ())]
    return [each for each in ours if each.environ().get("TMPDIR") == str(folder)]


def result_of(played: subprocess.CompletedProcess[str], evidence: Path) -> dict[str, Any]:
    assert played.returncode == 0, played.stdout[-4000:] + played.stderr[-2000:]
    found: dict[str, Any] = json.loads((evidence / f"benchmark.{SCENARIO}.live.json").read_bytes())
    return found


def quality(result: dict[str, Any]) -> dict[str, float]:
    return {
        metric["name"]: metric["value"] for metric in result["metrics"] if "latency" not in metric["name"]
    }


def compared_with_local_workers(play: Play, clients: dict[str, Any], folder: Path) -> None:
    spread = play(clients, "-vvv", stack_evidence_dir=str(folder / "far"))
    far = result_of(spread, folder / "far")
    near = result_of(play({}, benchmark_workers=2, stack_evidence_dir=str(folder / "near")), folder / "near")

    assert "PRIVATE KEY" not in spread.stdout + spread.stderr
    assert far["metadata"]["workers"] == {"count": 2, "hosts": sorted(clients), "clock": "per host"}
    answered = [sample["sample_id"] for sample in far["samples"]]
    assert len(answered) == len(set(answered)) == SAMPLES
    assert sorted(answered) == sorted(sample["sample_id"] for sample in near["samples"])
    assert quality(far) == quality(near)
    assert len(quality(far)) >= 3


def test_each_host_of_the_group_asks_its_share(play: Play, tmp_path: Path) -> None:
    compared_with_local_workers(play, {"near1": HERE, "near2": HERE}, tmp_path)


@pytest.mark.parametrize("clients", [{}, {"near1": HERE, "near2": HERE}], ids=["here", "spread"])
def test_a_key_of_the_environment_reaches_the_server_and_nothing_else(
    play: Play, tmp_path: Path, clients: dict[str, Any]
) -> None:
    keys = {"LLM_API_KEY": f"sk-measured-{uuid4().hex}", "JUDGE_API_KEY": f"sk-judging-{uuid4().hex}"}
    with keyed_server(keys["LLM_API_KEY"]) as server, keyed_server(keys["JUDGE_API_KEY"]) as judge:
        judged = {"benchmark_judge": "llm", "benchmark_judge_url": judge.url, "benchmark_judge_model": "m"}
        evidence = {"stack_evidence_dir": str(tmp_path / "evidence")}
        played = play(clients, "-vvv", keys=keys, benchmark_llm_url=server.url, **judged, **evidence)
    result = result_of(played, tmp_path / "evidence")
    assert (result["metadata"]["failed_count"], result["judgement"]["judged"]) == (0, SAMPLES)
    assert set(server.headers) == {f"Bearer {keys['LLM_API_KEY']}"}
    assert set(judge.headers) == {f"Bearer {keys['JUDGE_API_KEY']}"}
    assert files_with(tmp_path, "Bearer ***"), "what the server sent back was kept"
    assert [line for line in server.commands if "playbooks/benchmark.yml" in line]
    for key in keys.values():
        assert key not in played.stdout + played.stderr
        assert not [line for line in server.commands if key in line]
        assert not files_with(tmp_path, key)
        assert not files_with(Path.home() / ".ansible" / "tmp", key)


def test_a_failed_run_leaves_nobody_asking_either(play: Play) -> None:
    failed = play({"near1": HERE}, benchmark_scenarios=["no_such_scenario"])

    assert failed.returncode != 0
    assert "End scheduler and client processes" in failed.stdout
    assert "changed: [near1]" in failed.stdout


@pytest.mark.parametrize(
    ("number", "answers"),
    [(signal.SIGINT, 5), (signal.SIGKILL, 0)],
    ids=["Ctrl-C while they ask", "lost before the first question"],
)
def test_who_asks_ends_with_the_playbook(
    begin: Begin, tmp_path: Path, number: signal.Signals, answers: int
) -> None:
    with keyed_server("", seconds=0.5) as server:
        # a dry run comes first where nothing is to be asked yet
        mode = {} if answers else {"benchmark_mode": None}
        with begin({"near1": HERE, "near2": HERE}, benchmark_llm_url=server.url, **mode) as playbook:
            while len(asking(tmp_path)) < 3 or len(server.headers) < answers:
                assert playbook.poll() is None, playbook.communicate()
                time.sleep(0.1)
            os.killpg(playbook.pid, number)
            playbook.communicate(timeout=30)
        gone, left = psutil.wait_procs(asking(tmp_path), timeout=10)
    assert not left, f"{len(gone)} of {len(gone) + len(left)} ended"
    assert bool(server.headers) == bool(answers)


def test_a_loopback_address_is_refused_and_check_mode_starts_nothing(play: Play) -> None:
    elsewhere = {"far": {"ansible_host": "192.0.2.1"}}
    refused = play(elsewhere)
    assert refused.returncode != 0
    assert "far would ask 127.0.0.1, its own loopback" in refused.stdout

    planned = play({"near1": HERE, "near2": {**HERE, "benchmark_workers_per_host": 3}}, "--check")
    assert planned.returncode == 0, planned.stdout
    assert "Would start 1 client process(es) on near1" in planned.stdout
    assert "Would start 3 client process(es) on near2" in planned.stdout


@pytest.fixture
def hosts() -> Iterator[dict[str, SshHost]]:
    # sshd and the users pass through every folder above, which pytest's are closed to
    with ExitStack() as stack:
        made = {}
        for name in ("far1", "far2"):
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="d23c-")))
            made[name] = stack.enter_context(ssh_host(folder))
        yield made


@pytest.mark.skipif("DAY23_BENCHMARK_HOSTS" not in os.environ, reason="make benchmark-hosts runs it")
@pytest.mark.timeout(600)
def test_hosts_over_ssh_get_what_they_need_and_ask(
    hosts: dict[str, SshHost], play: Play, tmp_path: Path
) -> None:
    python = {"ansible_python_interpreter": "auto_silent"}
    compared_with_local_workers(
        play, {name: host.variables | python for name, host in hosts.items()}, tmp_path
    )

    for host in hosts.values():
        assert {each.name() for each in host.processes()} <= {"sshd"}
        kept = [path for path in host.home.rglob("*") if ".venv" not in path.parts and path.is_file()]
        assert not [path for path in kept if path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY")]
