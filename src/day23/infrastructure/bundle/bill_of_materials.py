"""What a bundle consists of, as a CycloneDX document that is the same for the same content."""

import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from day23.domain.artifact import Artifact
from day23.domain.bundle_manifest import BundledEntry
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.checksums import file_sha256

_REQUIRED = re.compile(
    r"^(?:require )?\s*([^\s()/]+\.[^\s()]+/?[^\s()]*) (v\S+)(?: // indirect)?$", re.MULTILINE
)
_REPLACED = re.compile(r"^replace (\S+) => (\S+) (v\S+)$", re.MULTILINE)
_DEBIAN_STATUS = "./var/lib/dpkg/status"
_FIELD = re.compile(r"^(Package|Version|Architecture): (.+)$", re.MULTILINE)


class BillOfMaterials:
    """Describes bundles.

    Args:
        cache: Where the entries are.
        repository: Holds the Go modules.
    """

    def __init__(self, cache: ArtifactCache, repository: Path) -> None:
        self._cache = cache
        self._repository = repository

    def __call__(
        self, artifacts: Sequence[Artifact], entries: Sequence[BundledEntry], wheels: Mapping[str, Path]
    ) -> bytes:
        """Return JSON of CycloneDX 1.6, without a time, and with a serial that follows from the content."""
        bom = Bom(components=[*self._programs(artifacts, entries), *_packages(wheels.values())])
        bom.metadata.timestamp = None  # type: ignore[assignment]
        whole = Component(
            name="day23", type=ComponentType.APPLICATION, version=version("day23"), bom_ref="day23"
        )
        bom.metadata.component = whole
        bom.register_dependency(whole, bom.components)
        parts = [*(each.digest for each in entries), *wheels]
        bom.serial_number = uuid5(NAMESPACE_URL, sha256("\n".join(sorted(parts)).encode()).hexdigest())
        return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1).encode()

    def _programs(
        self, artifacts: Sequence[Artifact], entries: Sequence[BundledEntry]
    ) -> Iterator[Component]:
        modules = {each.name: each.go.module for each in artifacts if each.go}
        for entry in entries:
            name, _, rest = entry.key.partition("-")
            made = rest.rpartition("-")[0]
            parts = [*_files(entry.key, self._cache.files(entry.key))]
            if name in modules and not entry.key.startswith("lib"):
                parts += _go_modules(entry.key, self._repository / modules[name] / "go.mod")
            yield Component(
                name=name, type=ComponentType.APPLICATION, version=made, bom_ref=entry.key, components=parts
            )


def _files(key: str, files: Mapping[str, Path]) -> Iterator[Component]:
    for name, path in files.items():
        yield Component(
            name=name,
            type=ComponentType.FILE,
            bom_ref=f"{key}/{name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file_sha256(path))],
        )
        if path.suffix == ".tar":
            yield from _debian_packages(key, path)


def _packages(wheels: Iterable[Path]) -> Iterator[Component]:
    for path in wheels:
        name, made = path.name.split("-")[:2]
        yield Component(
            name=name,
            version=made,
            purl=PackageURL("pypi", name=name.lower().replace("_", "-"), version=made),
            bom_ref=f"wheel/{path.name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file_sha256(path))],
        )


def _go_modules(key: str, module: Path) -> list[Component]:
    """Every module that the build may link, as `go.mod` pins it, replacements included."""
    text = module.read_text(encoding="utf-8")
    replaced = {old: (new, made) for old, new, made in _REPLACED.findall(text)}
    pinned = [replaced.get(name, (name, made)) for name, made in _REQUIRED.findall(text)]
    return [
        Component(
            name=name,
            version=made,
            purl=PackageURL("golang", name.rpartition("/")[0], name.rpartition("/")[2], made),
            bom_ref=f"{key}/{name}@{made}",
        )
        for name, made in sorted(set(pinned))
    ]


def _debian_packages(key: str, archive: Path) -> Iterator[Component]:
    with tarfile.open(archive) as tar:
        status = tar.extractfile(_DEBIAN_STATUS)
        text = status.read().decode() if status else ""
    for stanza in text.split("\n\n"):
        fields = dict(_FIELD.findall(stanza))
        if {"Package", "Version"} <= set(fields):
            name, made = fields["Package"], fields["Version"]
            yield Component(
                name=name,
                version=made,
                purl=PackageURL("deb", "debian", name, made, {"arch": fields.get("Architecture", "all")}),
                bom_ref=f"{key}/{name}",
            )
