"""What runs on a worker of Dask: its share of a run, ended when nobody waits for it any more."""

import asyncio
from dataclasses import dataclass, field

import uvloop
from distributed import Status, Worker, get_worker

from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.llm.worker_task import TASK, begin_at, perform

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class SealedTask:
    """A `WorkerTask` as JSON, of which Dask shows nothing: it logs the arguments of what fails."""

    json: bytes = field(repr=False)


def perform_on_dask(task: SealedTask, key: str, topic: str, begin: float) -> list[str]:
    """Ask a share; return every answer as JSON, and tell each as an event as soon as it is there.

    Args:
        task: The share.
        key: Its name in Dask.
        topic: Of the events.
        begin: The start of the run by wall clock.
    """
    worker, answers = get_worker(), list[str]()

    def tell(answer: RecordedAnswer) -> None:
        answers.append(answer.model_dump_json())
        worker.log_event(topic, answers[-1])

    async def started() -> float:
        return begin_at(begin)

    async def asked() -> None:
        asking = asyncio.create_task(perform(TASK.validate_json(task.json), started, tell))
        while not asking.done():
            await asyncio.wait({asking}, timeout=LOOK_SECONDS)
            if not asking.done() and _abandoned(worker, key):
                asking.cancel()
        await asking

    uvloop.run(asked())
    return answers


def _abandoned(worker: Worker, key: str) -> bool:
    """Return whether caller or scheduler is gone: a thread cannot be ended, and would go on asking."""
    known = worker.state.tasks.get(key)
    return known is None or known.state == "cancelled" or worker.status in (Status.closing, Status.closed)
