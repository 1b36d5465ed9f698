"""What goes into a bundle, and what stops one from being written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from day23.application.bundle_ports import Gathered
from day23.application.write_bundle import BundlePorts, WriteBundle
from day23.domain.artifact import Artifact, Unavailable
from day23.domain.bundle_manifest import BundledEntry, BundleManifest
from day23.domain.errors import ToolkitError

ENTRY = BundledEntry(key="loki-3.7.8-0123456789abcdef", digest="a" * 64)
PLATFORM = BundleManifest(
    toolkit_version="1", machine="x86_64", python="3.11", engines=("process",), entries=()
)
ARTIFACTS = [Artifact(name="loki", version="3.7.8", path=None)]


class Shelf:
    def __init__(self, *missing: Unavailable) -> None:
        self.missing = missing

    def gather(self, artifacts: Sequence[Artifact]) -> Gathered:
        return Gathered({ENTRY.key: ENTRY}, self.missing)

    def pack(self, entries: Sequence[BundledEntry], folder: Path) -> Mapping[str, Path]:
        return {entry.file: folder / entry.key for entry in entries}


class Wheels:
    def ensure(self) -> Mapping[str, Path]:
        return {"bundle/wheels/razdel.whl": Path("razdel.whl")}


class Writer:
    def __init__(self) -> None:
        self.members: list[str] = []
        self.manifest = PLATFORM

    def write(self, output: Path, manifest: BundleManifest, members: Mapping[str, Path]) -> str:
        self.members, self.manifest = sorted(members), manifest
        output.write_bytes(b"bundle")
        return "b" * 64


def use_case(folder: Path, writer: Writer, *missing: Unavailable) -> WriteBundle:
    ports = BundlePorts(
        stock=Shelf(*missing),
        wheels=Wheels(),
        writer=writer,
        project={"Makefile": folder / "Makefile", "scripts/bundle/up.sh": folder / "up.sh"},
        describe=lambda _artifacts, entries, _wheels: entries[0].key.encode(),
        workshop=folder,
        platform=PLATFORM,
    )
    return WriteBundle(ports, optional=["grafana"])


def test_project_wheels_programs_and_bill_are_written(tmp_path: Path) -> None:
    writer = Writer()

    written = use_case(tmp_path, writer).run(ARTIFACTS, tmp_path / "bundle.tar")

    assert writer.members == [
        "Makefile",
        ENTRY.file,
        "bundle/sbom.cdx.json",
        "bundle/wheels/razdel.whl",
        "scripts/bundle/up.sh",
        "up.sh",
    ]
    assert (tmp_path / "sbom.cdx.json").read_text(encoding="utf-8") == ENTRY.key
    assert (written.manifest.entries, written.size, written.sha256) == ((ENTRY,), 6, "b" * 64)


def test_an_optional_program_is_left_out_and_named(tmp_path: Path) -> None:
    writer = Writer()

    use_case(tmp_path, writer, Unavailable("grafana", "no source")).run(ARTIFACTS, tmp_path / "bundle.tar")

    assert writer.manifest.left_out == {"grafana": "no source"}


def test_a_required_program_that_cannot_be_had_stops_it(tmp_path: Path) -> None:
    gap = Unavailable("loki", "loki cannot be built", where="build/loki", next_step="install Go")

    with pytest.raises(ToolkitError, match=r"loki cannot be built \(build/loki\)\. Next: install Go"):
        use_case(tmp_path, Writer(), gap).run(ARTIFACTS, tmp_path / "bundle.tar")
    assert not (tmp_path / "bundle.tar").exists()


def test_a_host_that_has_the_toolkit_gets_programs_alone(tmp_path: Path) -> None:
    writer = Writer()
    gap = Unavailable("loki", "left to that host")

    use_case(tmp_path, writer, gap).run_programs(ARTIFACTS, tmp_path / "programs.tar")

    assert writer.members == [ENTRY.file]
