"""The verdict as a page of its own."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from day23.domain.restart.evidence import Evidence
from day23.domain.restart.judgement import RestartReport
from day23.domain.restart.timeline import ServiceTimes
from day23.presentation.restart.lines import measured


def restart_page(report: RestartReport, evidence: Evidence, picture: bytes, questions: Sequence[str]) -> str:
    """Return the page; it needs no other file."""
    source = files(__package__).joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    stopped = report.timeline.stopped

    def seconds(times: ServiceTimes | None, field: str) -> str:
        moment = getattr(times, field, None)
        return "–" if moment is None else f"{moment - stopped:.1f}"

    return environment.from_string(source).render(
        report=report,
        evidence=evidence,
        picture=base64.b64encode(picture).decode(),
        questions=questions,
        stopped_at=datetime.fromtimestamp(stopped, UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        seconds=seconds,
        measured=measured,
    )
