"""Pin registry images by the digests that their registries name now."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from day23.domain.errors import ToolkitError
from day23.domain.image_name import image_name


class LockOutcome(StrEnum):
    """What became of one image."""

    PINNED = "pinned"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    GONE = "gone"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class LockedImage:
    """One line of the lock.

    Attributes:
        digest: What is pinned; None where no registry ever named one.
        reason: Why it could not be checked, or what its registry says instead of a digest.
    """

    artifact: str
    name: str
    digest: str | None
    outcome: LockOutcome = LockOutcome.NOT_CHECKED
    reason: str = ""


class Registry(Protocol):
    """Asks registries."""

    def digest(self, manifest_url: str) -> str | None:
        """Return the digest of a manifest; None when the registry says that there is no such image.

        Raises:
            ToolkitError: The registry cannot be asked.
        """
        ...


class ImageLock(Protocol):
    """The lock file."""

    def load(self) -> Mapping[str, LockedImage]:
        """Return each image by its artefact."""
        ...

    def save(self, digests: Mapping[str, str | None]) -> None:
        """Write these digests and leave everything else as it is."""
        ...


class LockImages:
    """Asks for every image's digest, all at once, and writes what the registries said.

    A registry that does not answer changes nothing: the pinned digest was named by it once. An image that its
    registry does not have loses its digest, so that it is not used.
    """

    def __init__(self, lock: ImageLock, registry: Registry) -> None:
        self._lock = lock
        self._registry = registry

    def run(self) -> tuple[LockedImage, ...]:
        """Return what became of each image, in the order of the lock."""
        images = list(self._lock.load().values())
        if not images:
            return ()
        with ThreadPoolExecutor(len(images)) as threads:
            asked = tuple(threads.map(self._ask, images))
        self._lock.save({image.artifact: image.digest for image in asked})
        return asked

    def _ask(self, image: LockedImage) -> LockedImage:
        try:
            digest = self._registry.digest(image_name(image.name).manifest_url)
        except ToolkitError as error:
            return replace(image, outcome=LockOutcome.NOT_CHECKED, reason=str(error))
        if digest is None:
            reason = "its registry has no such image"
            return replace(image, digest=None, outcome=LockOutcome.GONE, reason=reason)
        return replace(image, digest=digest, outcome=_compared(image.digest, digest))


def _compared(before: str | None, now: str) -> LockOutcome:
    if before is None:
        return LockOutcome.PINNED
    return LockOutcome.UNCHANGED if before == now else LockOutcome.MOVED
