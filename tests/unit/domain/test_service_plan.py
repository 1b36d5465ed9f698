"""What becomes of a service: decided by hashes, explained in words."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.observed_service import Observed, ServiceState
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_plan import Action, plan, skip
from day23.domain.service_record import RecordedArtifact, ServiceRecord, skipped

SERVICE = ResolvedService(
    name="loki",
    argv=("/cache/loki",),
    check_argv=(),
    environment={},
    files={"loki.yml": "a: 1\n", "rules/a.yml": "rule\n"},
    secrets=(),
    endpoints={"http": "127.0.0.1:3100"},
    artifact_digest="d" * 64,
    artifact_version="3.7.8",
    core_hash="core",
    reload_hash="reload",
    stop_signal="TERM",
    stop_within=30,
    config_dir=Path("/srv/etc/loki"),
    data_dir=Path("/srv/data/loki"),
    reload_files=("rules/a.yml",),
)
RUNNING = Observed("loki", ServiceState.RUNNING, 7, 1.0, "core", "")
RECORD = ServiceRecord(
    name="loki",
    state="applied",
    artifact=RecordedArtifact(name="loki", version="3.7.8", digest="d" * 64, source="go"),
    endpoints={"http": "127.0.0.1:3100"},
    core_hash="core",
    reload_hash="reload",
)

states = st.sampled_from(ServiceState)
hashes = st.sampled_from(["core", "other", ""])
records = st.none() | st.builds(
    RECORD.model_copy, update=st.fixed_dictionaries({"reload_hash": st.sampled_from(["reload", "x", ""])})
)
contents = st.dictionaries(
    st.sampled_from(["loki.yml", "rules/a.yml", "old.yml"]), st.sampled_from(["a: 1\n", "rule\n", "edited"])
)
observations = st.none() | st.builds(
    Observed, st.just("loki"), states, st.just(7), st.just(1.0), hashes, st.just("")
)


def test_nothing_happens_to_what_runs_as_it_should() -> None:
    decided = plan(SERVICE, RUNNING, RECORD, SERVICE.files)

    assert (decided.action, decided.reasons, decided.changed) == (Action.UNCHANGED, (), False)


@given(observations, records, contents)
def test_the_action_follows_from_state_and_hashes(
    observed: Observed | None, record: ServiceRecord | None, present: dict[str, str]
) -> None:
    decided = plan(SERVICE, observed, record, present)

    is_alive = observed is not None and observed.state in (ServiceState.RUNNING, ServiceState.STARTING)
    assert (decided.action is Action.STARTED) == (not is_alive)
    if is_alive and observed is not None:
        core_is_right = observed.core_hash == "core" and present.get("loki.yml") == "a: 1\n"
        assert (decided.action is Action.RESTARTED) == (not core_is_right)
    if decided.action is Action.UNCHANGED:
        assert present.items() >= SERVICE.files.items()


@given(observations, records, contents)
def test_every_change_has_a_reason_and_nothing_else_has(
    observed: Observed | None, record: ServiceRecord | None, present: dict[str, str]
) -> None:
    decided = plan(SERVICE, observed, record, present)

    assert decided.changed == (decided.action is not Action.UNCHANGED)
    assert all(decided.reasons)


@given(observations, records, contents)
def test_after_carrying_out_the_plan_nothing_is_left_to_do(
    observed: Observed | None, record: ServiceRecord | None, present: dict[str, str]
) -> None:
    plan(SERVICE, observed, record, present)

    assert plan(SERVICE, RUNNING, RECORD, {**present, **SERVICE.files}).action is Action.UNCHANGED


def test_a_reload_that_was_never_confirmed_is_repeated() -> None:
    cut_short = RECORD.claiming(())

    decided = plan(SERVICE, RUNNING, cut_short, SERVICE.files)

    assert (decided.action, decided.reasons) == (Action.RELOADED, ("reload was not confirmed",))


def test_a_lost_record_alone_is_no_reason_to_touch_a_service_without_reload_files() -> None:
    service = replace(SERVICE, reload_files=())

    assert plan(service, RUNNING, None, service.files).action is Action.UNCHANGED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"artifact_digest": "e" * 64, "artifact_version": "3.8.0"}, "artefact 3.7.8 becomes 3.8.0"),
        ({"artifact_digest": "e" * 64}, "the content of artefact 3.7.8 changed"),
        ({"endpoints": {"http": "127.0.0.1:4100"}}, "its ports changed"),
        ({"argv": ("/cache/loki", "-x")}, "its command, environment or secrets changed"),
    ],
)
def test_a_restart_says_why(change: dict[str, object], reason: str) -> None:
    decided = plan(replace(SERVICE, core_hash="new", **change), RUNNING, RECORD, SERVICE.files)  # type: ignore[arg-type]

    assert decided.reasons == (reason,)


def test_the_difference_shows_only_what_changes() -> None:
    decided = plan(
        SERVICE, RUNNING, RECORD, {"loki.yml": "a: 0\n", "rules/a.yml": "rule\n", "old.yml": "gone\n"}
    )

    assert "# loki/loki.yml\na: 0\n" in decided.before
    assert "# loki/old.yml\ngone\n" in decided.before
    assert "# loki/loki.yml\na: 1\n" in decided.after
    assert "rule" not in decided.before + decided.after
    assert "old.yml" not in decided.after


@pytest.mark.parametrize(
    ("observed", "reason"),
    [
        (None, "it is new"),
        (replace(RUNNING, state=ServiceState.STOPPED), "it is stopped"),
        (
            replace(RUNNING, state=ServiceState.BACKOFF, detail="exited too quickly"),
            "it is backoff: exited too quickly",
        ),
    ],
)
def test_a_start_says_why(observed: Observed | None, reason: str) -> None:
    assert plan(SERVICE, observed, RECORD, SERVICE.files).reasons == (reason,)


def test_skipping_is_news_once_per_reason() -> None:
    first = skip("grafana", "no artefact", None)
    known = skipped("grafana", "no artefact", None)

    assert (first.action, first.changed) == (Action.SKIPPED, True)
    assert not skip("grafana", "no artefact", known).changed
    assert skip("grafana", "another reason", known).changed
    assert skip("grafana", "no artefact", RECORD).changed


def test_records_that_differ_in_time_only_say_the_same() -> None:
    later = RECORD.model_copy(update={"applied_at": datetime(2099, 1, 1, tzinfo=UTC)})

    assert RECORD.says_the_same(later)
    assert not RECORD.says_the_same(later.claiming(()))
    assert not RECORD.says_the_same(None)
