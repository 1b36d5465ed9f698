"""What the module `day23_toolkit` does."""

import platform
from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.bundle import toolkit_packages


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:  # noqa: ARG001
    """Make the toolkit's packages ready; they are a cache, so check mode does the same."""
    packages = toolkit_packages(stack_context(params)).ready()
    return {
        "changed": False,
        "machine": platform.machine(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "packages": [{"name": each.name, "file": str(each.path)} for each in packages],
    }
