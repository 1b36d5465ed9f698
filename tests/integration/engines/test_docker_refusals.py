"""What goes wrong with the daemon, its images and names: one clear error each, nothing else is touched."""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import role_artifacts
import tiny_image
from api_stub import stub_daemon
from fake_registry import FakeRegistry, serving
from tiny_stack import Stack, eventually, free_port

from day23.application.preflight import Finding, FindingState
from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.domain.errors import ToolkitError
from day23.domain.service_spec import Limits, ServiceSpec
from day23.infrastructure.engines.docker.daemon_socket import API_VERSION, DaemonSocket
from day23.infrastructure.engines.docker.image_build import ImageRecipe, build
from day23.infrastructure.engines.docker.limits import daemon_host, scaled
from day23.infrastructure.engines.docker.preflight import DaemonAnswers
from day23.infrastructure.engines.docker.sdk import daemon
from day23.wiring.artifacts import artifact_store, fetch_artifacts
from day23.wiring.preflight import preflight
from docker_daemon import another

Tiny = Callable[..., ServiceSpec]


@pytest.fixture
def engine_name() -> str:
    return "docker"


def test_an_engine_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = {"Version": "19.03.15", "ApiVersion": "1.40"}
    with (
        TemporaryDirectory(prefix="d23-") as folder,
        stub_daemon(Path(folder, "docker.sock"), {"/version": version}) as address,
    ):
        monkeypatch.setenv("DOCKER_HOST", address)
        with pytest.raises(ToolkitError, match=r"Docker 19\.03\.15 is too old") as refusal:
            DaemonAnswers().findings()

    assert refusal.value.where == "Docker daemon"
    assert refusal.value.next_step == "install Docker 20.10 or newer"


def test_limits_follow_the_daemon_that_may_use_less_than_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"NCPU": 1, "MemTotal": 2 << 30}
    with (
        TemporaryDirectory(prefix="d23-") as folder,
        stub_daemon(Path(folder, "docker.sock"), {f"/v{API_VERSION}/info": told}) as address,
    ):
        monkeypatch.setenv("DOCKER_HOST", address)
        limits = scaled(Limits(memory_mb=16384, cpus=8), daemon_host())

    assert (limits.nano_cpus, limits.memory_bytes >> 20) == (10**9, 1024)


def test_an_image_that_vanished(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("bystander"))
    bystander = stack.pid("bystander")
    spec = tiny()
    image = image_of(stack, spec)
    daemon().tag(image, "kept", "1")
    daemon().remove_image(image, force=True)
    try:
        with pytest.raises(ToolkitError, match="has not been fetched") as refusal:
            stack.converge(spec)
    finally:
        repository, _, tag = image.partition(":")
        daemon().tag("kept:1", repository, tag)
        daemon().remove_image("kept:1")

    assert "which fetches it" in refusal.value.next_step
    assert stack.pid("bystander") == bystander


def test_an_image_of_that_name_with_other_content_is_not_used(stack: Stack, tiny: Tiny) -> None:
    spec = tiny()
    image = image_of(stack, spec)
    repository, _, tag = image.partition(":")
    daemon().tag(image, "kept", "1")
    daemon().tag("tiny:1", repository, tag)
    try:
        with pytest.raises(ToolkitError, match="has not been fetched"):
            stack.converge(spec)
    finally:
        daemon().tag("kept:1", repository, tag)
        daemon().remove_image("kept:1")


class TestARegistry:
    """Images are pulled from a registry on loopback, by digest."""

    def test_gives_the_image_that_is_pinned(self, stack: Stack) -> None:
        registry, digest = registry_with_an_image()
        with serving(registry):
            fetched = fetch(stack, f"{registry.address}/a/hello:1", digest)

        assert fetched.source == "image"

    def test_that_gives_other_bytes_than_are_pinned_is_refused(self, stack: Stack) -> None:
        registry, digest = registry_with_an_image()
        pinned = f"sha256:{'0' * 64}"
        registry.manifests = {f"a/hello:{pinned}": registry.manifests[f"a/hello:{digest}"]}
        with serving(registry), pytest.raises(ToolkitError, match="manifest verification failed for digest"):
            fetch(stack, f"{registry.address}/a/hello:1", pinned)

    def test_without_the_image_is_told(self, stack: Stack) -> None:
        with serving(FakeRegistry()) as registry, pytest.raises(ToolkitError) as refusal:
            fetch(stack, f"{registry.address}/a/hello:1", f"sha256:{'1' * 64}")

        assert "docker load" in str(refusal.value)


