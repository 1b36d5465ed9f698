"""What the module `day23_down` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.services import stop_stack


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Stop the stack and, when asked, remove its files; in check mode say what that would change."""
    stopped = stop_stack(stack_context(params)).run(purge=params["purge"], check_mode=check_mode)
    return {
        "changed": stopped.changed,
        "stopped": list(stopped.services),
        "purged": list(stopped.purged),
    }
