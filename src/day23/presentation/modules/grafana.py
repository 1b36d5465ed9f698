"""What the module `day23_grafana` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.grafana import settle_grafana


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Let Grafana take the password of its secret, or in check mode tell whether that changes anything."""
    use_case = settle_grafana(stack_context(params), params["port"])
    changed = use_case.predict() if check_mode else use_case.run(params["within"])
    return {"changed": changed, "diff": {"prepared": "change the password of admin\n" if changed else ""}}
