"""The ten points: a good run passes, and each negative control fails for its own reason."""

from typing import Any

import pytest
from recorded import READY, STOPPED, TARGETS, account, passed, snapshot

from day23.domain.exit_codes import ExitCode
from day23.domain.observability_policy import RESTART_CHECKS
from day23.domain.restart.checks import CHECKS
from day23.domain.restart.evidence import Evidence, Kept, Notifications
from day23.domain.restart.judgement import RestartVerdict, judge
from day23.domain.restart.ledger import Load
from day23.domain.restart.snapshot import Content, RuleGroup


def after(**changes: Any) -> Evidence:
    """Return the good run with another state afterwards."""
    return passed(after=snapshot(1040.0, 200, **changes))


def with_account(name: str, **changes: int) -> Evidence:
    """Return the good run with another account of one ledger."""
    return passed(accounts={**passed().accounts, name: account(**changes)})


def without_target(job: str) -> Evidence:
    """Return the good run in which one target never came back."""
    left = {key: one for key, one in passed().resumptions.items() if not key.startswith(job)}
    return passed(resumptions=left)


CONTROLS = {
    "one target left stopped": (without_target("node"), "resumed", "node host:1 is not scraped"),
    "data folder removed": (after(metrics=Content(items=0, digest="x")), "kept", "9000 before, 0 after"),
    "collector checkpoint removed": (with_account("file", doubled=4000), "logs", "4000 lines are doubled"),
    "route to nowhere": (passed(watchdog_at=STOPPED - 5), "rules_live", "no Watchdog notification"),
    "clock of the checker shifted": (after(server_time=980.0), "resumed", "+60.0 s off"),
    "a rule file missing": (after(rules=()), "rules_live", "rule group stack lost TargetDown, Watchdog"),
    "a silence dropped": (after(silences={}), "alert_state_kept", "silence lost: alertname=RestartSilenced"),
    "one acknowledged document deleted": (
        with_account("writes", missing=1),
        "data_services",
        "of 5000 acknowledged writes 1 are lost",
    ),
    "a textfile lost": (after(textfiles={}), "data_services", "textfile seed.prom is gone"),
}
"""The negative controls of a restart validation, on recorded answers."""

DAMAGES = {
    "samples before the stop": (passed(kept=Kept(samples=300, lost=2)), "kept", "2 of 300 samples"),
    "log lines of the window": (after(logs=Content(items=1500, digest="c")), "kept", "other content"),
    "series": (after(series={}), "complete", "0 series of 100"),
    "a line": (with_account("push", missing=3), "logs", "path push: 3 of 5000"),
    "a write doubled": (with_account("writes", doubled=1), "data_services", "1 doubled"),
    "a notification doubled": (
        passed(notifications=Notifications(firing=2)),
        "alert_state_kept",
        "notified 2 times",
    ),
    "a silence ignored": (
        passed(notifications=Notifications(firing=1, silenced=1)),
        "alert_state_kept",
        "silenced alert was notified",
    ),
    "a panel": (after(views={}), "views", "no data any more: shared-infra / Up / 1"),
    "a stream": (after(streams=()), "logs", "log stream loki/info/stderr is gone"),
    "a collection": (after(collections={"digests": 149}), "data_services", "150 before, 149 after"),
    "the sentinel": (after(sentinel=False), "data_services", "sentinel"),
    "an unhealthy rule": (
        after(
            rules=(
                RuleGroup(name="stack", rules=("TargetDown", "Watchdog"), healthy=False, last_evaluation=2e3),
            )
        ),
        "rules_live",
        "is not evaluated",
    ),
    "dropped entries": (
        after(damage={"loki loki_discarded_samples_total": 7.0}),
        "no_silent_damage",
        "loki_discarded_samples_total +7",
    ),
}


