"""One picture of a benchmark run: as SVG in the colours of a page, or as PNG in its own."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from day23.presentation.reports.plots import COLOURS, svg

_DOTS_PER_INCH = 130
_WIDTH = 9.6


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture."""

    ink: str
    line: str
    first: str
    second: str
    muted: str
    good: str
    warn: str


PAGE = Palette(*COLOURS)
PAPER = Palette("#1d2024", "#e2e4e0", "#1f6f8b", "#d08b1d", "#626a73", "#22824a", "#a86a00")

Draw = Callable[[Any, Palette], None]


@dataclass(frozen=True, slots=True)
class Plot:
    """One picture.

    Attributes:
        name: File name without its ending.
        title: What it shows, for those who cannot see it, too.
    """

    name: str
    title: str
    height: float
    draw: Draw

    def svg(self) -> str:
        """Return the picture for a page."""
        return svg(self._figure(PAGE), self.title)

    def png(self) -> bytes:
        """Return the picture by itself, on white."""
        stream = io.BytesIO()
        self._figure(PAPER).savefig(stream, format="png", dpi=_DOTS_PER_INCH, facecolor="white")
        return stream.getvalue()

    def _figure(self, colours: Palette) -> Figure:
        with rc_context(_style(colours)):
            figure = Figure(figsize=(_WIDTH, self.height), layout="constrained")
            axes: Any = figure.subplots()
            self.draw(axes, colours)
            axes.set_title(self.title, loc="left", fontsize=9.5, fontweight="bold")
            return figure


def _style(colours: Palette) -> Any:
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "day23",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": colours.ink,
        "axes.edgecolor": colours.line,
        "axes.labelcolor": colours.muted,
        "xtick.color": colours.muted,
        "ytick.color": colours.muted,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
