"""Client processes share a load: every sample once, one clock, and nothing lost when one of them dies."""

import asyncio
import time

import psutil
import pytest
from crew_server import CrewServer

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question, scheduled
from day23.application.ports import ChatRequest
from day23.application.spread_answers import calibrate_crew, spread
from day23.domain.load_schedule import Load
from day23.infrastructure.llm.process_crew import ProcessCrew
from day23.infrastructure.llm.worker_task import Endpoint

QUESTIONS = [Question(f"s{number}", ChatRequest("Кратко.", f"вопрос {number}")) for number in range(60)]


def crew_for(server: CrewServer, count: int) -> ProcessCrew:
    return ProcessCrew(count, Endpoint(server.url, "m", 20.0))


def book(failures_allowed: int = 99) -> tuple[AnswerBook, list[str]]:
    kept: list[str] = []
    return AnswerBook(failures_allowed, lambda answer: kept.append(answer.sample_id)), kept


def pids() -> list[int]:
    return [
        child.pid for child in psutil.Process().children() if "client_worker" in " ".join(child.cmdline())
    ]


async def test_a_closed_loop_asks_every_sample_once_with_so_many_in_flight() -> None:
    async with CrewServer(0.02) as server, crew_for(server, 3) as crew:
        taken, _ = book()
        await spread(crew, QUESTIONS, Load(max_concurrency=7), taken, 99)
    assert sorted(server.prompts) == sorted(question.request.user for question in QUESTIONS)
    assert {answer.sample_id for answer in taken.answers} == {question.sample_id for question in QUESTIONS}
    assert 3 < server.most_in_flight <= 7
    assert all(answer.times and answer.times.service > 0.02 for answer in taken.answers)
    assert not pids()


async def test_an_open_loop_keeps_the_schedule_on_the_clock_of_the_caller() -> None:
    load = Load(rate=60, arrival="poisson", max_concurrency=16)
    async with CrewServer() as server, crew_for(server, 4) as crew:
        taken, _ = book()
        started = time.perf_counter()
        await spread(crew, scheduled(QUESTIONS, load), load, taken, 99)
        seconds = time.perf_counter() - started
    intended = sorted(answer.times.intended for answer in taken.answers if answer.times)
    assert intended == [offset for _, offset in zip(QUESTIONS, load.offsets(), strict=False)]
    # The event loop's timers count whole milliseconds, and may be one early.
    assert min(answer.times.lag for answer in taken.answers if answer.times) > -0.002
    assert max(answer.times.finished for answer in taken.answers if answer.times) < seconds


async def test_what_a_killed_worker_did_not_answer_is_an_error_of_its_own_kind() -> None:
    async with CrewServer(0.05) as server, crew_for(server, 2) as crew:
        taken, kept = book()
        asking = asyncio.create_task(spread(crew, QUESTIONS, Load(max_concurrency=2), taken, 99))
        while len(kept) < 6:
            await asyncio.sleep(0.01)
        psutil.Process(pids()[0]).kill()
        await asking
    lost = [answer for answer in taken.answers if answer.failed]
    assert len(taken.answers) == len(kept) == len(QUESTIONS)
    assert {answer.error_kind for answer in lost} == {"worker_lost"}
    assert 20 < len(lost) < 30
    assert "ended early with signal 9" in lost[0].error


async def test_too_many_failures_end_every_worker() -> None:
    async with crew_for(CrewServer(url="http://127.0.0.1:9"), 2) as crew:
        taken, _ = book(failures_allowed=1)
        await spread(crew, QUESTIONS, Load(max_concurrency=2), taken, 1)
    assert taken.is_void
    assert len(taken.answers) < len(QUESTIONS)


async def test_an_interrupted_run_keeps_what_was_answered_and_leaves_no_process() -> None:
    async with CrewServer(0.05) as server:
        kept: list[str] = []

        async def run() -> None:
            async with crew_for(server, 2) as crew:
                taken = AnswerBook(99, lambda answer: kept.append(answer.sample_id))
                await spread(crew, QUESTIONS, Load(max_concurrency=2), taken, 99)

        asking = asyncio.create_task(run())
        while len(kept) < 6:
            await asyncio.sleep(0.01)
        answered = len(server.prompts) - 2
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert answered <= len(kept) == len(set(kept)) < len(QUESTIONS)
    assert not pids()


async def test_workers_end_with_the_process_that_started_them() -> None:
    async with crew_for(CrewServer(), 1) as crew:
        process = psutil.Process(pids()[0])
        crew._processes[0].stdin.close()  # what the end of this process would do
        gone, _ = await asyncio.to_thread(psutil.wait_procs, [process], 20)
    assert gone


async def test_the_calibration_tells_what_all_reach_together() -> None:
    async with crew_for(CrewServer(), 2) as crew:
        found = await calibrate_crew(crew, QUESTIONS[0].request, 4)
    assert found.maximum_rate > 50
    assert found.max_concurrency == 4
    assert found.overhead_interval.holds(found.overhead_seconds)
