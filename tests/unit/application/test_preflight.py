"""Preflight tells everything at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from day23.application.preflight import Finding, FindingState, Preflight, refusal
from day23.domain.errors import ToolkitError


@dataclass
class Always:
    outcome: Sequence[Finding] | ToolkitError

    def findings(self) -> Sequence[Finding]:
        if isinstance(self.outcome, ToolkitError):
            raise self.outcome
        return self.outcome


PORT = Finding("port 9090 (prometheus)", FindingState.FAILED, "in use by pid 7, nginx, user ann", "stop it")
FINE = Finding("python", FindingState.PASSED, "3.11.9")
LATER = Finding("artefact loki", FindingState.TO_FETCH, "3.7.8 from go")
ABSENT = Finding("artefact grafana", FindingState.SKIPPED, "not on this host")


def test_one_failed_check_does_not_hide_the_others() -> None:
    owner = ToolkitError("another engine's", where="/srv/stack", next_step="make day-23-down")
    findings = Preflight(
        (("owner", Always(owner)), ("python", Always([FINE])), ("ports", Always([PORT])))
    ).run()
    assert [finding.check for finding in findings] == ["owner", "python", "port 9090 (prometheus)"]
    assert refusal(findings) == (
        "Nothing was started: 2 problems.\n"
        "- owner: another engine's (/srv/stack)\n"
        "    Next: make day-23-down\n"
        "- port 9090 (prometheus): in use by pid 7, nginx, user ann\n"
        "    Next: stop it"
    )


def test_what_is_fetched_or_skipped_refuses_nothing() -> None:
    assert refusal([FINE, LATER, ABSENT]) is None
