"""What the module `day23_bundle` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.domain.artifact import Artifact
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.bundle import write_bundle


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Write the bundle, or in check mode say where it would go."""
    context = stack_context(params)
    output = context.repository / Path(params["output"]).expanduser()
    if check_mode:
        return {"changed": True, "bundle": str(output)}
    artifacts = [Artifact.model_validate(artifact) for artifact in params["artifacts"]]
    with write_bundle(context, params["optional"]) as use_case:
        write = use_case.run_programs if params["content"] == "programs" else use_case.run
        written = write(artifacts, output)
    return {
        "changed": True,
        "bundle": str(written.path),
        "sha256": written.sha256,
        "size": written.size,
        "manifest": written.manifest.model_dump(mode="json"),
    }
