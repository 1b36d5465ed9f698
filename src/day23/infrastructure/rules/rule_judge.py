"""Every reason why committed rules must not be loaded."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.known_metrics import check_log_query, check_query
from day23.domain.query_names import names_in
from day23.infrastructure.rules.rule_file import Rule, read_rules

REQUIRED_ANNOTATIONS = ("summary", "description", "runbook_url")
_NAMES_ALERT = re.compile(r"(?:alert|record) '(?P<name>[^']+)'")


def prometheus_faults(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return what is wrong with rule files of Prometheus, each as `file:line: reason`."""
    rules, faults = _read(paths)
    recorded = _recorded(rules)
    return (*faults, *_name_faults(rules, lambda expression: check_query(expression, recorded)))


def loki_faults(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return what is wrong with rule files of Loki, each as `file:line: reason`."""
    rules, faults = _read(paths)
    return (*faults, *_name_faults(rules, check_log_query))


def placed(complaint: str, paths: Sequence[Path]) -> str:
    """Return a complaint of lokitool, which names alerts only, with the file and line of the alert."""
    named = _NAMES_ALERT.search(complaint)
    rules, _ = _read(paths)
    places = [rule.place for rule in rules if named and rule.name == named["name"]]
    return f"{places[0]}: {complaint}" if places else complaint


def _read(paths: Sequence[Path]) -> tuple[list[Rule], list[str]]:
    rules, faults = list[Rule](), list[str]()
    for path in paths:
        try:
            rules += read_rules(path)
        except ToolkitError as error:
            faults.append(f"{error.where}: {error.what}")
    return rules, faults


def _recorded(rules: Sequence[Rule]) -> Mapping[str, frozenset[str]]:
    made = dict[str, frozenset[str]]()
    for rule in rules:
        if not rule.is_alert:
            labels = frozenset(rule.labels) | frozenset(names_in(rule.expression).grouped)
            made[rule.name] = made.get(rule.name, frozenset()) | labels
    return made


def _name_faults(rules: Sequence[Rule], check: Callable[[str], None]) -> Iterator[str]:
    for rule in rules:
        try:
            check(rule.expression)
        except ToolkitError as error:
            yield f"{rule.place}: {rule.name}: {error.what}"
        missing = [name for name in REQUIRED_ANNOTATIONS if rule.is_alert and not rule.annotations.get(name)]
        if missing:
            yield f"{rule.place}: {rule.name}: it lacks {', '.join(missing)}"
