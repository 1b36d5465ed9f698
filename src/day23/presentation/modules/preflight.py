"""What the module `day23_preflight` does."""

from collections.abc import Mapping
from typing import Any

from day23.application.preflight import refusal
from day23.domain.artifact import Artifact
from day23.domain.exit_codes import ExitCode
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.preflight import preflight


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:  # noqa: ARG001  (it only looks)
    """Run every check and refuse with all problems in one message."""
    findings = preflight(
        stack_context(params),
        {name: int(port) for name, port in params["ports"].items()},
        [Artifact.model_validate(artifact) for artifact in params["artifacts"]],
        params["optional"],
        params["min_free_gb"],
        {name: int(count) for name, count in params["gpus"].items()},
    ).run()
    message = refusal(findings)
    checks = [
        {"check": item.check, "state": item.state.value, "detail": item.detail, "next_step": item.next_step}
        for item in findings
    ]
    if message:
        return {"failed": True, "msg": message, "exit_code": int(ExitCode.ERROR), "checks": checks}
    return {"changed": False, "checks": checks}
