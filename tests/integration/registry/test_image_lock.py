"""`invoke day23.lock` against registries on real sockets."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from fake_registry import FakeRegistry, serving

from day23.application.lock_images import LockedImage
from day23.domain.errors import ToolkitError
from day23.wiring.images import lock_images

REPOSITORY = Path(__file__).resolve().parents[3]
OLD, NEW = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def lock(checkout: Path, **images: str) -> dict[str, LockedImage]:
    """Write a lock of `name@digest` by artefact, refresh it, and return what became of each image."""
    lines = []
    for artifact, described in images.items():
        name, _, digest = described.partition("@")
        lines.append(f'{artifact}: {{name: "{name}", digest: {digest or "null"}}}\n')
    path = checkout / "config" / "images.lock.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(lines))
    return {image.artifact: image for image in lock_images(checkout).run()}


def digests(checkout: Path) -> dict[str, str | None]:
    written = yaml.safe_load((checkout / "config" / "images.lock.yml").read_text())
    return {artifact: entry["digest"] for artifact, entry in written.items()}


def test_asks_several_registries_and_tells_what_became_of_each_image(tmp_path: Path) -> None:
    first = FakeRegistry({"a/new:1": b"", "a/same:1": b""}, {"a/new:1": NEW, "a/same:1": OLD})
    second = FakeRegistry({"b/moved:1": b""}, {"b/moved:1": NEW}, wants_token=True)
    with serving(first), serving(second):
        told = lock(
            tmp_path,
            new=f"{first.address}/a/new:1",
            same=f"{first.address}/a/same:1@{OLD}",
            moved=f"{second.address}/b/moved:1@{OLD}",
            gone=f"{second.address}/b/gone:1@{OLD}",
        )

    outcomes = {artifact: image.outcome.value for artifact, image in told.items()}
    assert outcomes == {"new": "pinned", "same": "unchanged", "moved": "moved", "gone": "gone"}
    assert digests(tmp_path) == {"new": NEW, "same": OLD, "moved": NEW, "gone": None}
    assert {method for method, _ in first.asked + second.asked} == {"HEAD"}


def test_computes_the_digest_of_a_registry_that_does_not_name_it(tmp_path: Path) -> None:
    manifest = b'{"schemaVersion": 2}'
    with serving(FakeRegistry({"a/b:1": manifest}, wants_token=True)) as registry:
        lock(tmp_path, tool=f"{registry.address}/a/b:1")

    assert digests(tmp_path)["tool"] == f"sha256:{hashlib.sha256(manifest).hexdigest()}"


def test_a_silent_registry_neither_invents_nor_loses_a_digest(tmp_path: Path) -> None:
    with serving(FakeRegistry()) as registry:
        silent = registry.address

    told = lock(tmp_path, never=f"{silent}/a/b:1", once=f"{silent}/a/c:1@{OLD}")

    assert {image.outcome.value for image in told.values()} == {"not checked"}
    assert "does not answer" in told["once"].reason
    assert digests(tmp_path) == {"never": None, "once": OLD}


@pytest.mark.parametrize(
    ("registry", "reason"),
    [
        (
            FakeRegistry({"a/b:1": b""}, {"a/b:1": "sha256:short"}),
            "names no SHA-256 digest but 'sha256:short'",
        ),
        (FakeRegistry({"a/b:1": b""}, status=503), "the registry says 503"),
    ],
    ids=["odd digest", "broken"],
)
def test_what_is_no_digest_is_not_pinned(tmp_path: Path, registry: FakeRegistry, reason: str) -> None:
    with serving(registry):
        told = lock(tmp_path, tool=f"{registry.address}/a/b:1")

    assert reason in told["tool"].reason
    assert digests(tmp_path) == {"tool": None}


def test_a_name_without_registry_or_tag_is_told(tmp_path: Path) -> None:
    told = lock(tmp_path, tool="library/mongo")

    assert "is not registry/repository:tag" in told["tool"].reason


def test_a_file_that_is_no_lock_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "config" / "images.lock.yml"
    path.parent.mkdir()
    path.write_text("tool: {nome: x}\n")

    with pytest.raises(ToolkitError, match="the image lock cannot be read"):
        lock_images(tmp_path).run()


def test_the_command_tells_each_image_and_leaves_with_1_when_one_has_no_digest(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "config").mkdir(parents=True)
    shutil.copy(REPOSITORY / "tasks.py", checkout)
    with serving(FakeRegistry({"a/b:1": b""}, {"a/b:1": NEW})) as registry:
        lines = [f'here: {{name: "{registry.address}/a/b:1", digest: null}}\n']
        lines += [f'gone: {{name: "{registry.address}/a/c:1", digest: null}}\n']
        (checkout / "config" / "images.lock.yml").write_text("".join(lines))
        finished = subprocess.run(
            [str(Path(sys.executable).with_name("invoke")), "day23.lock"],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )

    assert finished.returncode == 1
    assert [line.split()[0] for line in finished.stdout.splitlines()] == ["pinned", "gone"]
    assert "no digest for gone" in finished.stderr
    assert digests(checkout) == {"here": NEW, "gone": None}
