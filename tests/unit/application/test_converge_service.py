"""In which order a service is converged, and what is left when a step fails."""

from pathlib import Path
from typing import Any

import pytest
from service_fakes import Engine, Files, Records, Reloader, Targets, tiny_spec

from day23.application.converge_service import ConvergePorts, ConvergeService
from day23.domain.errors import ToolkitError
from day23.domain.service_plan import ServicePlan
from day23.domain.stack_paths import StackPaths

RELOADABLE = {"reload": {"http": "/-/reload", "files": ["tiny.conf"]}}


@pytest.fixture
def around() -> Engine:
    return Engine()


def converge(around: Engine, check_mode: bool = False, **changes: Any) -> ServicePlan:
    around.journal.clear()
    ports = ConvergePorts(
        engine=around,
        find_artifact=around.find_artifact,
        records=Records(around),
        secrets=around,
        files=Files(around),
        host_files=around,
        targets=Targets(around),
        checker=around,
        reloader=Reloader(around),
    )
    use_case = ConvergeService(ports, StackPaths(Path("/srv/stack")), "127.0.0.1")
    return use_case.run(tiny_spec(**changes), check_mode=check_mode)


def test_checks_before_the_swap_and_records_after_the_start(around: Engine) -> None:
    converge(around, check=["tiny", "check"], secrets=["tiny_password"])

    assert around.journal == ["secret tiny_password", "check", "claim", "write", "start", "record"]


def test_a_second_run_touches_nothing(around: Engine) -> None:
    converge(around)

    assert not converge(around).changed
    assert around.journal == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_check_mode_decides_the_same_and_touches_nothing(around: Engine, check_mode: bool) -> None:
    converge(around)

    decided = converge(around, check_mode, files={"tiny.conf": "new\n"})

    assert decided.action.value == "restarted"
    assert (around.journal == []) == check_mode


def test_a_warm_start_does_not_check_again_what_was_accepted(around: Engine) -> None:
    converge(around, check=["tiny", "check"])
    around.stop("tiny", within=1)

    assert converge(around, check=["tiny", "check"]).action.value == "started"
    assert around.journal == ["write", "start", "record"]


def test_a_refused_configuration_changes_nothing_and_is_refused_again(around: Engine) -> None:
    converge(around, check=["tiny", "check"])
    around.said_by_checker = "/candidate/tiny.conf:3: no such option"

    for _ in range(2):
        with pytest.raises(ToolkitError, match=r"/rejected/tiny\.conf:3: no such option"):
            converge(around, check=["tiny", "check"], files={"tiny.conf": "bad\n"})
        assert around.journal == ["check"]
    assert around.contents == {"tiny.conf": "hello\n"}


def test_a_start_that_fails_is_repeated_by_the_next_run(around: Engine) -> None:
    around.start_refusal = "cannot fork"
    with pytest.raises(ToolkitError, match="cannot fork"):
        converge(around)
    around.start_refusal = ""

    assert converge(around).action.value == "started"
    assert not converge(around).changed


def test_a_refused_reload_gives_the_old_files_back_and_is_repeated(around: Engine) -> None:
    converge(around, **RELOADABLE)
    around.reload_refusal = "bad rule"

    with pytest.raises(ToolkitError, match="bad rule"):
        converge(around, **RELOADABLE, files={"tiny.conf": "new\n"})
    assert around.contents == {"tiny.conf": "hello\n"}
    around.reload_refusal = ""

    assert converge(around, **RELOADABLE, files={"tiny.conf": "new\n"}).action.value == "reloaded"
    assert "POST http://127.0.0.1:4000/-/reload" in around.journal


def test_files_that_the_service_watches_itself_need_no_request(around: Engine) -> None:
    watched = {"reload": {"files": ["tiny.conf"]}}
    converge(around, **watched)

    assert converge(around, **watched, files={"tiny.conf": "new\n"}).action.value == "reloaded"
    assert around.journal == ["claim", "write", "record"]


def test_a_reload_by_signal_reaches_the_engine(around: Engine) -> None:
    signalled = {"reload": {"signal": "HUP", "files": ["tiny.conf"]}}
    converge(around, **signalled)
    converge(around, **signalled, files={"tiny.conf": "new\n"})

    assert "signal HUP" in around.journal


def test_only_files_that_were_its_own_are_removed(around: Engine) -> None:
    converge(around, files={"tiny.conf": "hello\n", "more.conf": "more\n"})
    around.contents["foreign.yml"] = "from another role"

    converge(around)

    assert "unlink more.conf" in around.journal
    assert around.contents == {"tiny.conf": "hello\n", "foreign.yml": "from another role"}


def test_a_needed_artefact_that_is_missing_is_an_error(around: Engine) -> None:
    around.missing = "tiny 1 is not on this host"

    with pytest.raises(ToolkitError, match=r"tiny 1 is not on this host\. Next: fetch it"):
        converge(around)
    assert converge(around, check_mode=True).action.value == "started"


def test_an_optional_service_that_lost_its_artefact_is_taken_down(around: Engine) -> None:
    converge(around, optional=True, metrics={"job": "tiny"})
    around.missing = "gone"

    decided = converge(around, optional=True, unavailable_hint="install it")

    assert (decided.action.value, decided.reasons) == ("skipped", ("gone; install it",))
    assert around.journal == ["remove", "record"]
    assert around.scrape_targets == {}
    assert around.records["tiny"].files.keys() == {"tiny.conf"}


def test_files_of_the_host_are_verified_before_anything_else_and_also_when_nothing_changed(
    around: Engine,
) -> None:
    model = {"name": "tiny_model", "path": "/srv/model", "sha256": "0" * 64}
    converge(around, host_files=[model])
    assert around.journal[0] == "verify tiny_model"

    converge(around, host_files=[model])
    assert around.journal == ["verify tiny_model"]
