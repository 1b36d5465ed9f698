"""The last restart validation: did telemetry resume, how long was the hole, was anything lost."""

from typing import Final

from day23.domain.dashboard import (
    Colour,
    Dashboard,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    ValueName,
    falling,
    rising,
)

_NOT_YET = "a restart validation fills it; none has been run on this stack"
_OUTCOMES = (
    ValueName(0, "PASS", Colour.GOOD),
    ValueName(1, "FAIL", Colour.BAD),
    ValueName(4, "VOID", Colour.NEUTRAL),
)
_CHECKS = (ValueName(0, "FAILED", Colour.BAD), ValueName(1, "HOLDS", Colour.GOOD))


def _panel(
    title: str,
    description: str,
    expression: str,
    legend: str,
    unit: str,
    kind: PanelKind = PanelKind.BAR_GAUGE,
    **more: object,
) -> Panel:
    query = PanelQuery(expression, legend, instant=kind is not PanelKind.STATE_TIMELINE)
    return Panel(title, description, (query,), unit, kind, empty_by_design=_NOT_YET, **more)  # type: ignore[arg-type]


RESTART_VALIDATION: Final = Dashboard(
    name="restart-validation",
    uid="restart-validation",
    title="Restart validation",
    description="Whether metrics, logs, alerts and data resumed after the last disruption, with numbers.",
    sections=(
        Section(
            "Verdict",
            (
                _panel(
                    "Outcome",
                    "Verdict of the last validation of each kind of disruption.",
                    "max by (disruption) (restart_validation_outcome)",
                    "{{disruption}}",
                    "short",
                    PanelKind.STAT,
                    value_names=_OUTCOMES,
                ),
                _panel(
                    "Checks",
                    "The ten points of the last validation.",
                    "min by (check) (restart_validation_check)",
                    "{{check}}",
                    "short",
                    PanelKind.TABLE,
                    value_names=_CHECKS,
                    thresholds=falling(0.5, 1.0),
                    width=16,
                ),
            ),
        ),
        Section(
            "Time",
            (
                _panel(
                    "Ready again",
                    "From the stop to the moment the service was ready.",
                    "max by (service) (restart_validation_ready_seconds)",
                    "{{service}}",
                    "s",
                    thresholds=rising(10, 60),
                    minimum=0,
                ),
                _panel(
                    "First sample",
                    "From ready to the first sample of the service in Prometheus.",
                    "max by (service) (restart_validation_first_sample_seconds)",
                    "{{service}}",
                    "s",
                    thresholds=rising(30, 60),
                    minimum=0,
                ),
                _panel(
                    "Hole in the samples",
                    "Longest distance between two samples of a job across the disruption.",
                    "max by (job) (restart_validation_scrape_hole_seconds)",
                    "{{job}}",
                    "s",
                    thresholds=rising(60, 120),
                    minimum=0,
                ),
            ),
        ),
        Section(
            "Losses",
            (
                _panel(
                    "Log lines",
                    "Canary lines missing and doubled after the disruption, by path. Missing must be 0.",
                    "max by (path, fault) (restart_validation_log_lines)",
                    "{{path}} {{fault}}",
                    "short",
                    PanelKind.STAT,
                    thresholds=rising(1, 10),
                    width=12,
                ),
                _panel(
                    "Acknowledged writes",
                    "Writes that MongoDB acknowledged and that were lost or doubled. Both must be 0.",
                    "max by (fault) (restart_validation_writes)",
                    "{{fault}}",
                    "short",
                    PanelKind.STAT,
                    thresholds=rising(1, 10),
                    width=12,
                ),
            ),
        ),
        Section(
            "History",
            (
                _panel(
                    "Services while it ran",
                    "Whether each job answered its scrapes; the hole of the last restart is visible here.",
                    "min by (job) (up)",
                    "{{job}}",
                    "short",
                    PanelKind.STATE_TIMELINE,
                    value_names=(ValueName(0, "DOWN", Colour.BAD), ValueName(1, "UP", Colour.GOOD)),
                    width=24,
                ),
            ),
        ),
    ),
)
