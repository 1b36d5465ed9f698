"""Wiring of the watcher: a process of its own that survives what is done to the stack."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from day23.domain.placement import Network, Placement
from day23.domain.restart.watch_plan import FILE, LEDGERS, PUSH, WatchPlan
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.bare_environment import bare_environment
from day23.infrastructure.engines import engine_for
from day23.infrastructure.files import write_atomically
from day23.infrastructure.probes import probe_for
from day23.infrastructure.restart.canaries import FileCanary, MongoWriter, PushCanary
from day23.infrastructure.restart.ledger_file import LedgerContent, LedgerFile
from day23.infrastructure.restart.looks import Poller
from day23.infrastructure.restart.stream import Deliver, Stream
from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings
from day23.wiring.connections import mongo_client, service_address

_DRAIN_SECONDS = 20.0
_LOOK_SECONDS = 0.1
_MONGO_MILLISECONDS = 2000


def start_watcher(plan: WatchPlan) -> int:
    """Start a watcher that outlives its caller; return its process id."""
    path = plan.folder / "watch.json"
    write_atomically(path, plan.model_dump_json(indent=1))
    for mark in (plan.stop_wish, plan.dismissal, plan.ended):
        mark.unlink(missing_ok=True)
    with (plan.folder / "watch.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "day23.presentation.restart_watch", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=bare_environment() | {"DOCKER_HOST": Settings().docker_host},
            start_new_session=True,
        )
    return started.pid


def watch(path: Path, interrupted: Callable[[], bool]) -> None:
    """Do what the plan at `path` says until it is to end or its time is over."""
    plan = WatchPlan.model_validate_json(path.read_bytes())
    moment = partial(moment_of, plan.epoch)
    end = time.monotonic() + plan.lifetime_seconds
    with ExitStack() as files:
        streams = [_stream(plan, name, files) for name in LEDGERS]
        poller = _poller(plan, files)
        poller.start()
        for stream in streams:
            stream.start()
        while not (_is_to_end(plan) or interrupted()) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        is_awaited = plan.stop_wish.exists()
        for stream in streams:
            stream.finish(_DRAIN_SECONDS if is_awaited else 0.0)
        if not is_awaited:
            plan.canary_file.unlink(missing_ok=True)  # whoever began the watch does not come back
        poller.finish()
    write_atomically(plan.ended, f"{moment()}\n")


def _is_to_end(plan: WatchPlan) -> bool:
    return plan.stop_wish.exists() or plan.dismissal.exists()


def moment_of(epoch: float) -> float:
    """Return Unix seconds on the monotonic clock."""
    return epoch + time.monotonic()


def _poller(plan: WatchPlan, files: ExitStack) -> Poller:
    paths = StackPaths(plan.stack_root)
    engine = engine_for(plan.engine, paths, Placement(Network(plan.network), plan.project))
    ledger = files.enter_context(LedgerFile(plan.looks))
    return Poller(StackRecords(paths).load_all(), probe_for, engine, ledger, partial(moment_of, plan.epoch))


def _stream(plan: WatchPlan, name: str, files: ExitStack) -> Stream:
    known = len(LedgerContent(plan.ledger(name)).sent)
    ledger = files.enter_context(LedgerFile(plan.ledger(name)))
    return Stream(ledger, plan.rate, _receiver(plan, name), partial(moment_of, plan.epoch), known)


def _receiver(plan: WatchPlan, name: str) -> Deliver:
    settings = Settings().model_copy(
        update={
            "stack_root": plan.stack_root,
            "mongodb_url": None,
            "loki_url": None,
            "mongo_timeout_ms": _MONGO_MILLISECONDS,
        }
    )
    if name == FILE:
        return FileCanary(plan.canary_file, plan.run_id).deliver
    if name == PUSH:
        first = moment_of(plan.epoch)
        return PushCanary(service_address(settings, "loki"), plan.run_id, first, plan.rate).deliver
    connect = partial(mongo_client, settings, "seeder")
    return MongoWriter(connect, settings.db_name, plan.run_id).deliver
