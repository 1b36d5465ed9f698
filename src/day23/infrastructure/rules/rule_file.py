"""Reads a rule file of Prometheus or Loki; every rule knows its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from day23.domain.errors import ToolkitError

_KEYS = frozenset({"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: Of the alert, or of what is recorded.
        place: `file:line` of the rule's first key.
    """

    name: str
    is_alert: bool
    expression: str
    place: str
    waits: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a file, in their order.

    Raises:
        ToolkitError: It is no rule file; names file and line.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ToolkitError(f"not YAML: {error.problem}", where=f"{path}:{line}") from None
    if not isinstance(root, yaml.MappingNode):
        raise ToolkitError("not a rule file: it has no groups", where=f"{path}:1")
    return tuple(rule for group in _entries(root, "groups", path) for rule in _rules(group, path))


def _rules(group: yaml.Node, path: Path) -> Iterator[Rule]:
    if not isinstance(group, yaml.MappingNode):
        raise _broken("a group is no mapping", group, path)
    for node in _entries(group, "rules", path):
        yield _rule(node, path)


def _entries(node: yaml.MappingNode, key: str, path: Path) -> list[yaml.Node]:
    for name, value in node.value:
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return list(value.value)
    raise _broken(f"there is no list {key!r}", node, path)


def _rule(node: yaml.Node, path: Path) -> Rule:
    if not isinstance(node, yaml.MappingNode):
        raise _broken("a rule is no mapping", node, path)
    for name, _ in node.value:
        if name.value not in _KEYS:
            raise _broken(f"a rule has no key {name.value!r}", name, path)
    content: dict[str, Any] = yaml.SafeLoader("").construct_document(node)
    if ("alert" in content) == ("record" in content) or not content.get("expr"):
        raise _broken("a rule has an expr and either alert or record", node, path)
    return Rule(
        name=str(content.get("alert") or content["record"]),
        is_alert="alert" in content,
        expression=str(content["expr"]),
        place=f"{path}:{node.start_mark.line + 1}",
        waits=str(content.get("for", "")),
        labels=content.get("labels") or {},
        annotations=content.get("annotations") or {},
    )


def _broken(what: str, node: yaml.Node, path: Path) -> ToolkitError:
    return ToolkitError(f"not a rule file: {what}", where=f"{path}:{node.start_mark.line + 1}")
