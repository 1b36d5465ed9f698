"""What travels: the project, the locked wheels, and the bill of materials over them."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from day23.application.ports import ProgressState
from day23.domain.artifact import Artifact, GoSource
from day23.domain.bundle_manifest import BundledEntry
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.bundle.bill_of_materials import BillOfMaterials
from day23.infrastructure.bundle.project_files import PARTS, project_digest, project_files
from day23.infrastructure.bundle.toolkit_packages import ToolkitPackages
from day23.infrastructure.bundle.wheelhouse import CachedWheels

REPOSITORY = Path(__file__).resolve().parents[4]
STAYS = {"tests"}
"""Top-level folders that no host needs."""


class Silence:
    def report(self, subject: str, state: ProgressState, **_more: object) -> None:
        pass


def test_every_part_of_the_project_travels_or_is_known_to_stay() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    top = {path.split("/")[0] for path in listed.stdout.splitlines()}

    assert {name for name in top if not name.startswith(".")} - set(PARTS) == STAYS


def test_nothing_that_was_made_by_running_travels(tmp_path: Path) -> None:
    for name in ("src/day23/a.py", "src/day23/__pycache__/a.pyc", "src/day23.egg-info/PKG-INFO", "data/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")

    assert list(project_files(tmp_path)) == ["src/day23/a.py"]


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("one", encoding="utf-8")
    before = project_digest(tmp_path)
    (tmp_path / "Makefile").write_text("two", encoding="utf-8")

    assert project_digest(tmp_path) != before


def wheels(folder: Path) -> CachedWheels:
    """Return wheels that were downloaded earlier."""
    cache = ArtifactCache(folder / "cache")
    house = CachedWheels(cache, REPOSITORY, Silence())
    staging = folder / "staging"
    staging.mkdir()
    (staging / "razdel-0.5.0-py3-none-any.whl").write_bytes(b"wheel")
    cache.publish(house.key, staging)
    return house


def test_wheels_that_are_here_are_not_downloaded_again(tmp_path: Path) -> None:
    assert list(wheels(tmp_path).ensure()) == ["bundle/wheels/razdel-0.5.0-py3-none-any.whl"]


def test_the_key_of_the_wheels_follows_the_lock(tmp_path: Path) -> None:
    for lock in ("requirements-hosts.txt", "requirements-dev.txt"):
        (tmp_path / lock).write_text((REPOSITORY / lock).read_text(encoding="utf-8"), encoding="utf-8")
    house = CachedWheels(ArtifactCache(tmp_path), tmp_path, Silence())
    before = house.key
    with (tmp_path / "requirements-hosts.txt").open("a", encoding="utf-8") as lock_file:
        lock_file.write("more==1 \\\n    --hash=sha256:" + "0" * 64 + "\n")

    assert house.key != before


def test_packages_are_written_once_per_content_and_those_long_unused_go(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    makefile = tmp_path / "project/Makefile"
    packages = ToolkitPackages(tmp_path / "packages", tmp_path / "project", wheels(tmp_path))
    made = []
    for text in ("one", "two", "three"):
        makefile.write_text(text, encoding="utf-8")
        made.append(packages.ready())
        assert packages.ready() == made[-1]
        if text == "one":
            os.utime(made[0][1].path, (0, 0))

    (old_wheels, long_unused), (_, another_runs), (new_wheels, newest) = made
    assert old_wheels == new_wheels
    assert not long_unused.path.exists()
    assert another_runs.path.exists()
    assert newest.path.exists()


def test_the_bill_names_programs_modules_and_packages_and_is_reproducible(tmp_path: Path) -> None:
    house = wheels(tmp_path)
    cache = ArtifactCache(tmp_path / "cache")
    staging = tmp_path / "loki"
    (staging / "bin").mkdir(parents=True)
    (staging / "bin/loki").write_bytes(b"program")
    cache.publish("loki-3.7.8-0123456789abcdef", staging)
    loki = Artifact(name="loki", version="3.7.8", go=GoSource(module="build/loki", binaries={"loki": "loki"}))
    entries = [BundledEntry(key="loki-3.7.8-0123456789abcdef", digest="a" * 64)]
    describe = BillOfMaterials(cache, REPOSITORY)

    document = describe([loki], entries, house.ensure())
    program, package = json.loads(document)["components"]
    modules = [part["purl"] for part in program["components"] if "purl" in part]
    pinned = re.findall(r"^\s+\S+ v\S+", (REPOSITORY / "build/loki/go.mod").read_text("utf-8"), re.MULTILINE)

    assert describe([loki], entries, house.ensure()) == document
    assert (program["name"], program["version"]) == ("loki", "3.7.8")
    assert package["purl"] == "pkg:pypi/razdel@0.5.0"
    assert "timestamp" not in json.loads(document)["metadata"]
    assert len(modules) > 0.9 * len(pinned) > 100
