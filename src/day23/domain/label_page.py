"""The page of metrics and labels, written from the catalogue."""

from collections.abc import Iterator

from day23.domain.metric import FORBIDDEN_LABELS, Label
from day23.domain.observability_policy import LOG_FIELDS, OPERATIONS, POLICY

_SHOWN_VALUES = 12


def label_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([*_opening(), *_metrics(), *_labels(), *_logs(), *_spans(), ""])


def _opening() -> Iterator[str]:
    total = sum(metric.series_budget for metric in POLICY.metrics)
    yield "# Metrics, labels and log fields"
    yield ""
    yield "Written by `day23 observability write` from `src/day23/domain/observability_policy.py`."
    yield "The registry refuses every metric, label and value that is not here."
    yield "`day23 observability coverage` compares the page with a running server."
    yield ""
    yield f"{len(POLICY.metrics)} metrics, with budgets of {total} series together."


def _metrics() -> Iterator[str]:
    yield ""
    yield "## Metrics"
    yield ""
    yield "The budget is the largest number of series that one process may have of the metric."
    yield ""
    yield "| metric | type | unit | labels | budget | meaning |"
    yield "|---|---|---|---|---|---|"
    for metric in sorted(POLICY.metrics, key=lambda one: one.name):
        labels = ", ".join(f"`{name}`" for name in metric.label_names) or "none"
        cells = [
            f"`{metric.name}`",
            metric.kind.value,
            metric.unit,
            labels,
            str(metric.series_budget),
            metric.help,
        ]
        yield f"| {' | '.join(cells)} |"


def _labels() -> Iterator[str]:
    yield ""
    yield "## Labels"
    yield ""
    yield "A label with open values has a pattern and the largest number of values one process may report."
    yield "Labels of one name may have different values on different metrics."
    yield ""
    yield "| label | values | used by |"
    yield "|---|---|---|"
    users = dict[Label, list[str]]()
    for metric in POLICY.metrics:
        for label in metric.labels:
            users.setdefault(label, []).append(f"`{metric.name}`")
    for label in sorted(users, key=lambda one: (one.name, users[one])):
        yield f"| `{label.name}` | {_values(label)} | {', '.join(users[label])} |"
    yield ""
    yield f"Never a label: {', '.join(f'`{name}`' for name in sorted(FORBIDDEN_LABELS))}."
    yield "Each would make one series per person or request; logs and spans carry them."


def _values(label: Label) -> str:
    if label.pattern:
        pattern = label.pattern.replace("|", "\\|")
        return f"matches `{pattern}`, at most {label.bound}"
    shown = ", ".join(f"`{value}`" for value in label.values[:_SHOWN_VALUES])
    rest = len(label.values) - _SHOWN_VALUES
    return f"{shown} and {rest} more" if rest > 0 else shown


def _logs() -> Iterator[str]:
    yield ""
    yield "## Log fields"
    yield ""
    yield "Index fields are Loki labels; the rest is structured metadata."
    yield "Further snake case fields stay inside the line."
    yield ""
    yield "| field | index | always | meaning |"
    yield "|---|---|---|---|"
    for field in LOG_FIELDS:
        index, always = ("yes" if truth else "no" for truth in (field.index, field.required))
        yield f"| `{field.name}` | {index} | {always} | {field.meaning} |"


def _spans() -> Iterator[str]:
    yield ""
    yield "## Spans"
    yield ""
    yield "A span is named `<operation>` or `<operation>.<part>`. Operations:"
    yield f"{', '.join(f'`{name}`' for name in OPERATIONS)}."
