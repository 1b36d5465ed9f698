"""Scheduler and workers as a playbook starts them: who may call, and how they end."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from crew_server import CrewServer

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question
from day23.application.ports import ChatRequest
from day23.application.spread_answers import spread
from day23.domain.errors import ToolkitError
from day23.domain.load_schedule import Load
from day23.infrastructure.llm import dask_crew, dask_process
from day23.infrastructure.llm.dask_credentials import new_credentials
from day23.infrastructure.llm.dask_crew import DaskCrew
from day23.infrastructure.llm.dask_parts import Started, end, start
from day23.infrastructure.llm.dask_process import DaskPart
from day23.infrastructure.llm.worker_task import Endpoint

QUESTIONS = [Question(f"s{number}", ChatRequest("Кратко.", f"вопрос {number}")) for number in range(60)]
CREDENTIALS = new_credentials()


@pytest.fixture
def scheduler() -> Iterator[Started]:
    (started,) = start([DaskPart(CREDENTIALS, host="127.0.0.1")])
    yield started
    end([started.pid])


@pytest.fixture
def worker(scheduler: Started) -> Iterator[Started]:
    (started,) = start([DaskPart(CREDENTIALS, scheduler.address, name="far#1")])
    yield started
    assert end([started.pid]) == 0, "it did not end with its scheduler"


def crew(scheduler: Started, url: str = "", credentials: str | None = CREDENTIALS) -> DaskCrew:
    return DaskCrew(scheduler.address, None, Endpoint(url, "m", 20.0), credentials)


async def test_a_worker_ends_with_its_scheduler_in_the_middle_of_its_share(
    scheduler: Started, worker: Started
) -> None:
    taken = AnswerBook(99, lambda _: None)
    async with CrewServer(0.1) as server, crew(scheduler, server.url) as called:
        assert called.members.hosts == ("far",)
        asking = asyncio.create_task(spread(called, QUESTIONS, Load(max_concurrency=1), taken, 99))
        while len(server.prompts) < 3:
            await asyncio.sleep(0.05)
        assert end([scheduler.pid]) == 1
        await asyncio.to_thread(psutil.Process(worker.pid).wait, 15)
        assert len(server.prompts) < len(QUESTIONS)
        asking.cancel()
        await asyncio.wait([asking])


async def test_a_caller_that_is_interrupted_ends_scheduler_and_worker(
    scheduler: Started, worker: Started
) -> None:
    async def asks(server: CrewServer) -> None:
        async with crew(scheduler, server.url) as called:
            await spread(called, QUESTIONS, Load(max_concurrency=1), AnswerBook(99, lambda _: None), 99)

    async with CrewServer(0.1) as server:
        asking = asyncio.create_task(asks(server))
        while len(server.prompts) < 3:
            await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.wait([asking])
        for each in (scheduler, worker):
            await asyncio.to_thread(psutil.Process(each.pid).wait, 10)


async def test_who_has_no_credentials_of_the_run_is_refused(
    scheduler: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_crew, "CONNECT_WITHIN", "2s")
    for others in (new_credentials(), None):
        with pytest.raises(ToolkitError, match="no Dask scheduler answers"):
            await crew(scheduler, credentials=others).__aenter__()


async def test_a_scheduler_ends_when_nobody_calls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_process, "UNCALLED_SECONDS", 0.2)
    monkeypatch.setattr(dask_process, "LOOK_SECONDS", 0.1)
    await asyncio.wait_for(dask_process.schedule(DaskPart(CREDENTIALS, host="127.0.0.1")), 20)
    assert "tls://127.0.0.1:" in capsys.readouterr().out


async def test_a_scheduler_ends_with_its_playbook_though_nobody_called() -> None:
    playbook = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (started,) = start([DaskPart(CREDENTIALS, host="127.0.0.1", caller=playbook.pid)])
    await asyncio.sleep(2 * dask_process.LOOK_SECONDS)
    assert psutil.pid_exists(started.pid)
    playbook.kill()  # and not reaped before the scheduler has seen it
    await asyncio.to_thread(psutil.Process(started.pid).wait, 10)
    playbook.wait()


def test_what_does_not_start_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(ToolkitError, match=r"Dask did not start.*assign requested address"):
        start([DaskPart(CREDENTIALS, host="192.0.2.1"), DaskPart(CREDENTIALS, host="127.0.0.1")])
    children = (each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE)
    assert not [child for child in children if child.environ().get("TMPDIR") == str(tmp_path)]
