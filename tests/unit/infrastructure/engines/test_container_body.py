"""What the Docker API is asked for, where no daemon is needed to see it."""

from pathlib import Path
from typing import Any

import pytest

from day23.domain.artifact import ResolvedArtifact
from day23.domain.placement import Placement
from day23.domain.resolve_service import resolve
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.docker.container import Site, container_body
from day23.infrastructure.engines.docker.limits import Host, scaled
from day23.infrastructure.engines.docker.mounts import service_mounts
from day23.infrastructure.engines.docker.ownership import Owner

PATHS = StackPaths(Path("/srv/stack"))
IMAGE = ResolvedArtifact("llm_api", "1", "image", "0" * 64, {"server": Path("/app/server")}, {}, "llm:1")
MODEL = {"name": "llm_api_model", "path": "/srv/models/qwen.gguf", "sha256": "0" * 64}


def body(**changes: Any) -> dict[str, Any]:
    described = {
        "name": "llm_api",
        "artifact": {"name": "llm_api", "version": "1", "path": "/app/server"},
        "command": ["server"],
        "listen": {"http": 8000},
        "ready": {"http": "/health"},
    }
    service = resolve(ServiceSpec.model_validate(described | changes), IMAGE, PATHS, "127.0.0.1")
    limits = scaled(service.limits, Host(memory_mb=8192, cores=2, pids=4096))
    site = Site(PATHS.root, PATHS.logs, "day23", Placement(), Owner(65532, 65532), limits)
    return container_body(service, site, service_mounts(service, PATHS), {})


@pytest.mark.parametrize("count", [1, 2, -1])
def test_a_service_with_cards_asks_for_them_and_is_hardened_all_the_same(count: int) -> None:
    wanted = body(gpus=count)["HostConfig"]

    request = wanted.pop("DeviceRequests")
    assert request == [{"Driver": "nvidia", "Count": count, "Capabilities": [["gpu"]]}]
    assert wanted == body()["HostConfig"]


def test_a_model_is_mounted_at_its_path_and_cannot_be_written() -> None:
    [model] = [
        each for each in body(host_files=[MODEL])["HostConfig"]["Mounts"] if "models" in each["Source"]
    ]

    assert (model["Target"], model["ReadOnly"]) == (MODEL["path"], True)


def test_limits_sized_for_a_large_host_shrink_to_this_one() -> None:
    large = body(limits={"memory_mb": 49152, "cpus": 8, "pids": 4096})["HostConfig"]

    assert (large["Memory"] >> 20, large["MemorySwap"] >> 20) == (4096, 4096)
    assert (large["NanoCpus"], large["PidsLimit"]) == (2 * 10**9, 2048)
