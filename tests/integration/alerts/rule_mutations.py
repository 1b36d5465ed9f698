"""One small fault at a time in an alert: another threshold, metric or wait, a lost label or matcher."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from day23.domain.query_names import names_in

_THRESHOLD = re.compile(r"(?P<sign>==|!=|>=|<=|>|<) (?P<number>\d+(?:\.\d+)?)\b(?P<factor> \*)?")
_MATCHER = re.compile(r"(?P<name>\w+)(?P<sign>=~|!~|!=|=)\"[^\"]*\"(?:, ?)?")
_GROUPING = re.compile(r"\b(?:by|on) \((?P<names>[^)]+)\)")
_WAIT = re.compile(r"(\d+)m")


@dataclass(frozen=True)
class Mutation:
    """A rule file's content with one fault, and what the fault is."""

    rule_file: str
    alert: str
    fault: str
    content: dict[str, Any]


def mutations_of(path: Path) -> Iterator[Mutation]:
    """Return every mutation of every alert in a rule file."""
    original = yaml.safe_load(path.read_text(encoding="utf-8"))
    for place, group in enumerate(original["groups"]):
        for number, rule in enumerate(group["rules"]):
            for fault, changed in _faults(rule) if "alert" in rule else ():
                content = copy.deepcopy(original)
                content["groups"][place]["rules"][number] = changed
                yield Mutation(path.stem, rule["alert"], fault, content)


def _faults(rule: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for fault, expression in _expressions(rule["expr"]):
        yield fault, {**rule, "expr": expression}
    for label in rule["labels"]:
        rest = {name: value for name, value in rule["labels"].items() if name != label}
        yield f"loses its label {label}", {**rule, "labels": rest}
    if waits := _WAIT.fullmatch(rule.get("for", "")):
        minutes = int(waits[1])  # one is the shortest that an evaluation every minute can tell from none
        for waited in (f"{minutes // 2}m", f"{minutes * 2}m"):
            yield f"waits {waited} for {rule['for']}", {**rule, "for": waited}


def _expressions(expression: str) -> Iterator[tuple[str, str]]:
    yield from _thresholds(expression)
    for metric in names_in(expression).metrics:
        for found in re.finditer(rf"(?<![\w:]){re.escape(metric)}(?![\w:])", expression):
            yield (
                f"reads {metric}_renamed at {found.start()}",
                _replaced(expression, found, f"{metric}_renamed"),
            )
    for found in _MATCHER.finditer(expression):
        yield f"loses the matcher {found[0]} at {found.start()}", _replaced(expression, found, "")
    for found in _GROUPING.finditer(expression):
        names = [name.strip() for name in found["names"].split(",")]
        for name in names:
            rest = ", ".join(other for other in names if other != name)
            yield (
                f"does not group by {name}",
                _replaced(expression, found, found[0].replace(found["names"], rest)),
            )


def _thresholds(expression: str) -> Iterator[tuple[str, str]]:
    for found in {one[0]: one for one in _THRESHOLD.finditer(expression) if one["factor"]}.values():
        for number in _others(found["number"]):
            text = f"{found['sign']} {number} *"
            yield f"compares with {number} for {found['number']}", expression.replace(found[0], text)
    for found in _THRESHOLD.finditer(expression):
        for number in () if found["factor"] else _others(found["number"]):
            changed = _replaced(expression, found, f"{found['sign']} {number}")
            yield f"compares with {number} for {found['number']} at {found.start()}", changed


def _others(number: str) -> tuple[str, str]:
    value = float(number)
    return (
        (f"{value * 1.25:g}", f"{value * 0.8:g}")
        if value > 1 or 0 < value < 1
        else (f"{value + 1:g}", f"{value - 1:g}")
    )


def _replaced(text: str, found: re.Match[str], by: str) -> str:
    return text[: found.start()] + by + text[found.end() :]
