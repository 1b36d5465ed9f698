"""`run_benchmark --beside URL`: two servers behind HTTP, asked in turns."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from answering_server import Reply, answering
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.run_benchmark import run_benchmark
from day23.presentation.cli.verify_evidence import verify_evidence

SAMPLES = 24
ARGUMENTS = ("--scenario", "channel_digest_ru", "--limit", str(SAMPLES), "--max-concurrency", "1")
ANSWER = "- Рубль укрепился до 104 за доллар.\n- Открыли музей кино.\n- Завтра снег."

pytestmark = pytest.mark.usefixtures("stack")


@pytest.fixture
def channels() -> tuple[str, ...]:
    return ("onaboka",)


@contextmanager
def serving(log: list[str], name: str, seconds: float, status: int = 200) -> Iterator[str]:
    """Answer every question after a time, and leave a name in a log that both servers share."""

    def answer(_path: str, _headers: Message, body: bytes) -> Reply:
        if not body:
            return 404, "text/plain", ""
        log.append(name)
        time.sleep(seconds)
        event = {"model": json.loads(body)["model"], "choices": [{"delta": {"content": ANSWER}}]}
        return status, "text/event-stream", f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"

    with answering(answer, delays_small_packets=False) as url:
        yield url


@pytest.fixture
def beside(export: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs the command with two servers; returns its exit code, the stored result, and who was asked when."""

    def ran(
        here: float, there: float, *arguments: str, status: int = 200
    ) -> tuple[ExitCode, dict[str, Any], list[str]]:
        export()
        log: list[str] = []
        with ExitStack() as servers:
            measured = servers.enter_context(serving(log, "here", here))
            other = servers.enter_context(serving(log, "there", there, status))
            monkeypatch.setenv("LLM_URL", measured)
            code = exit_code_of(run_benchmark, [*ARGUMENTS, "--beside", other, *arguments])
        stored = tmp_path / "benchmarks/results/channel_digest_ru/latest.json"
        return code, json.loads(stored.read_bytes()) if stored.exists() else {}, log

    return ran


def bundle(tmp_path: Path) -> Path:
    stored = (tmp_path / "benchmarks/results/channel_digest_ru/latest.json").resolve()
    return stored.with_suffix("")


def test_a_slower_server_is_worse_and_everything_about_it_is_kept(
    beside: Any, tmp_path: Path, capsys: Any
) -> None:
    _, result, log = beside(0.012, 0.006, "--warm-up", "2", "--beside-model", "older")
    found = result["beside"]
    assert found["metrics"]["latency_seconds"]["verdict"] == "worse"
    assert found["metrics"]["coverage"]["verdict"] == "cannot tell"
    assert found["metrics"]["latency_seconds"]["pairs"] == SAMPLES
    assert found["model_name"] == "older"
    assert found["latency"]["p50"] < result["latency"]["p50"]
    assert log[:4] == ["here", "here", "there", "there"]
    assert log[4:] == ["here", "there", "there", "here"] * (SAMPLES // 2)
    shown = capsys.readouterr().out
    assert f"asked in turns with {found['url']}" in shown
    assert "latency_seconds worse: change +" in shown
    folder = bundle(tmp_path)
    assert len((folder / "beside.jsonl").read_text().splitlines()) == SAMPLES
    assert (folder / "beside.png").stat().st_size > 1000
    assert "## Two servers in turns" in (folder / "report.md").read_text()
    assert "Two servers in turns" in (folder / "index.html").read_text()
    assert exit_code_of(verify_evidence, [str(folder)]) == ExitCode.DONE


def test_equal_servers_cannot_be_told_apart(beside: Any) -> None:
    _, result, _ = beside(0.008, 0.008)
    assert {found["verdict"] for found in result["beside"]["metrics"].values()} == {"cannot tell"}


def test_a_server_beside_that_fails_makes_the_run_void(beside: Any, capsys: Any) -> None:
    code, result, _ = beside(0.008, 0.008, status=418)
    assert code == ExitCode.VOID
    assert result["beside"]["metrics"] == {}
    assert list(result["beside"]["errors"]) == ["http_418"]
    assert "samples failed at http://127.0.0.1:" in capsys.readouterr().out


def test_a_run_in_turns_is_no_baseline_of_one_alone(beside: Any, capsys: Any) -> None:
    beside(0.008, 0.008)
    stored = capsys.readouterr().out.split("result ")[1].splitlines()[0]
    beside(0.008, 0.008, "--baseline", stored)
    assert "no baseline" not in capsys.readouterr().out
    alone = exit_code_of(run_benchmark, [*ARGUMENTS, "--dry-run", "--baseline", stored])
    assert alone != ExitCode.DONE
    assert "server beside" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [("--dry-run",), ("--rate", "5"), ("--workers", "2")])
def test_turns_are_refused_where_they_cannot_be_taken(flags: tuple[str, ...], capsys: Any) -> None:
    code = exit_code_of(run_benchmark, [*ARGUMENTS, "--beside", "http://127.0.0.1:9", *flags])
    assert code == ExitCode.USAGE
    assert "leave out --beside" in capsys.readouterr().err


def test_a_server_beside_that_is_not_there_is_named(
    export: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    export()
    with serving([], "here", 0.008) as measured:
        monkeypatch.setenv("LLM_URL", measured)
        code = exit_code_of(run_benchmark, [*ARGUMENTS, "--beside", "http://127.0.0.1:9"])
    captured = capsys.readouterr()
    assert code == ExitCode.VOID
    assert "samples failed at http://127.0.0.1:9" in captured.out
