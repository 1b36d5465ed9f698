"""One benchmark run as a page that needs nothing else, and as Markdown."""

from collections.abc import Iterator, Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from day23.domain.benchmark_baseline import BaselineComparison
from day23.domain.benchmark_result import BenchmarkResult, SideBySide
from day23.presentation.benchmark_comparison import (
    CHANGE_COLUMNS,
    baseline_remarks,
    beside_facts,
    change_rows,
)
from day23.presentation.benchmark_figures import shown_interval
from day23.presentation.benchmark_opinion import (
    FAULT_COLUMNS,
    SCORE_COLUMNS,
    fault_rows,
    judge_lines,
    score_rows,
)
from day23.presentation.benchmark_table import facts
from day23.presentation.reports.benchmark_picture import Plot

_COLUMNS = ("name", "aggregate", "value", "interval", "passes", "warns", "outcome")


def benchmark_page(
    result: BenchmarkResult, comparison: BaselineComparison | None, pictures: Sequence[Plot]
) -> str:
    """Return the page as HTML without a reference to anything outside itself."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_resource("benchmark_page.html.j2"))
    return template.render(
        result=result,
        style=_resource("page.css"),
        rows=_rows(result),
        facts=facts(result),
        compared=baseline_remarks(comparison) if comparison else [],
        changes=_change_table(comparison),
        beside=beside_facts(result.beside) if result.beside else [],
        beside_changes=_change_table(result.beside),
        faults=_fault_table(result),
        judged=judge_lines(result.judgement) if result.judgement else [],
        scores=_score_table(result),
        plots=[picture.svg() for picture in pictures],
        origin=list(_origin(result)),
    )


def benchmark_markdown(result: BenchmarkResult, comparison: BaselineComparison | None) -> str:
    """Return the run as Markdown."""
    lines = [f"# {result.scenario_id}, {result.metadata.mode} run: {result.overall.value}", ""]
    heads = ("metric", "by", "value", "95 % interval", "pass", "warn", "verdict")
    lines += _markdown_table([heads, *(tuple(row[column] for column in _COLUMNS) for row in _rows(result))])
    lines += ["", *(f"- {line}" for line in facts(result))]
    if faults := _fault_table(result):
        lines += ["", "## Faults of the summaries", "", *_markdown_table(faults)]
    if result.judgement:
        lines += ["", "## LLM judge", "", *(f"- {line}" for line in judge_lines(result.judgement))]
        lines += ["", *_markdown_table(_score_table(result))]
    if result.beside:
        lines += ["", "## Two servers in turns", "", *(f"- {line}" for line in beside_facts(result.beside))]
        lines += ["", *_markdown_table(_change_table(result.beside))]
    if comparison:
        lines += ["", "## Against the baseline", "", *(f"- {line}" for line in baseline_remarks(comparison))]
        lines += ["", *_markdown_table(_change_table(comparison))]
    lines += ["", "## How it came about", "", *(f"- {name}: `{value}`" for name, value in _origin(result))]
    return "\n".join(lines) + "\n"


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _fault_table(result: BenchmarkResult) -> list[tuple[str, ...]]:
    return [FAULT_COLUMNS, *fault_rows(result)] if result.faults else []


def _score_table(result: BenchmarkResult) -> list[tuple[str, ...]]:
    if result.judgement is None or not result.judgement.judged:
        return []
    return [SCORE_COLUMNS, *score_rows(result.judgement)]


def _markdown_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in lines, the first as heads; nothing for no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [*lines[:1], f"|{'---|' * len(rows[0])}", *lines[1:]] if rows else []


def _rows(result: BenchmarkResult) -> list[dict[str, str]]:
    return [
        {
            "name": metric.name,
            "aggregate": metric.aggregate,
            "value": f"{metric.value:.3f}",
            "interval": shown_interval(metric.interval),
            "passes": f"{metric.passes:g}",
            "warns": f"{metric.warns:g}",
            "outcome": metric.outcome.value,
        }
        for metric in result.metrics
    ]


def _change_table(compared: BaselineComparison | SideBySide | None) -> list[tuple[str, ...]]:
    return [CHANGE_COLUMNS, *change_rows(compared.metrics)] if compared and compared.metrics else []


def _origin(result: BenchmarkResult) -> Iterator[tuple[str, str]]:
    metadata = result.metadata
    yield "dataset", f"{metadata.dataset.path}, SHA-256 {metadata.dataset.sha256}"
    yield "prompts", f"{metadata.prompt_version}, SHA-256 {metadata.prompt_sha256}"
    if server := metadata.server:
        yield "engine", f"{server.engine}, {server.model}, digest {server.digest}"
        yield "quantisation", server.quantisation or "not told"
    if result.beside and (beside := result.beside.server):
        yield "engine beside", f"{beside.engine}, {beside.model}, digest {beside.digest}"
    if result.judgement:
        terms = result.judgement.terms
        yield "judge's prompt", f"{terms.prompt_version}, SHA-256 {terms.prompt_sha256}"
    yield "longest answer", f"{metadata.max_tokens} tokens"
    yield "machine", metadata.machine
    yield from ((name.replace("_", " "), value) for name, value in metadata.environment.items())
    yield "toolkit", metadata.tool_version
