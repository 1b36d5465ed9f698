"""An export without its safeties, to show that the crash test would notice: written in place, no order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from day23.infrastructure.exports import export_bundle, part_files
from day23.presentation.cli.command import run_command
from day23.presentation.cli.export_command import export_digests


@contextmanager
def _plain_writer(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=4096) as stream:
        yield stream


def _plain_write(path: Path, content: bytes) -> None:
    with _plain_writer(path) as stream:
        stream.write(content)


part_files.atomic_writer = _plain_writer  # type: ignore[assignment]
part_files.PartFiles.path = lambda self, name: self._folder.parent / name  # type: ignore[method-assign]
export_bundle.write_atomically = _plain_write  # type: ignore[assignment]
export_bundle.FileBundle._withdraw_manifest = lambda self: None  # type: ignore[method-assign]
run_command(export_digests)
