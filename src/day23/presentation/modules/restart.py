"""What the module `day23_restart` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.services import restart_services


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Restart services as they are; check mode says which."""
    names = restart_services(stack_context(params), params["services"], only_tell=check_mode)
    return {"changed": bool(names), "services": list(names)}
