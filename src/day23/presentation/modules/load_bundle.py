"""What the module `day23_load_bundle` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.bundle import load_bundle


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Verify the bundle and load what the cache lacks; check mode verifies only."""
    context = stack_context(params)
    bundle = context.repository / Path(params["bundle"]).expanduser()
    use_case = load_bundle(context, bundle, silent=check_mode)
    if check_mode:
        use_case.predict()
        return {"changed": False, "loaded": []}
    loaded = list(use_case.run())
    return {"changed": bool(loaded), "loaded": loaded}