def test_a_good_run_passes_with_all_ten_points() -> None:
    report = judge(passed())

    assert report.reasons == ()
    assert [check.name for check in report.checks] == list(RESTART_CHECKS)
    assert (report.verdict, report.verdict.exit_code) == (RestartVerdict.PASSED, ExitCode.DONE)
    assert all(check.figures for check in report.checks)


@pytest.mark.parametrize(("evidence", "check", "reason"), CONTROLS.values(), ids=CONTROLS)
def test_every_negative_control_fails_for_its_reason(evidence: Evidence, check: str, reason: str) -> None:
    report = judge(evidence)

    assert (report.verdict, report.verdict.exit_code) == (RestartVerdict.FAILED, ExitCode.ERROR)
    assert [one.name for one in report.checks if not one.holds] == [check]
    assert reason in report.reasons[0]


@pytest.mark.parametrize(("evidence", "check", "reason"), DAMAGES.values(), ids=DAMAGES)
def test_every_loss_is_found(evidence: Evidence, check: str, reason: str) -> None:
    report = judge(evidence)

    assert report.verdict is RestartVerdict.FAILED
    assert any(check in told and reason in told for told in report.reasons), report.reasons


def test_an_untouched_stack_proves_nothing() -> None:
    report = judge(passed(after=snapshot(1040.0, 100)))

    assert (report.verdict, report.verdict.exit_code) == (RestartVerdict.VOID, ExitCode.VOID)
    assert "prometheus did not restart" in report.reasons[0]


@pytest.mark.parametrize("part", ["before", "during", "after"])
def test_a_run_without_load_proves_nothing(part: str) -> None:
    idle = Load(**{**passed().loads["writes"].model_dump(), part: 3.0})

    report = judge(passed(loads={**passed().loads, "writes": idle}))

    assert report.verdict is RestartVerdict.VOID
    assert "load of writes was 3/s" in report.reasons[0]


def test_a_host_that_was_not_booted_proves_nothing() -> None:
    assert judge(passed(disruption="host")).verdict is RestartVerdict.VOID
    booted = snapshot(1040.0, 200, boot_id="two")
    assert judge(passed(disruption="host", after=booted)).verdict is RestartVerdict.PASSED


def test_a_broken_configuration_must_be_refused() -> None:
    calm = {"disruption": "reload_bad_config", "hit": (), "after": snapshot(1040.0, 100)}

    assert (
        judge(passed(**calm, refusal="HTTP 500: couldn't load configuration")).verdict
        is RestartVerdict.PASSED
    )
    assert judge(passed(**calm)).verdict is RestartVerdict.VOID


def test_a_hole_is_told_with_its_bound() -> None:
    torn = passed().resumptions[TARGETS[0].key].model_copy(update={"hole_seconds": 31.0})

    report = judge(passed(resumptions={**passed().resumptions, TARGETS[0].key: torn}))

    # 21 s from the last sample to ready, 5 s of discovery, 2 s of interval, 1 s between two looks
    assert report.reasons == (f"resumed: {TARGETS[0].key}: hole of 31.0 s, bound 29.0 s",)
    assert report.figure("resumed", "hole bound s") == 29.0


def test_a_first_sample_that_comes_too_late_is_told_with_its_bound() -> None:
    slow = passed().resumptions[TARGETS[0].key].model_copy(update={"first_after": READY + 30})

    report = judge(passed(resumptions={**passed().resumptions, TARGETS[0].key: slow}))

    assert report.reasons == ("resumed: prometheus host:1: first sample 30.0 s after ready, bound 8.0 s",)


def test_a_counter_that_its_process_restarted_is_not_growth() -> None:
    before = snapshot(990.0, 100, damage={"loki loki_discarded_samples_total": 5.0})

    assert judge(passed(before=before)).verdict is RestartVerdict.PASSED


def test_checks_never_read_a_clock_or_a_server() -> None:
    evidence = passed()

    assert [check(evidence) for check in CHECKS] == [check(evidence) for check in CHECKS]
    assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence
