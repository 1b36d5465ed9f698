"""What the module `day23_bootstrap` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.presentation.modules.stack_settings import stack_settings
from day23.wiring.bootstrap import bootstrap_shared_infra


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Ask every service in its own protocol and record a gauge per step; check mode asks nothing."""
    if check_mode:
        return {"changed": False, "steps": [], "down": []}
    with bootstrap_shared_infra(stack_settings(stack_context(params))) as use_case:
        report = use_case.check()
    return {
        "changed": False,
        "steps": [step.model_dump() for step in report.steps],
        "down": [step.step for step in report.down],
    }
