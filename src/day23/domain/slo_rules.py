"""Recording rules and burn-rate alerts of the service levels.

Windows and factors are those of the Google SRE workbook (chapter 5), which `sloth` ships as `google-30d`:
a page at 14.4 times the budget over 1 h and 5 min or 6 times over 6 h and 30 min, a ticket at 3 times over
1 d and 2 h or once over 3 d and 6 h.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from day23.domain.service_levels import BUTLER, LLM_API, MCP_SERVER, REVIEW_PIPELINE, SCRAPES, ServiceLevel

MINIMUM_EVENTS: Final = 20
"""Fewer events in the long window burn no budget: on a quiet host one failure would wake somebody."""

RUNBOOK: Final = "docs/specs/epic_03/alerting_runbook.md"

Rule = Mapping[str, Any]

_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


@dataclass(frozen=True, slots=True)
class Indicator:
    """How a service level is counted.

    Attributes:
        name: Value of the label `slo`: the job, or what is promised.
        errors: Expression of the bad events inside `$window`.
        events: Expression of all events inside `$window`.
    """

    name: str
    level: ServiceLevel
    errors: str
    events: str


@dataclass(frozen=True, slots=True)
class Burn:
    """One pair of windows: the long one shows that it matters, the short one that it still goes on."""

    factor: float
    long: str
    short: str

    @property
    def expression(self) -> str:
        """Whether both windows burn `factor` times the budget, on enough events."""
        budget = f"{self.factor:g} * slo:error_budget:ratio"
        return (
            f"(slo:sli_error:ratio_rate{self.long} > {budget}"
            f" and slo:sli_error:ratio_rate{self.short} > {budget}"
            f" and slo:events:increase{self.long} >= {MINIMUM_EVENTS})"
        )


PAGE: Final = (Burn(14.4, "1h", "5m"), Burn(6, "6h", "30m"))
TICKET: Final = (Burn(3, "1d", "2h"), Burn(1, "3d", "6h"))


def _requests(job: str, level: ServiceLevel) -> Indicator:
    return Indicator(
        job,
        level,
        f'(sum(increase(http_requests_total{{job="{job}", status=~"5.."}}[$window])) or vector(0))',
        f'sum(increase(http_requests_total{{job="{job}"}}[$window]))',
    )


INDICATORS: Final = (
    _requests("mcp", MCP_SERVER),
    _requests("butler-bot", BUTLER),
    _requests("llm-api", LLM_API),
    Indicator(
        "review",
        REVIEW_PIPELINE,
        '(sum(increase(review_tasks_total{status="error"}[$window])) or vector(0))',
        "sum(increase(review_tasks_total[$window]))",
    ),
    Indicator(
        "scrapes",
        SCRAPES,
        "(sum(count_over_time(up[$window])) - sum(sum_over_time(up[$window])))",
        "sum(count_over_time(up[$window]))",
    ),
)


def slo_rules() -> dict[str, Any]:
    """Return the rule file's content: what is recorded, then the two alerts on it.

    One group evaluates its rules in their order, so the alerts see what was recorded at the same moment.
    """
    alerts = [_alert("Fast", "critical", PAGE), _alert("Slow", "warning", TICKET)]
    return {"groups": [{"name": "slo", "rules": [*_recordings(), *alerts]}]}


def _recordings() -> Iterator[Rule]:
    for one in INDICATORS:
        labels = {"slo": one.name}
        budget = f"vector({1 - one.level.objective:.4g})"
        yield {"record": "slo:error_budget:ratio", "expr": budget, "labels": labels}
        for window in _WINDOWS:
            events = one.events.replace("$window", window)
            ratio = f"{one.errors.replace('$window', window)} / {events}"
            yield {"record": f"slo:sli_error:ratio_rate{window}", "expr": ratio, "labels": labels}
            if window in {burn.long for burn in (*PAGE, *TICKET)}:
                yield {"record": f"slo:events:increase{window}", "expr": events, "labels": labels}


def _alert(speed: str, severity: str, burns: tuple[Burn, ...]) -> Rule:
    name = f"ErrorBudgetBurn{speed}"
    windows = " or ".join(f"{burn.factor:g} times over {burn.long} and {burn.short}" for burn in burns)
    return {
        "alert": name,
        "expr": " or ".join(burn.expression for burn in burns),
        "labels": {"severity": severity, "service": "{{ $labels.slo }}"},
        "annotations": {
            "summary": "{{ $labels.slo }} fails {{ $value | humanizePercentage }} of its events",
            "description": f"The error budget of 30 days burns {windows}, and it still goes on.",
            "runbook_url": f"{RUNBOOK}#{name.lower()}",
        },
    }
