"""Waiting for a stack: in parallel, with a bound, and with names when it does not work out."""

import time
from dataclasses import replace

import pytest
from service_fakes import Engine, FakeProbe, FakeProgress, Records, applied_record, running

from day23.application.await_ready import AwaitReady
from day23.application.ports import ProgressState
from day23.domain.errors import ToolkitError
from day23.domain.observed_service import ServiceState
from day23.domain.service_record import skipped


class Waiting:
    def __init__(self, **answers: list[str | None]) -> None:
        self.around = Engine()
        self.probes = {f"/{name}": FakeProbe(given) for name, given in answers.items()}
        self.around.services = {name: running(name) for name in answers}
        self.around.records = {name: applied_record(name) for name in answers}
        self.progress = FakeProgress()
        self.use_case = AwaitReady(
            self.around, Records(self.around), lambda ready, _: self.probes[str(ready.http)], self.progress
        )


def test_waits_for_everyone_and_tells_who_became_ready() -> None:
    waiting = Waiting(fast=[None], slow=["refused", "refused", None])

    outcomes = waiting.use_case.run()

    assert [(one.name, one.complaint) for one in outcomes] == [("fast", None), ("slow", None)]
    assert ("slow", ProgressState.STARTING) in waiting.progress.reports
    assert ("fast", ProgressState.STARTING) not in waiting.progress.reports
    assert {("fast", ProgressState.READY), ("slow", ProgressState.READY)} <= set(waiting.progress.reports)
    assert all(probe.closed for probe in waiting.probes.values())


def test_names_everyone_who_is_late_with_state_and_last_words() -> None:
    waiting = Waiting(good=[None], bad=["/bad answers 503"], worse=["refused"])
    waiting.around.services["worse"] = replace(running("worse"), state=ServiceState.BACKOFF, detail="exited")
    waiting.around.output = ["one", "last words"]

    with pytest.raises(ToolkitError) as failure:
        waiting.use_case.run()

    assert failure.value.what.startswith("not ready: bad, worse\n")
    assert "bad is running after 0 s: /bad answers 503" in failure.value.what
    assert "worse is backoff (exited) after 0 s: refused\n  one\n  last words" in failure.value.what
    assert failure.value.next_step == "invoke day23.logs bad"
    assert ("bad", ProgressState.FAILED) in waiting.progress.reports


def test_does_not_wait_for_a_service_that_failed_for_good() -> None:
    waiting = Waiting(dead=["refused"])
    waiting.around.services["dead"] = replace(running("dead"), state=ServiceState.FAILED)

    started = time.monotonic()
    with pytest.raises(ToolkitError, match="dead is failed"):
        waiting.use_case.run(within=60)

    assert time.monotonic() - started < 5


def test_an_answer_counts_only_while_the_service_itself_runs() -> None:
    waiting = Waiting(robbed=[None])
    waiting.around.services["robbed"] = replace(running("robbed"), state=ServiceState.BACKOFF)

    with pytest.raises(ToolkitError, match="another program answers on its port"):
        waiting.use_case.run()


def test_skipped_and_unselected_services_are_not_waited_for() -> None:
    waiting = Waiting(wanted=[None], other=["refused"])
    waiting.around.records["grafana"] = skipped("grafana", "no artefact", None)

    assert [one.name for one in waiting.use_case.run(only=["wanted", "grafana"])] == ["wanted"]
    assert Waiting().use_case.run() == ()
