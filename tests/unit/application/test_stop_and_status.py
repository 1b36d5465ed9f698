"""Taking services out, stopping the stack, and telling what it does."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from service_fakes import Engine, FakeProbe, Files, Records, Targets, applied_record, running

from day23.application.remove_service import RemoveService
from day23.application.stack_status import StackStatus
from day23.application.stop_stack import StopStack
from day23.domain.errors import ToolkitError
from day23.domain.observed_service import ServiceState
from day23.domain.service_record import skipped


@dataclass
class State:
    folders: tuple[Path, ...] = (Path("/srv/data"),)
    purges: list[str] = field(default_factory=list)

    def present(self) -> tuple[Path, ...]:
        return self.folders

    stubborn: bool = False

    def purge(self) -> None:
        self.purges.append("purge")
        self.folders = self.folders if self.stubborn else ()


def test_down_stops_everything_and_keeps_the_data() -> None:
    around, state = Engine(), State()
    around.services = {"b": running("b"), "a": running("a")}

    stopped = StopStack(around, state).run()

    assert (stopped.services, stopped.purged, stopped.changed) == (("a", "b"), (), True)
    assert (around.journal, state.purges) == (["shutdown"], [])


def test_down_twice_changes_nothing() -> None:
    around = Engine()
    around.services = {"a": replace(running("a"), state=ServiceState.STOPPED, pid=None)}

    assert not StopStack(around, State()).run().changed


def test_purging_removes_data_after_everything_stopped() -> None:
    around, state = Engine(), State()

    assert StopStack(around, state).run(purge=True).purged == ("/srv/data",)
    assert (around.journal, state.purges) == (["shutdown"], ["purge"])


def test_what_cannot_be_purged_is_named() -> None:
    with pytest.raises(ToolkitError, match=r"could not be removed \(/srv/data\)"):
        StopStack(Engine(), State(stubborn=True)).run(purge=True)


def test_check_mode_of_down_only_tells() -> None:
    around, state = Engine(), State()
    around.services = {"a": running("a")}

    stopped = StopStack(around, state).run(purge=True, check_mode=True)

    assert (stopped.services, stopped.purged) == (("a",), ("/srv/data",))
    assert (around.journal, state.purges) == ([], [])


def test_a_service_is_removed_once() -> None:
    around = Engine()
    around.services, around.records = {"a": running("a")}, {"a": applied_record("a")}
    around.scrape_targets = {"a": "[]"}
    remove = RemoveService(around, Records(around), Files(around), Targets(around))

    assert remove.run("a", check_mode=True)
    assert around.journal == []
    assert remove.run("a")
    assert (around.services, around.records, around.scrape_targets) == ({}, {}, {})
    assert not remove.run("a")


def test_status_joins_record_engine_and_probe() -> None:
    around = Engine()
    around.services = {
        "good": running("good"),
        "down": replace(
            running("down"), state=ServiceState.BACKOFF, pid=None, started_at=None, detail="exited"
        ),
        "deaf": running("deaf"),
    }
    around.records = {name: applied_record(name) for name in ("good", "down", "deaf", "gone")}
    around.records["grafana"] = skipped("grafana", "no artefact", None)
    answers = {"/good": None, "/down": "refused", "/deaf": "answers 503", "/gone": "refused"}
    status = StackStatus(
        around,
        Records(around),
        lambda ready, _: FakeProbe([answers[str(ready.http)]]),
        lambda pid: pid * 1000,
    )

    rows = {row.service: row for row in status.rows()}

    told = {name: (row.state, row.ready, row.reason) for name, row in rows.items()}
    assert told == {
        "good": ("running", True, ""),
        "deaf": ("running", False, "answers 503"),
        "down": ("backoff", False, "exited"),
        "gone": ("stopped", False, ""),
        "grafana": ("skipped", None, "no artefact"),
    }
    assert (rows["good"].memory_bytes, rows["good"].endpoint) == (7000, "127.0.0.1:4000")
    assert (rows["down"].memory_bytes, rows["down"].uptime_seconds) == (None, None)
