"""Wiring of the dashboards: the committed files and the running servers they ask."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from day23.application.panel_ports import PanelServer
from day23.application.ports import Progress
from day23.application.read_dashboards import ReadDashboardsUseCase
from day23.domain.dashboard import Dashboard, DataSource
from day23.domain.errors import ToolkitError
from day23.infrastructure.files import write_atomically
from day23.infrastructure.grafana.dashboard_reader import read_dashboards
from day23.infrastructure.grafana.panel_servers import LokiPanels, PrometheusPanels
from day23.settings import Settings
from day23.wiring.connections import loki_url, prometheus_url

FOLDER = Path("grafana/dashboards")
"""Where the dashboards are committed, from the project's root."""


def committed_dashboards(folder: Path, names: tuple[str, ...]) -> tuple[Dashboard, ...]:
    """Return the dashboards of these names, or all.

    Raises:
        ToolkitError: A file cannot be read as a dashboard, or a name is unknown.
    """
    found = {page.name: page for page in read_dashboards(folder)}
    unknown = sorted(set(names) - found.keys())
    if unknown or not found:
        raise ToolkitError(
            f"there is no dashboard {', '.join(unknown)}" if unknown else "there is no dashboard",
            where=str(folder),
            next_step=f"choose from {', '.join(found)}" if found else "run it from the project's root",
        )
    return tuple(page for name, page in found.items() if not names or name in names)


def dashboard_reading(settings: Settings, progress: Progress) -> ReadDashboardsUseCase:
    """Build the use case that asks the running stack what dashboards would show."""
    prometheus = PrometheusPanels(partial(prometheus_url, settings))
    servers: dict[DataSource, PanelServer] = {
        DataSource.PROMETHEUS: prometheus,
        DataSource.LOKI: LokiPanels(partial(loki_url, settings)),
    }
    return ReadDashboardsUseCase(servers, prometheus.scrape_seconds, lambda: datetime.now(UTC), progress)


def generate_dashboards(folder: Path) -> tuple[Path, ...]:
    """Write every dashboard of the catalogue as Grafana's JSON; return the files.

    Raises:
        ToolkitError: Grafana's SDK is not installed; only developers need it.
    """
    from day23.domain.dashboards import DASHBOARDS

    try:
        from day23.infrastructure.grafana.dashboard_writer import dashboard_json
    except ModuleNotFoundError:
        raise ToolkitError(
            "the SDK that writes dashboards is not installed", next_step="make venv-dev"
        ) from None
    paths = tuple(folder / f"{page.name}.json" for page in DASHBOARDS)
    for path, page in zip(paths, DASHBOARDS, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, dashboard_json(page))
    return paths


def save_picture(path: Path, content: bytes) -> Path:
    """Write a picture or page whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)
    return path
