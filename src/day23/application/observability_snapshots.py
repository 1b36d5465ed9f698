"""Committed files that follow from the catalogue, the service levels and the services themselves."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from day23.domain.label_page import label_page
from day23.domain.slo_rules import slo_rules
from day23.domain.target_rules import target_rules

_LINE_WIDTH = 85
_NOTICE = "# Written by `day23 observability write`; do not edit it by hand.\n"


class _RuleDumper(yaml.SafeDumper):
    """Indents lists below their key and repeats what YAML would abbreviate with anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def snapshots(jobs: Iterable[str]) -> dict[str, str]:
    """Return every file's text by its path from the project's root.

    Args:
        jobs: Scrape jobs that a complete stack has.
    """
    return {
        "prometheus/rules/slo.yml": _yaml(slo_rules()),
        "prometheus/rules/targets.yml": _yaml(target_rules(jobs)),
        "docs/operational/observability_labels.md": label_page(),
    }


def _yaml(content: Mapping[str, Any]) -> str:
    text = yaml.dump(content, Dumper=_RuleDumper, sort_keys=False, width=_LINE_WIDTH, explicit_start=True)
    return text.replace("---\n", f"---\n{_NOTICE}", 1)
