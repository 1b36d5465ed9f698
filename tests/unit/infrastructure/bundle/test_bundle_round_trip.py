"""A bundle that was written is read again; one that was touched is refused and loads nothing."""

import hashlib
import json
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from day23.application.load_bundle import Host, LoadBundle
from day23.application.ports import ProgressState
from day23.domain.bundle_manifest import BundledEntry, BundleManifest
from day23.domain.errors import ToolkitError, UsageError
from day23.domain.exit_codes import ExitCode
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.bundle.bundle_archive import BundleArchive
from day23.infrastructure.bundle.bundle_source import BundleSource
from day23.infrastructure.bundle.stock import CacheStock
from day23.infrastructure.bundle.wheelhouse import CachedWheels
from day23.infrastructure.engines import PortableParts

KEY = "loki-3.7.8-0123456789abcdef"
REPOSITORY = Path(__file__).resolve().parents[4]
HERE = Host(platform.machine(), "process")


class Silence:
    def report(self, subject: str, state: ProgressState, **_more: object) -> None:
        pass


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("bundle"))


def write(folder: Path, machine: str = platform.machine()) -> Path:
    cache = ArtifactCache(folder / "cache")
    staging = folder / "staging"
    (staging / "bin").mkdir(parents=True)
    (staging / "bin/loki").write_bytes(b"program" * 100)
    (staging / "bin/loki").chmod(0o755)
    cache.publish(KEY, staging)
    found = cache.find(KEY)
    assert found is not None
    entry = BundledEntry(key=KEY, digest=found.digest)
    stock = CacheStock(cache.folder, REPOSITORY, PortableParts(("process",)), Silence())
    (folder / "packed").mkdir()
    manifest = BundleManifest(
        toolkit_version="1", machine=machine, python="3.11", engines=("process",), entries=(entry,)
    )
    wheel = folder / "razdel-1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    members = {f"bundle/wheels/{wheel.name}": wheel, **stock.pack([entry], folder / "packed")}
    BundleArchive(Silence()).write(folder / "bundle.tar", manifest, members)
    return folder / "bundle.tar"


def loader(bundle: Path, cache: Path, host: Host = HERE) -> LoadBundle:
    kept = ArtifactCache(cache)
    return LoadBundle(BundleSource(bundle, kept, CachedWheels(kept, REPOSITORY, Silence()), Silence()), host)


def entries(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "artifacts").glob("*"))


def test_an_empty_cache_has_programs_and_wheels_afterwards(bundle: Path, tmp_path: Path) -> None:
    assert loader(bundle, tmp_path).run() == (KEY,)

    program = tmp_path / "artifacts" / KEY / "bin/loki"
    assert program.read_bytes() == b"program" * 100
    assert program.stat().st_mode & 0o777 == 0o755
    assert len(entries(tmp_path)) == 2


def test_a_second_time_nothing_is_new(bundle: Path, tmp_path: Path) -> None:
    loader(bundle, tmp_path).run()

    assert loader(bundle, tmp_path).run() == ()


def test_the_unpacked_folder_serves_as_well(bundle: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xf", bundle, "-C", tmp_path], check=True)

    assert loader(tmp_path / "day23", tmp_path / "cache").run() == (KEY,)


def test_the_same_content_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    assert write(tmp_path).read_bytes() == bundle.read_bytes()


def test_the_checksum_beside_it_is_its_own(bundle: Path) -> None:
    told = bundle.with_name(f"{bundle.name}.sha256").read_text(encoding="utf-8")
    assert told == f"{hashlib.sha256(bundle.read_bytes()).hexdigest()}  {bundle.name}\n"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_a_changed_bit_loads_nothing_or_changes_nothing(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory, place: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    content = bytearray(bundle.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    (folder / "changed.tar").write_bytes(content)

    try:
        loader(folder / "changed.tar", folder / "cache").run()
    except ToolkitError:
        assert entries(folder / "cache") == []
    else:  # the bit was in padding, or in a field of the tar that says nothing about contents
        assert (folder / "cache/artifacts" / KEY / "bin/loki").read_bytes() == b"program" * 100


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.75))
def test_a_bundle_that_was_cut_short_loads_nothing(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    content = bundle.read_bytes().rstrip(b"\0")
    (folder / "cut.tar").write_bytes(content[: int(share * len(content))])

    with pytest.raises(ToolkitError):
        loader(folder / "cut.tar", folder / "cache").run()
    assert entries(folder / "cache") == []


def test_another_processor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(ToolkitError, match="is for aarch64, this host is") as refused:
        loader(write(tmp_path / "made", "aarch64"), tmp_path / "cache").run()
    assert refused.value.exit_code == ExitCode.ERROR


def test_an_engine_that_it_does_not_serve_is_refused(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="serves process"):
        loader(bundle, tmp_path, Host(platform.machine(), "docker")).predict()


@pytest.mark.parametrize("kind", ["absent", "text", "other tar"])
def test_what_is_no_bundle_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file.tar"
    if kind == "text":
        path.write_text("hello", encoding="utf-8")
    if kind == "other tar":
        with tarfile.open(path, "w") as archive:
            archive.add(__file__, "day23/other")

    with pytest.raises(ToolkitError, match=r"bundle"):
        loader(path, tmp_path / "cache").run()


def test_a_file_that_the_checksums_do_not_name_is_refused(bundle: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.tar"
    shutil.copy(bundle, more)
    with tarfile.open(more, "a") as archive:
        archive.add(__file__, "day23/bundle/wheels/evil.whl")

    with pytest.raises(ToolkitError, match=r"evil\.whl"):
        loader(more, tmp_path / "cache").run()
    assert entries(tmp_path / "cache") == []


def test_the_manifest_is_readable_by_others(bundle: Path) -> None:
    with tarfile.open(bundle) as archive:
        manifest = archive.extractfile("day23/bundle/manifest.json")
        assert manifest is not None
        assert json.load(manifest)["entries"][0]["key"] == KEY