def test_a_port_of_a_container_of_somebody_else(stack: Stack, tiny: Tiny) -> None:
    port = free_port()
    words = ["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    own_network = daemon().create_host_config(network_mode="host")
    foreign = daemon().create_container("tiny:1", entrypoint=words, host_config=own_network)["Id"]
    daemon().start(foreign)

    def found() -> Finding:
        return preflight(stack.context, {"tiny": port}, (), (), 0).run()[-1]

    try:
        assert eventually(lambda: found().state is FindingState.FAILED)
        assert "in use by pid" in found().detail
        assert "stop that process" in found().next_step
        with DaemonSocket() as socket:
            kept = socket.container(foreign)
        assert kept is not None
        assert kept["State"]["Running"]
    finally:
        daemon().remove_container(foreign, force=True)


def test_a_container_that_cannot_start_gives_way_to_the_former_one(
    stack: Stack, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up(tiny())
    before = container_of(stack)

    with monkeypatch.context() as broken:
        broken.setattr("day23.infrastructure.engines.docker.container.ATTENDANT", "/nowhere/attendant")
        with pytest.raises(ToolkitError, match="no such file or directory"):
            stack.converge(tiny("tiny", "new\n"))

    assert container_of(stack)["Id"] == before["Id"]
    assert container_of(stack)["State"]["Running"]
    assert stack.up(tiny("tiny", "new\n")) == ["restarted"]


def test_a_daemon_that_has_no_card_to_give(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    before = container_of(stack)

    with pytest.raises(ToolkitError, match="could not select device driver") as refusal:
        stack.converge(tiny(gpus=1))

    assert "nvidia-container-toolkit" in refusal.value.next_step
    assert container_of(stack)["Id"] == before["Id"]
    assert container_of(stack)["State"]["Running"]


class TestADiskThatIsFull:
    """On a daemon of the test's own whose data folder holds 96 MiB, with a container running there."""

    @pytest.fixture
    def small_disk(self, docker_daemon: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with TemporaryDirectory(prefix="d23-", ignore_cleanup_errors=True) as name:
            data = Path(name, "data")
            data.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(data)], check=True)
            try:
                with another(Path(name)) as address:
                    monkeypatch.setenv("DOCKER_HOST", address)
                    yield
            finally:
                subprocess.run(["umount", "--lazy", str(data)], check=True)

    def test_is_told_and_stops_nothing(self, small_disk: None, stack_root: Path, tmp_path: Path) -> None:
        running = run_node_exporter(tmp_path)
        large = tmp_path / "large"
        with large.open("wb") as file:
            file.truncate(200 << 20)

        with pytest.raises(ToolkitError, match="no space left on device") as built:
            build_image("large", large, tmp_path)
        with pytest.raises(ToolkitError, match="no space left on device") as loaded:
            tiny_image.build(tmp_path, [])

        assert "docker system df" in built.value.next_step
        assert "docker system df" in loaded.value.next_step
        with DaemonSocket() as socket:
            kept = socket.container(running)
        assert kept is not None
        assert kept["State"]["Running"]


def run_node_exporter(folder: Path) -> str:
    """Run a static program in a container and return the container's id."""
    program = role_artifacts.program_of("node_exporter").binaries["node_exporter"]
    image = build_image("exporter", program, folder)
    container = str(daemon().create_container(image, entrypoint=[str(program)], network_disabled=True)["Id"])
    daemon().start(container)
    return container


def build_image(name: str, file: Path, folder: Path) -> str:
    """Lay `file` at its own path over nothing."""
    recipe = ImageRecipe(name, "1", "scratch", {"file": str(file)})
    build(recipe, "scratch", file, [(str(file), file)], folder / f"{name}-context")
    return recipe.reference


def image_of(stack: Stack, spec: ServiceSpec) -> str:
    """Return the reference of the image that a service would run."""
    found = artifact_store(stack.context).resolve(spec.artifact, ("image",))
    assert isinstance(found, ResolvedArtifact)
    assert found.image is not None
    return found.image


def container_of(stack: Stack) -> dict[str, Any]:
    """Return the description of the stack's only container."""
    with DaemonSocket() as socket:
        [listed] = socket.containers(f"day23.root={stack.paths.root}")
        found = socket.container(listed["Id"])
    assert found is not None
    return found


def fetch(stack: Stack, name: str, digest: str) -> ResolvedArtifact:
    """Fetch a program out of a registry's image."""
    image = {"name": name, "digest": digest, "binaries": {"hello": "/hello"}}
    artifact = Artifact.model_validate({"name": "hello", "version": "1", "image": image})
    outcome = fetch_artifacts(stack.context, ()).run([artifact]).outcomes["hello"]
    if not isinstance(outcome, ResolvedArtifact):
        raise outcome.error()
    return outcome


def registry_with_an_image() -> tuple[FakeRegistry, str]:
    """Return a registry that has `a/hello`, one file in one layer, and the image's digest."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("hello"))
    packed = gzip.compress(layer.getvalue(), mtime=0)
    rootfs = {"type": "layers", "diff_ids": [digest_of(layer.getvalue())]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs}).encode()
    docker = "application/vnd.docker"
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{docker}.distribution.manifest.v2+json",
        "config": described(f"{docker}.container.image.v1+json", config),
        "layers": [described(f"{docker}.image.rootfs.diff.tar.gzip", packed)],
    }
    content = json.dumps(manifest).encode()
    blobs = {digest_of(each): each for each in (config, packed)}
    return FakeRegistry({f"a/hello:{digest_of(content)}": content}, blobs=blobs), digest_of(content)


def described(media_type: str, content: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "size": len(content), "digest": digest_of(content)}


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
