"""What the services write: volume, errors, privileged operations, the lines themselves."""

from typing import Final

from day23.domain.dashboard import (
    Dashboard,
    DataSource,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    Variable,
    rising,
)

_NO_ERRORS = "a stack in order writes no error lines"
_NO_AUDIT = "no privileged operation has been asked for yet"

LOGS: Final = Dashboard(
    name="logs",
    uid="day23-logs",
    title="Logs",
    description="What the services write, and how much of it.",
    variables=(Variable("service", "Service", "", "service", DataSource.LOKI),),
    window_hours=1,
    sections=(
        Section(
            "Volume",
            (
                Panel(
                    "Lines by service",
                    "Lines a second that Loki holds of each service.",
                    (PanelQuery('sum by (service) (rate({service=~"$service"}[$__auto]))', "{{service}}"),),
                    unit="ops",
                    source=DataSource.LOKI,
                    minimum=0,
                    width=12,
                ),
                Panel(
                    "Lines by level",
                    "Lines a second by level, over the chosen services.",
                    (PanelQuery('sum by (level) (rate({service=~"$service"}[$__auto]))', "{{level}}"),),
                    unit="ops",
                    source=DataSource.LOKI,
                    minimum=0,
                    width=12,
                ),
                Panel(
                    "Error lines",
                    "Lines of level error or worse inside the chosen window, by service.",
                    (
                        PanelQuery(
                            'sum by (service) (count_over_time({service=~"$service", level=~"error|critical|fatal"}[$__range]))',
                            "{{service}}",
                            instant=True,
                        ),
                    ),
                    unit="short",
                    kind=PanelKind.STAT,
                    source=DataSource.LOKI,
                    thresholds=rising(1, 20),
                    width=24,
                    height=5,
                    empty_by_design=_NO_ERRORS,
                ),
            ),
        ),
        Section(
            "Lines",
            (
                Panel(
                    "Errors",
                    "The newest lines of level error or worse.",
                    (PanelQuery('{service=~"$service", level=~"error|critical|fatal"}'),),
                    unit="short",
                    kind=PanelKind.LOGS,
                    source=DataSource.LOKI,
                    width=12,
                    empty_by_design=_NO_ERRORS,
                ),
                Panel(
                    "Audit",
                    "Privileged operations: who asked for what, and the outcome.",
                    (PanelQuery('{service=~"$service", stream="audit"}'),),
                    unit="short",
                    kind=PanelKind.LOGS,
                    source=DataSource.LOKI,
                    width=12,
                    empty_by_design=_NO_AUDIT,
                ),
                Panel(
                    "Newest lines",
                    "The newest lines of the chosen services; click one for its trace id and other fields.",
                    (PanelQuery('{service=~"$service"}'),),
                    unit="short",
                    kind=PanelKind.LOGS,
                    source=DataSource.LOKI,
                    width=24,
                    height=10,
                ),
            ),
        ),
    ),
)
