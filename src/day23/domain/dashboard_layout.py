"""Where panels stand on Grafana's grid."""

from collections.abc import Iterator
from dataclasses import dataclass

from day23.domain.dashboard import Dashboard, Panel, Section

COLUMNS = 24


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A panel and its upper left corner, in columns and rows."""

    panel: Panel
    left: int
    top: int

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.panel.height


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section, the row of its heading, and its panels."""

    section: Section
    top: int
    panels: tuple[PlacedPanel, ...]


def placed(page: Dashboard, heading_rows: int) -> Iterator[PlacedSection]:
    """Lay panels out in reading order: to the right until the row is full, then below its highest.

    Args:
        heading_rows: What a section's heading takes.
    """
    top = 0
    for section in page.sections:
        panels = tuple(_rows(section, top + heading_rows))
        yield PlacedSection(section, top, panels)
        top = max((panel.bottom for panel in panels), default=top + heading_rows)


def _rows(section: Section, top: int) -> Iterator[PlacedPanel]:
    left = tallest = 0
    for panel in section.panels:
        if left + panel.width > COLUMNS:
            left, top, tallest = 0, top + tallest, 0
        yield PlacedPanel(panel, left, top)
        left, tallest = left + panel.width, max(tallest, panel.height)
