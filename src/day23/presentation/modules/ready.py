"""What the module `day23_ready` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.services import await_ready


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Wait until every service serves; check mode waits for nothing."""
    if check_mode:
        return {"changed": False, "services": []}
    ready = await_ready(stack_context(params)).run(within=params["within"], only=params["services"])
    services = [{"service": one.name, "seconds": round(one.seconds, 3)} for one in ready]
    return {"changed": False, "services": services}
