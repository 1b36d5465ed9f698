"""Wiring of the registry images' lock."""

from pathlib import Path

from day23.application.lock_images import LockImages
from day23.infrastructure.registry.lock_file import LockFile
from day23.infrastructure.registry.manifest_digest import HttpRegistry


def lock_images(repository: Path) -> LockImages:
    """Build the use case that pins the images of a checkout."""
    return LockImages(LockFile(repository / "config/images.lock.yml"), HttpRegistry())
