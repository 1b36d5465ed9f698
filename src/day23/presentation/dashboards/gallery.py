"""All dashboards on one page, and each as a picture."""

import io
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from matplotlib import rc_context
from matplotlib.figure import Figure

from day23.domain.dashboard import Dashboard
from day23.domain.dashboard_layout import COLUMNS, PlacedPanel, placed
from day23.domain.panel_answer import PanelAnswer
from day23.presentation.dashboards.panel_picture import INK, LINE, draw, log_words

_INCHES_PER_COLUMN = 0.68
_INCHES_PER_ROW = 0.36
_HEADING_INCHES = 0.62
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "day23",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
}
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def gallery_page(answers: Sequence[PanelAnswer], title: str) -> str:
    """Return one HTML document that needs nothing else: panels as SVG or text, queries behind a click."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(
        files(__package__).joinpath("gallery.html.j2").read_text(encoding="utf-8")
    )
    pages = [
        (page, [(answer, log_words(answer), _svg(answer)) for answer in of_page(answers, page)])
        for page in pages_of(answers)
    ]
    return template.render(title=title, pages=pages)


def picture(answers: Sequence[PanelAnswer]) -> bytes:
    """Return one dashboard as PNG.

    Args:
        answers: Every panel of the dashboard.
    """
    page = answers[0].dashboard
    found = {id(answer.panel): answer for answer in answers}
    places = [one for section in placed(page, heading_rows=0) for one in section.panels]
    rows = max(one.bottom for one in places)
    height = rows * _INCHES_PER_ROW + _HEADING_INCHES
    with rc_context(_STYLE):
        figure = Figure(figsize=(COLUMNS * _INCHES_PER_COLUMN, height), dpi=100, facecolor="#f4f5f7")
        figure.text(0.012, 1 - 0.36 / height, page.title, fontsize=16, fontweight="bold")
        for one in places:
            _add(figure, one, found[id(one.panel)], height)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def pages_of(answers: Sequence[PanelAnswer]) -> list[Dashboard]:
    """Return the dashboards that were read, once each, in order."""
    return list(dict.fromkeys(answer.dashboard for answer in answers))


def of_page(answers: Sequence[PanelAnswer], page: Dashboard) -> list[PanelAnswer]:
    """Return the answers of one dashboard."""
    return [answer for answer in answers if answer.dashboard is page]


def _add(figure: Figure, one: PlacedPanel, answer: PanelAnswer, height: float) -> None:
    panel = one.panel
    bottom = 1 - (_HEADING_INCHES + one.bottom * _INCHES_PER_ROW) / height
    deep, wide = panel.height * _INCHES_PER_ROW / height, panel.width / COLUMNS
    gap = 0.05 / height
    card = figure.add_axes(
        (one.left / COLUMNS + 0.003, bottom + gap, wide - 0.006, deep - 2 * gap), facecolor="white"
    )
    card.set_xticks([])
    card.set_yticks([])
    for spine in card.spines.values():
        spine.set_color(LINE)
    card.text(0.014, 0.965, panel.title, ha="left", va="top", fontweight="bold", transform=card.transAxes)
    draw(card.inset_axes(_inside(panel.height)), answer)


def _inside(rows: int) -> tuple[float, float, float, float]:
    """Return the drawing's place in its card: below the title, above the legend, right of the ticks."""
    unit = 1 / rows
    return 0.11, 1.5 * unit, 0.86, 1 - 2.8 * unit


def _svg(answer: PanelAnswer) -> str:
    panel = answer.panel
    size = panel.width * _INCHES_PER_COLUMN, (panel.height - 1) * _INCHES_PER_ROW
    with rc_context(_STYLE):
        figure = Figure(figsize=size)
        axes = figure.add_axes((0.11, 0.2, 0.86, 0.75))
        draw(axes, answer)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata=_NO_METADATA)
    text = stream.getvalue()
    label = f'role="img" aria-label="{panel.title}"'
    return text[text.index("<svg") :].replace("<svg ", f"<svg {label} ", 1)
