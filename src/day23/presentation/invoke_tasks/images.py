"""The task that pins registry images."""

from collections.abc import Sequence

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from day23.application.lock_images import LockedImage, LockOutcome
from day23.domain.exit_codes import ExitCode
from day23.presentation.invoke_tasks.play import project_of, refusals_told
from day23.wiring.images import lock_images

_UNRESOLVED = (LockOutcome.GONE, LockOutcome.NOT_CHECKED)


@task()
@refusals_told
def lock(context: Context) -> None:
    """Ask the registries for the digest of every image and write config/images.lock.yml."""
    images = lock_images(project_of(context)).run()
    print("\n".join(_lines(images)))
    unresolved = [image.artifact for image in images if image.outcome in _UNRESOLVED]
    if unresolved:
        raise Exit(
            f"error: no digest for {', '.join(unresolved)}. Next: run it where those registries answer; "
            "until then such images are assembled from the embedded engine's programs, or left out",
            code=int(ExitCode.ERROR),
        )


def _lines(images: Sequence[LockedImage]) -> list[str]:
    width = max((len(image.name) for image in images), default=0)
    return [
        f"{image.outcome.value:<12} {image.name:<{width}}  {image.digest or 'null'}"
        + (f"  ({image.reason})" if image.reason else "")
        for image in images
    ]
