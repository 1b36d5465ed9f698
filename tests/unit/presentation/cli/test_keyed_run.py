"""`run_benchmark` against servers that want keys and send them back: nothing that is left holds one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from day23.domain.exit_codes import ExitCode
from keyed_server import KeyedServer, files_with, keyed_server

SCRIPT = Path(__file__).parents[4] / "scripts/quality/benchmark/run_benchmark.py"
SECRET = "sk-9f86d081884c7d659a2feaa0c5"
JUDGES_SECRET = "sk-60303ae22b998861bce3b28f33"
SAMPLES = 60

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def channels() -> tuple[str, ...]:
    return ("onaboka", "ctorecords")


@pytest.fixture
def run(stack: None, export: Callable[..., None], tmp_path: Path) -> Run:
    """Runs the script with an environment of choice."""
    export()

    def ran(server: KeyedServer, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), "--scenario", "channel_digest_ru", *words]
        given = {"LLM_URL": server.url, "LLM_MODEL": "m", "JUDGE_MODEL": "strict-editor", **environment}
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return ran


@pytest.mark.parametrize("words", [(), ("--workers", "2")])
def test_a_keyed_run_leaves_its_keys_nowhere(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    with (
        keyed_server(SECRET, fails_at=frozenset({20})) as server,
        keyed_server(JUDGES_SECRET) as judge,
    ):
        ran = run(
            server,
            *("--limit", str(SAMPLES), "--judge", "llm", *words),
            LLM_API_KEY=SECRET,
            JUDGE_URL=judge.url,
            JUDGE_API_KEY=JUDGES_SECRET,
        )
    assert "judged" in ran.stdout, ran.stderr
    assert set(server.headers) == {f"Bearer {SECRET}"}
    assert set(judge.headers) == {f"Bearer {JUDGES_SECRET}"}
    assert len(judge.headers) > SAMPLES
    assert len(files_with(tmp_path, "Bearer ***")) >= 3, "answers, facts and errors hold what was hidden"
    assert not files_with(tmp_path, "sk-")
    assert "sk-" not in ran.stdout + ran.stderr
    assert [line for line in server.commands if SCRIPT.name in line]
    assert not [line for line in server.commands if SECRET in line or JUDGES_SECRET in line]


def test_a_missing_key_is_told_before_anything_is_measured(run: Run, tmp_path: Path) -> None:
    with keyed_server(SECRET) as server:
        ran = run(server)
    assert (ran.returncode, server.headers) == (ExitCode.ERROR, [])
    (line,) = ran.stderr.strip().splitlines()
    assert line.endswith("Next: set LLM_API_KEY to a key that this server accepts")
    assert not (tmp_path / "benchmarks/results").exists()


@pytest.mark.parametrize("key", ["", "sk-of-somebody-else"])
def test_a_refused_key_ends_the_run_at_its_first_request(run: Run, tmp_path: Path, key: str) -> None:
    with keyed_server(SECRET, listed=True) as server:
        ran = run(server, LLM_API_KEY=key)
    assert (ran.returncode, len(server.headers)) == (ExitCode.ERROR, 1)
    assert "answered 401: no such key:" in ran.stderr
    assert "Next: set LLM_API_KEY to a key that this server accepts" in ran.stderr
    assert "sk-" not in ran.stderr
    assert not list(tmp_path.glob("benchmarks/results/*/*.json"))


def test_the_key_of_the_measured_server_goes_to_no_other_judge(run: Run) -> None:
    judging = ("--limit", "3", "--judge", "llm")
    with keyed_server(SECRET) as server, keyed_server(JUDGES_SECRET) as judge:
        refused = run(server, *judging, LLM_API_KEY=SECRET, JUDGE_URL=judge.url)
        same = run(server, *judging, LLM_API_KEY=SECRET, JUDGE_URL=f"{server.url}/v1/")
    assert refused.returncode == ExitCode.ERROR
    assert "Next: set JUDGE_API_KEY to a key that this server accepts" in refused.stderr
    assert judge.headers == [""]
    assert "judged" in same.stdout


def test_the_server_beside_gets_its_own_key_and_no_other(run: Run, tmp_path: Path) -> None:
    with keyed_server(SECRET) as server, keyed_server(JUDGES_SECRET) as other:
        beside = ("--limit", "3", "--beside", other.url)
        refused = run(server, *beside, LLM_API_KEY=SECRET)
        assert other.headers == []
        run(server, *beside, LLM_API_KEY=SECRET, BESIDE_API_KEY=JUDGES_SECRET)
        in_the_address = run(server, "--beside", other.url.replace("://", f"://me:{SECRET}@"))
    assert refused.returncode == ExitCode.ERROR
    assert "Next: set BESIDE_API_KEY to a key that this server accepts" in refused.stderr
    assert set(other.headers) == {f"Bearer {JUDGES_SECRET}"}
    assert set(server.headers) == {f"Bearer {SECRET}"}
    assert in_the_address.returncode == ExitCode.USAGE
    assert "sk-" not in in_the_address.stderr
    assert not files_with(tmp_path, "sk-")


def test_a_key_is_not_sent_over_a_plain_scheduler(run: Run) -> None:
    with keyed_server(SECRET) as server:
        ran = run(server, "--scheduler", "tcp://127.0.0.1:9", LLM_API_KEY=SECRET)
    assert ran.returncode == ExitCode.USAGE
    assert "LLM_API_KEY is not sent over a scheduler without TLS" in ran.stderr
