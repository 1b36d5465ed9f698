"""A bundle, a host without a network, an empty home: the stack comes up from the bundle alone."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from free_ports import free_offset

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[3]
SERVICES = {
    *("alertmanager", "butler_sidecar", "collector", "llm_api", "loki"),
    *("mcp_server", "mongodb", "node_exporter", "prometheus"),
}


def invoke(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(Path(sys.executable).with_name("invoke")), *words],
        cwd=REPOSITORY,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="d23b-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Path:
    path = folder / "bundle.tar"
    written = invoke("day23.bundle", f"--output={path}", f"--stack-root={folder}/maker")
    assert written.returncode == 0, written.stderr
    return path


@pytest.fixture(scope="module")
def unplugged(folder: Path, bundle: Path) -> Path:
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("a network namespace needs root, unshare and ip")
    (folder / "home").mkdir()
    shutil.copy(bundle, folder / "cut.tar")
    os.truncate(folder / "cut.tar", bundle.stat().st_size // 2)
    script = Path(__file__).with_name("unplugged_host.sh")
    finished = subprocess.run(
        ["unshare", "--net", "sh", str(script), str(folder), str(free_offset())],
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-6000:]
    return folder


def services(path: Path) -> dict[str, Any]:
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return {each["service"]: each for each in results["status"][0]["services"] if each["pid"]}


def test_every_service_is_ready(unplugged: Path) -> None:
    found = services(unplugged / "before.json")

    assert set(found) >= SERVICES
    assert {name for name in SERVICES if not found[name]["ready"]} == set()


def test_a_second_up_changes_nothing(unplugged: Path) -> None:
    again = json.loads((unplugged / "again.json").read_text(encoding="utf-8"))

    assert (again["exit_code"], again["totals"]["changed"]) == (0, 0)


def test_a_bundle_that_was_cut_short_is_refused_and_everything_keeps_running(unplugged: Path) -> None:
    refusal = (unplugged / "refusal.txt").read_text(encoding="utf-8").splitlines()
    before, after = services(unplugged / "before.json"), services(unplugged / "after.json")

    assert (unplugged / "refusal.code").read_text(encoding="utf-8").strip() == "1"
    assert [line for line in refusal if line.startswith("error: ")] == refusal[-1:]
    assert "cut short" in refusal[-1]
    assert {name: each["pid"] for name, each in before.items()} == {
        name: each["pid"] for name, each in after.items()
    }


def test_a_full_disk_is_told_and_nothing_is_started(folder: Path, bundle: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    small = folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(small)], check=True)
    try:
        refused = invoke(
            "day23.up",
            f"--bundle={bundle}",
            f"--stack-root={folder}/never",
            f"--port-offset={free_offset()}",
            DAY23_CACHE_DIR=str(small),
        )
        assert refused.returncode == 1
        assert "No space left on device" in refused.stderr
        assert "DAY23_CACHE_DIR" in refused.stderr
        assert list(small.glob("artifacts/*")) == []
        assert not (folder / "never/data").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_the_bill_of_materials_is_valid_and_names_what_is_inside(bundle: Path) -> None:
    document = member(bundle, "bundle/sbom.cdx.json")
    components = json.loads(document)["components"]
    loki = next(each for each in components if each["name"] == "loki")

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document) is None
    assert {"pydantic", "ansible_core", "mongodb", "libcurl.so.4"} <= {each["name"] for each in components}
    assert any(each.get("purl", "").startswith("pkg:golang/github.com/") for each in loki["components"])


def test_nothing_private_travels(bundle: Path) -> None:
    with tarfile.open(bundle) as archive:
        names = {name.removeprefix("day23/") for name in archive.getnames()}
    hidden = {name for name in names if name.startswith(".") or "/." in name}

    assert {"Makefile", "up.sh", "playbooks/up.yml", "src/day23/settings.py"} <= names
    assert hidden == set()


def member(bundle: Path, name: str) -> str:
    with tarfile.open(bundle) as archive:
        stream = archive.extractfile(f"day23/{name}")
        assert stream is not None
        return stream.read().decode()
