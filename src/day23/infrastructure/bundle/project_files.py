"""The files that the project consists of when it runs somewhere else."""

import os
from collections.abc import Iterator
from pathlib import Path

from day23.infrastructure.artifacts.checksums import combined_sha256, file_sha256

PARTS = (
    *("CHANGELOG.md", "Makefile", "README.md", "README.ru.md", "ansible.cfg", "pyproject.toml", "tasks.py"),
    *("requirements.txt", "requirements-dev.txt", "requirements-hosts.txt"),
    *("benchmarks", "build", "config", "doc_fragments", "docs", "filter_plugins", "grafana", "inventories"),
    *("library", "loki", "playbooks", "prometheus", "roles", "scripts", "src"),
)
"""Named one by one, so that nothing private that lies in a checkout ever travels; tests stay at home."""

_LEFT_OUT = ("__pycache__",)
_LEFT_OUT_SUFFIX = ".egg-info"


def project_files(repository: Path) -> dict[str, Path]:
    """Return the files by their path in the project."""
    return {str(path.relative_to(repository)): path for part in PARTS for path in _files(repository / part)}


def project_digest(repository: Path) -> str:
    """Return one SHA-256 over every file of the project."""
    return combined_sha256({name: file_sha256(path) for name, path in project_files(repository).items()})


def _files(part: Path) -> Iterator[Path]:
    if part.is_file():
        yield part
    for folder, subfolders, names in os.walk(part):
        subfolders[:] = sorted(
            name for name in subfolders if name not in _LEFT_OUT and not name.endswith(_LEFT_OUT_SUFFIX)
        )
        yield from (Path(folder, name) for name in sorted(names))
