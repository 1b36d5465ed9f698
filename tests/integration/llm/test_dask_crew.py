"""A run spread over the workers of a Dask scheduler, over real sockets."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest
from crew_server import CrewServer

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question, scheduled
from day23.application.ports import ChatRequest
from day23.application.spread_answers import calibrate_crew, spread
from day23.domain.errors import ToolkitError
from day23.domain.load_schedule import Load
from day23.infrastructure.llm import dask_crew
from day23.infrastructure.llm.dask_crew import DaskCrew
from day23.infrastructure.llm.worker_task import Endpoint
from free_ports import free_port

QUESTIONS = [Question(f"s{number}", ChatRequest("Кратко.", f"вопрос {number}")) for number in range(60)]
WORKER = ["--nthreads=1", "--no-dashboard", "--host=127.0.0.1", "--no-nanny"]


@dataclass
class Cluster:
    """A scheduler and its workers; the last test ends one of them."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder, port = tmp_path_factory.mktemp("dask"), free_port()
    address, environment = f"tcp://127.0.0.1:{port}", {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)}

    def started(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        with (folder / "dask.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)

    scheduler = started("scheduler", "--host=127.0.0.1", f"--port={port}", "--no-dashboard")
    workers = [started("worker", address, *WORKER) for _ in range(2)]
    try:
        yield Cluster(address, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(20)


async def crew_of(cluster: Cluster, url: str = "", count: int = 2) -> DaskCrew:
    """Wait until the workers have found their scheduler."""
    for _ in range(200):
        crew = DaskCrew(cluster.address, count, Endpoint(url, "m", 20.0))
        try:
            async with crew:
                return DaskCrew(cluster.address, count, Endpoint(url, "m", 20.0))
        except ToolkitError:
            await asyncio.sleep(0.1)
    pytest.fail("the workers did not come")


def book() -> tuple[AnswerBook, list[str]]:
    kept: list[str] = []
    return AnswerBook(99, lambda answer: kept.append(answer.sample_id)), kept


async def test_a_run_is_spread_over_the_workers_and_merged(cluster: Cluster) -> None:
    load = Load(rate=60, max_concurrency=16)
    async with CrewServer() as server, await crew_of(cluster, server.url) as crew:
        taken, kept = book()
        await spread(crew, scheduled(QUESTIONS, load), load, taken, 99)
        measured = await calibrate_crew(crew, QUESTIONS[0].request, 4)
    assert (crew.members.count, crew.members.hosts, crew.members.clock) == (2, ("127.0.0.1",), "shared")
    assert len(kept) == len(taken.answers) == len(server.prompts) == len(QUESTIONS)
    assert not any(answer.failed for answer in taken.answers)
    intended = sorted(answer.times.intended for answer in taken.answers if answer.times)
    assert intended == [offset for _, offset in zip(QUESTIONS, load.offsets(), strict=False)]
    assert measured.maximum_rate > 50


async def test_workers_stop_asking_when_the_caller_is_gone(cluster: Cluster) -> None:
    async with CrewServer(0.1) as server:
        async with await crew_of(cluster, server.url) as crew:
            taken, kept = book()
            asking = asyncio.create_task(spread(crew, QUESTIONS, Load(max_concurrency=2), taken, 99))
            while len(kept) < 6:
                await asyncio.sleep(0.01)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        for _ in range(100):
            before = len(server.prompts)
            await asyncio.sleep(0.5)
            if len(server.prompts) == before:
                break
    assert 6 <= len(kept) <= len(server.prompts) < len(QUESTIONS)
    assert all(psutil.pid_exists(worker.pid) for worker in cluster.workers)


async def test_too_few_workers_and_no_scheduler_are_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crew_of(cluster)
    monkeypatch.setattr(dask_crew, "CONNECT_WITHIN", "1s")
    endpoint = Endpoint("", "m", 1.0)
    with pytest.raises(ToolkitError, match="has 2 workers, 3 are asked for"):
        await DaskCrew(cluster.address, 3, endpoint).__aenter__()
    with pytest.raises(ToolkitError, match="no Dask scheduler answers"):
        await DaskCrew("tcp://127.0.0.1:9", 1, endpoint).__aenter__()


async def test_answers_come_one_by_one_and_those_of_a_dead_worker_are_errors(cluster: Cluster) -> None:
    async with CrewServer(0.1) as server, await crew_of(cluster, server.url) as crew:
        taken, kept = book()
        asking = asyncio.create_task(spread(crew, QUESTIONS, Load(max_concurrency=2), taken, 99))
        while len(kept) < 6:
            await asyncio.sleep(0.01)
        cluster.workers[0].kill()
        await asking
    lost = [answer for answer in taken.answers if answer.failed]
    assert len(taken.answers) == len(QUESTIONS)
    assert {answer.error_kind for answer in lost} == {"worker_lost"}
    assert 15 < len(lost) < 30
