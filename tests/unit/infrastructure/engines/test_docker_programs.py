"""What an image of the toolkit's own programs holds, and what a host needs to assemble images."""

import sys
from pathlib import Path

import pytest

from day23.domain.artifact import Artifact, AssembleSource, ResolvedArtifact, Unavailable
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.engines import portable_parts
from day23.infrastructure.engines.docker.base_image import BaseArchives, BaseImages
from day23.infrastructure.engines.docker.programs import PYTHON, program_of

MCP_SERVER = ResolvedArtifact("mcp_server", "1", "toolkit", "a" * 64, {"python": Path(sys.executable)}, {})


@pytest.mark.skipif(sys.version_info[:2] != PYTHON, reason="images of the toolkit run on Python 3.11")
def test_libraries_that_only_an_extra_asks_for_are_in_the_image() -> None:
    names = {Path(target).parts[4] for target, _ in program_of(MCP_SERVER).files()}

    assert {"day23", "mcp", "jwt", "cryptography"} <= names
    assert {"ansible", "invoke", "docker"} & names == set()


def artifact(base: str) -> Artifact:
    return Artifact(
        name="mongodb",
        version="6",
        assemble=AssembleSource.model_validate(
            {"base": base, "packages": ["libcurl4"] if base == "debian" else []}
        ),
    )


def test_the_archive_below_an_image_is_found_without_a_daemon(tmp_path: Path) -> None:
    bases = BaseArchives(ArtifactCache(tmp_path))
    assert isinstance(bases.locate(artifact("debian")), Unavailable)

    cache = ArtifactCache(tmp_path)
    key = BaseImages(cache).identity(("libcurl4",))
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging/base.tar").write_bytes(b"debian")
    cache.publish(key, tmp_path / "staging")
    found = bases.locate(artifact("debian"))

    assert isinstance(found, ResolvedArtifact)
    assert found.binaries == {"base.tar": tmp_path / "artifacts" / key / "base.tar"}


def test_an_image_from_scratch_needs_no_archive(tmp_path: Path) -> None:
    found = BaseArchives(ArtifactCache(tmp_path)).locate(artifact("scratch"))

    assert isinstance(found, ResolvedArtifact)
    assert found.binaries == {}


def test_what_is_packed_for_containers_serves_plain_processes_too(tmp_path: Path) -> None:
    assert portable_parts("process", tmp_path).serves == ("process",)
    assert portable_parts("docker", tmp_path).serves == ("process", "docker")
    assert [each.name for each in portable_parts("docker", tmp_path).artifacts] == ["attendant"]
