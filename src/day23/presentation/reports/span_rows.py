"""Spans as the rows of a waterfall: who called whom, when, and for how long."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from day23.domain.live_values import Span

MOST_SIBLINGS = 12
"""Children of one span with the same name that are shown; the others are summed up in one row."""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One bar.

    Attributes:
        depth: How many callers it has.
        left: Where it starts, in percent of the whole trace.
        width: How long it is, in percent of the whole trace.
        folded: How many spans this row stands for.
    """

    depth: int
    name: str
    detail: str
    left: float
    width: float
    milliseconds: float
    failed: bool
    folded: int = 1


def waterfall(spans: Sequence[Span]) -> list[SpanRow]:
    """Return the rows of a trace in calling order; spans whose caller is not stored count as roots."""
    if not spans:
        return []
    known = {span.span_id for span in spans}
    children: dict[str | None, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.start_time):
        children[span.parent_id if span.parent_id in known else None].append(span)
    begin = min(span.start_time for span in spans)
    end = max(span.start_time.timestamp() + span.duration_ms / 1000 for span in spans)
    scale = _Scale(begin.timestamp(), max(end - begin.timestamp(), 1e-6))
    return list(_rows(children, None, 0, scale))


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: float
    seconds: float

    def left(self, span: Span) -> float:
        return 100 * (span.start_time.timestamp() - self.begin) / self.seconds

    def width(self, milliseconds: float) -> float:
        return 100 * milliseconds / 1000 / self.seconds


def _rows(
    children: dict[str | None, list[Span]], parent: str | None, depth: int, scale: _Scale
) -> Iterator[SpanRow]:
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in children[parent]:
        groups[span.name].append(span)
    shown = {span.span_id for group in groups.values() for span in group[:MOST_SIBLINGS]}
    for span in children[parent]:
        if span.span_id in shown:
            yield _row(span, depth, scale)
            yield from _rows(children, span.span_id, depth + 1, scale)
    for group in groups.values():
        if len(group) > MOST_SIBLINGS:
            yield _folded(group[MOST_SIBLINGS:], depth, scale)


def _row(span: Span, depth: int, scale: _Scale) -> SpanRow:
    detail = " ".join(f"{key}={value}" for key, value in span.attributes.items())
    return SpanRow(
        depth=depth,
        name=span.name,
        detail=detail,
        left=scale.left(span),
        width=scale.width(span.duration_ms),
        milliseconds=span.duration_ms,
        failed=span.status != "ok",
    )


def _folded(spans: Sequence[Span], depth: int, scale: _Scale) -> SpanRow:
    last = max(span.start_time.timestamp() * 1000 + span.duration_ms for span in spans)
    elapsed = last - spans[0].start_time.timestamp() * 1000
    return SpanRow(
        depth=depth,
        name=spans[0].name,
        detail=f"{len(spans)} more",
        left=scale.left(spans[0]),
        width=scale.width(elapsed),
        milliseconds=elapsed,
        failed=any(span.status != "ok" for span in spans),
        folded=len(spans),
    )
