"""Compressed exports with reproducible bytes: no name, no time, fixed level."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from day23.application.export_store import Compression
from day23.domain.errors import ToolkitError

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3


@contextmanager
def compressing(stream: BinaryIO, compression: Compression) -> Iterator[BinaryIO]:
    """Yield a stream whose content arrives in `stream` compressed; `stream` stays open.

    Raises:
        ToolkitError: The library of the compression is not installed.
    """
    if compression is Compression.NONE:
        yield stream
        return
    with _compressor(stream, compression) as wrapped:
        yield wrapped


@contextmanager
def decompressed(path: Path) -> Iterator[BinaryIO]:
    """Yield the content of a data file, decompressed as its suffix says."""
    with path.open("rb") as stream:
        if path.suffix == Compression.GZIP.suffix:
            with gzip.GzipFile(fileobj=stream, mode="rb") as content:
                yield cast(BinaryIO, content)
        elif path.suffix == Compression.ZSTD.suffix:
            with _zstandard().ZstdDecompressor().stream_reader(stream) as content:
                yield cast(BinaryIO, io.BufferedReader(content))
        else:
            yield stream


def _compressor(stream: BinaryIO, compression: Compression) -> Any:
    if compression is Compression.GZIP:
        return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=stream, mtime=0)
    return _zstandard().ZstdCompressor(level=_ZSTD_LEVEL).stream_writer(stream, closefd=False)


def _zstandard() -> Any:
    try:
        import zstandard
    except ModuleNotFoundError:
        raise ToolkitError(
            "zstd needs the library zstandard",
            where="--compress zstd",
            next_step="pip install zstandard, or use --compress gzip",
        ) from None
    return zstandard
