"""Progress of module steps, written where whoever watches the stack reads it."""

from day23.application.ports import Progress
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.progress import EventFile


def event_progress(paths: StackPaths, step: str) -> Progress:
    """Return progress that appends to `run/events.jsonl`."""
    return EventFile(paths.events, step)
