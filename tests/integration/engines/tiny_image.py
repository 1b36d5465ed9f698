"""An image with Python and the tiny server."""

import tarfile
import threading
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from day23.infrastructure.artifacts.build_slots import host_build_slots
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.children import Children
from day23.infrastructure.artifacts.fetch_job import FetchJob, JobProgress, Workshop
from day23.infrastructure.engines.docker.base_image import BaseImages
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.sdk import daemon
from day23.infrastructure.progress import NoProgress
from day23.settings import Settings


def build(folder: Path, files: Mapping[str, Path]) -> str:
    """Return the id of an image with Python and `files` at these paths."""
    cache = ArtifactCache(Settings().cache_dir)
    with Children() as children:
        workshop = Workshop(folder, folder, children, host_build_slots())
        progress = JobProgress(NoProgress(), threading.Lock(), "python")
        base = BaseImages(cache).ensure(("python3",), FetchJob(workshop, folder, folder / "log", progress))
    answers: list[dict[str, Any]] = list(
        daemon().build(
            fileobj=_context(base, files), custom_context=True, tag="tiny:1", network_mode="none", decode=True
        )
    )
    assert not [answer for answer in answers if "error" in answer], answers
    with DaemonSocket() as asked:
        found = asked.image("tiny:1")
    assert found is not None
    return str(found["Id"])


def _context(base: str, files: Mapping[str, Path]) -> BytesIO:
    context = BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        text = f"FROM {base}\nCOPY root/ /\n".encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))
        for place, file in files.items():
            archive.add(file, f"root{place}")
    context.seek(0)
    return context
