"""Bundles of evidence on disk: sealed by a manifest that is written last, and checked against it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.evidence_manifest import ChainLink, EvidenceFile, EvidenceManifest
from day23.domain.export_manifest import MANIFEST_NAME
from day23.infrastructure.files import write_atomically


def seal(folder: Path, tool_version: str, grounds: Mapping[str, Path]) -> Path:
    """Write the manifest over everything that is in `folder`; return its path.

    Args:
        grounds: Files elsewhere by step; those that are not there are left out.
    """
    manifest = EvidenceManifest(
        tool_version=tool_version,
        files=tuple(_entry(folder, path) for path in _files(folder)),
        chain=tuple(
            ChainLink(step=step, path=str(path), sha256=_sha256(path))
            for step, path in grounds.items()
            if path.is_file()
        ),
    )
    write_atomically(folder / MANIFEST_NAME, manifest.sealed().content())
    return folder / MANIFEST_NAME


def clear(folder: Path, patterns: Iterable[str]) -> None:
    """Remove what a former run left in a folder: the manifest first, which would be untrue."""
    for pattern in (MANIFEST_NAME, *patterns):
        for path in folder.glob(pattern):
            path.unlink()


def rests_on(folder: Path) -> dict[str, Path]:
    """Return the files elsewhere that a bundle rests on, by step.

    Raises:
        ToolkitError: There is no manifest, or it is none.
    """
    return {link.step: Path(link.path) for link in _manifest(folder / MANIFEST_NAME).chain}


def problems(folder: Path) -> tuple[list[str], list[str]]:
    """Check a bundle; return what is wrong, and what could not be checked because it is not here.

    Raises:
        ToolkitError: There is no manifest, or it is none.
    """
    manifest = _manifest(folder / MANIFEST_NAME)
    listed = {entry.name: entry for entry in manifest.files}
    present = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    wrong = [f"{name} is missing" for name in sorted(listed.keys() - present.keys())]
    wrong += [f"{name} is not listed" for name in sorted(present.keys() - listed.keys())]
    both = sorted(listed.keys() & present.keys())
    wrong += [f"{name} was changed" for name in both if _entry(folder, present[name]) != listed[name]]
    links = {link: Path(link.path) for link in manifest.chain}
    wrong += [
        f"the {link.step}'s {path.name} was changed since"
        for link, path in links.items()
        if path.is_file() and _sha256(path) != link.sha256
    ]
    absent = [f"{link.step}: {path}" for link, path in links.items() if not path.is_file()]
    return wrong, absent


def _manifest(path: Path) -> EvidenceManifest:
    step = "give the folder of a run's evidence"
    try:
        content = path.read_bytes()
        manifest = EvidenceManifest.model_validate_json(content)
    except OSError as error:
        raise ToolkitError(f"no evidence: {error.strerror}", where=str(path), next_step=step) from None
    except ValidationError:
        raise ToolkitError("the manifest is damaged", where=str(path)) from None
    if manifest.sealed().content() != content:
        raise ToolkitError("the manifest was changed", where=str(path), next_step="run again")
    return manifest


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST_NAME)


def _entry(folder: Path, path: Path) -> EvidenceFile:
    name = path.relative_to(folder).as_posix()
    return EvidenceFile(name=name, sha256=_sha256(path), bytes=path.stat().st_size)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
