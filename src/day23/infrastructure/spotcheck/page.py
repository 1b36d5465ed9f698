"""The spot check as one HTML file: each sample's posts beside its digest."""

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from day23.application.spotcheck_sheet import SpotcheckSheet


def render_page(sheet: SpotcheckSheet) -> str:
    """Return the page; it loads nothing and shows every text of a channel as text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["facts"] = _facts
    return environment.from_string(_template()).render(sheet=sheet)


def _template() -> str:
    return files(__package__).joinpath("page.html.j2").read_text(encoding="utf-8")


def _facts(digest: Mapping[str, object]) -> str:
    posts = digest["posts"]
    count = len(posts) if isinstance(posts, list) else 0
    return f"{count} posts · {digest['provenance']} · {digest['latency_seconds']:.3f} s"
