"""Wiring of the commands that messages name."""

from contextlib import suppress
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_words import StackWords
from day23.infrastructure.stack_root.identity import recorded_identity


def stack_words(paths: StackPaths, checkout: Path) -> StackWords:
    """Return how this stack is called: as it was brought up, else by its root alone.

    Args:
        checkout: The project's folder.
    """
    with suppress(ToolkitError, OSError):
        recorded = recorded_identity(paths)
        if recorded and recorded.words:
            return recorded.words
    return StackWords.of(paths.root, checkout)
