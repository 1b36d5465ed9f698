"""`day23 trace show`: the spans of one run as a tree, each with its log lines."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine, Span
from day23.settings import Settings
from day23.wiring.trace import lines_of_trace, spans_of_trace

_STYLE = {"error": "red", "critical": "red", "warning": "yellow"}


@click.command("trace-show")
@click.argument("trace_id")
@click.option("--json", "as_json", is_flag=True, help="Print spans and lines as JSON.")
@click.option("--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23.")
def trace_show(trace_id: str, as_json: bool, stack_root: Path | None) -> None:
    """Show what the run with that trace id did, and what it logged meanwhile."""
    settings = Settings(trace_id=trace_id.lower())
    if stack_root:
        settings = settings.model_copy(update={"stack_root": stack_root.expanduser().resolve()})
    spans = spans_of_trace(settings, trace_id.lower())
    if not spans:
        raise ToolkitError(
            f"no spans are stored for trace {trace_id}",
            next_step="copy the id from a summary of a run of the last 30 days",
        )
    lines, trouble = _lines(settings, trace_id.lower(), spans)
    if as_json:
        click.echo(_document(spans, lines))
    else:
        Console().print(trace_tree(spans, lines))
    if trouble:
        click.echo(f"no log lines: {trouble}", err=True)


def _lines(
    settings: Settings, trace_id: str, spans: tuple[Span, ...]
) -> tuple[tuple[LogLine, ...], str | None]:
    try:
        return lines_of_trace(settings, trace_id, spans), None
    except ToolkitError as error:
        return (), str(error)


def trace_tree(spans: Sequence[Span], lines: Sequence[LogLine]) -> Tree:
    """Return the tree; a line without a known span hangs at the first root, as does a span without parent."""
    known = {span.span_id for span in spans}
    children: dict[str | None, list[Span]] = defaultdict(list)
    for span in spans:
        children[span.parent_id if span.parent_id in known else None].append(span)
    logged: dict[str, list[LogLine]] = defaultdict(list)
    for line in lines:
        span_id = line.labels.get("span_id", "")
        logged[span_id if span_id in known else children[None][0].span_id].append(line)
    tree = Tree(Text(f"trace {spans[0].trace_id}", style="bold"))
    _grow(tree, None, children, logged)
    return tree


def _grow(
    tree: Tree, parent: str | None, children: dict[str | None, list[Span]], logged: dict[str, list[LogLine]]
) -> None:
    for span in children[parent]:
        branch = tree.add(_span_text(span))
        for line in logged[span.span_id]:
            branch.add(_line_text(line))
        _grow(branch, span.span_id, children, logged)


def _span_text(span: Span) -> Text:
    detail = " ".join(f"{key}={value}" for key, value in span.attributes.items())
    style = "" if span.status == "ok" else "red"
    return Text(f"{span.name}  {span.duration_ms:.1f} ms  {detail}".rstrip(), style=style)


def _line_text(line: LogLine) -> Text:
    level = line.labels.get("level", "")
    event = line.labels.get("event") or line.text[:200]
    return Text(f"{line.timestamp:%H:%M:%S.%f} {level} {event}", style=_STYLE.get(level, "dim"))


def _document(spans: Sequence[Span], lines: Sequence[LogLine]) -> str:
    document = {
        "spans": [span.model_dump(mode="json") for span in spans],
        "lines": [line.model_dump(mode="json") for line in lines],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
