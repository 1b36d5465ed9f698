"""Ask every query of a dashboard, as Grafana would when a person opens it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from day23.application.panel_ports import PanelServer
from day23.application.ports import Progress, ProgressState
from day23.domain.dashboard import Dashboard, DataSource, Panel, PanelKind, PanelQuery
from day23.domain.errors import ToolkitError
from day23.domain.panel_answer import PanelAnswer, QueryAnswer
from day23.domain.panel_window import PanelWindow

Choices = Mapping[str, Sequence[str]]


class ReadDashboardsUseCase:
    """Reads dashboards against running servers.

    Args:
        servers: The server of each data source.
        scrape_seconds: Distance of two samples, asked once per dashboard.
        now: The end of every window.
    """

    def __init__(
        self,
        servers: Mapping[DataSource, PanelServer],
        scrape_seconds: Callable[[], float],
        now: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._servers = servers
        self._scrape_seconds = scrape_seconds
        self._now = now
        self._progress = progress

    def read(self, pages: Sequence[Dashboard]) -> tuple[PanelAnswer, ...]:
        """Return the answer of every panel, in reading order. A refused query is an answer, too.

        Raises:
            ToolkitError: A server is not there at all: without it no panel can be judged.
        """
        scrape = self._scrape_seconds()
        return tuple(answer for page in pages for answer in self._page(page, scrape))

    def _page(self, page: Dashboard, scrape: float) -> Iterator[PanelAnswer]:
        self._progress.report(page.name, ProgressState.RUNNING, total=len(page.panels))
        end = self._now()
        window = PanelWindow(end - timedelta(hours=page.window_hours), end, scrape)
        choices = {one.name: self._servers[one.source].choices(one, window) for one in page.variables}
        for panel in page.panels:
            answers = tuple(self._query(panel, query, window, choices) for query in panel.queries)
            yield PanelAnswer(page, panel, answers)
        self._progress.report(page.name, ProgressState.DONE, total=len(page.panels))

    def _query(self, panel: Panel, query: PanelQuery, window: PanelWindow, choices: Choices) -> QueryAnswer:
        server = self._servers[panel.source]
        asked = window.resolve(query.expression, choices)
        try:
            if panel.kind is PanelKind.LOGS:
                return QueryAnswer(asked, query.legend, lines=server.lines(asked, window))
            found = server.instant(asked, window.end) if query.instant else server.chart(asked, window)
        except ToolkitError as error:
            return QueryAnswer(asked, query.legend, refusal=error.what)
        return QueryAnswer(asked, query.legend, series=found)
