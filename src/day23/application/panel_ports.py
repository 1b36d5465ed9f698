"""What reading dashboards needs from the servers that panels ask."""

from datetime import datetime
from typing import Protocol

from day23.domain.dashboard import Variable
from day23.domain.live_values import LogLine
from day23.domain.panel_answer import PanelSeries
from day23.domain.panel_window import PanelWindow


class PanelServer(Protocol):
    """One server, asked through the interface that Grafana uses.

    Every method raises ToolkitError when the server refuses or does not answer.
    """

    def choices(self, variable: Variable, window: PanelWindow) -> tuple[str, ...]:
        """Return the values a person could choose."""
        ...

    def instant(self, expression: str, at: datetime) -> tuple[PanelSeries, ...]:
        """Return one point per series."""
        ...

    def chart(self, expression: str, window: PanelWindow) -> tuple[PanelSeries, ...]:
        """Return the series over the window."""
        ...

    def lines(self, expression: str, window: PanelWindow) -> tuple[LogLine, ...]:
        """Return the newest log lines of the window, oldest first."""
        ...
