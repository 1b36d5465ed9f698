"""Filters of the toolkit: shims over `day23.domain`, nothing else."""

from __future__ import annotations

from day23.domain.stack_ports import endpoints, shifted
from day23.domain.verbatim_files import verbatim_files


class FilterModule:
    """Registers the filters with Ansible."""

    def filters(self):
        return {"stack_ports": shifted, "stack_endpoints": endpoints, "verbatim_files": verbatim_files}
