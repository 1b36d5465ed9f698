"""What the module `day23_service` does."""

from collections.abc import Mapping
from typing import Any

from day23.domain.errors import UsageError
from day23.domain.service_plan import ServicePlan
from day23.domain.service_spec import ServiceSpec
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.services import converge_service, remove_service


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Converge one service, or take it out of the stack; in check mode say what that would change."""
    if params["state"] == "absent":
        return _remove(params, check_mode)
    spec = ServiceSpec.model_validate(params["spec"])
    decided = converge_service(stack_context(params)).run(spec, check_mode=check_mode)
    return {
        "changed": decided.changed,
        "service": decided.name,
        "action": decided.action.value,
        "reasons": list(decided.reasons),
        "diff": _diff(decided),
    }


def _remove(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    name = params["spec"].get("name")
    if not name:
        raise UsageError("spec has no name", where="spec.name", next_step="name the service to remove")
    changed = remove_service(stack_context(params)).run(str(name), check_mode=check_mode)
    action = "removed" if changed else "unchanged"
    return {"changed": changed, "service": name, "action": action, "reasons": [], "diff": {}}


def _diff(decided: ServicePlan) -> dict[str, str]:
    return {
        "before_header": f"{decided.name}, now",
        "before": decided.before,
        "after_header": f"{decided.name}, {decided.action.value}",
        "after": decided.after,
    }
