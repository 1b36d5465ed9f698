"""Channel names: one canonical form inside, `@` only at the edges."""

import re

from day23.domain.errors import ToolkitError

PRODUCT_OWNER_CHANNELS = ("onaboka", "alexgladkovblog", "ctorecords", "xor_journal", "tired_glebmikheev")
"""The five channels of Epic 23, in the order the plan lists them."""

_NAME = re.compile(r"[a-z0-9_]{2,64}")


def canonical(name: str) -> str:
    """Return the lower-case name without `@`.

    Raises:
        ToolkitError: The text cannot be a channel name.

    Example:
        >>> canonical("@Habr")
        'habr'
    """
    cleaned = name.strip().removeprefix("@").lower()
    if not _NAME.fullmatch(cleaned):
        raise ToolkitError(
            f"{name!r} is not a channel name",
            next_step="use 2-64 latin letters, digits or underscores, with or without @",
        )
    return cleaned


def handle(name: str) -> str:
    """Return the name as documents, artefacts and people show it: with `@`."""
    return f"@{canonical(name)}"
