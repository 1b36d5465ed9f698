"""What the module `day23_benchmark_client` does."""

from collections.abc import Mapping
from typing import Any

from day23.presentation.ansible_module import ModuleResult
from day23.wiring import benchmark_clients


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Make credentials, or start or end this host's part in a run that is spread over hosts."""
    if check_mode:
        return {"changed": params["state"] != "secured"}
    if params["state"] == "secured":
        return {"changed": False, "credentials": benchmark_clients.new_credentials()}
    if params["state"] == "ended":
        return {"changed": benchmark_clients.end(params["processes"]) > 0}
    started = _started(params)
    addresses, processes = [each.address for each in started], [each.pid for each in started]
    return {"changed": True, "addresses": addresses, "processes": processes}


def _started(params: Mapping[str, Any]) -> Any:
    credentials = params["credentials"]
    if params["scheduler"] is None:
        return benchmark_clients.start_scheduler(credentials, params["host"], params["port"])
    return benchmark_clients.start_workers(credentials, params["scheduler"], params["host"], params["count"])
