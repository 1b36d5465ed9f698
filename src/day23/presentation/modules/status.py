"""What the module `day23_status` does."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.services import stack_status


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:  # noqa: ARG001  (reads only)
    """Tell what every service of the stack is doing."""
    rows = stack_status(stack_context(params)).rows()
    return {"changed": False, "services": [asdict(row) for row in rows]}
