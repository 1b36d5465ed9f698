"""`.env.infra`: addresses and credentials for people and for the commands of the Operations Guide."""

import re
from collections.abc import Mapping

from day23.domain.errors import ToolkitError

HEADER = "# Written by day23. Changes are overwritten; the passwords live in the stack's secrets folder."
"""First line of every file that the toolkit wrote; a file without it belongs to somebody else."""

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_VALUE = re.compile(r"[A-Za-z0-9._:/?=@%+,-]*")


def render(values: Mapping[str, str]) -> str:
    """Return the file's text, one `NAME=value` per line in the order given.

    People both `source` the file and feed it through `xargs`, so that values must mean the same
    to a shell with and without quoting: no spaces, quotes, `&`, `$`, `#`, `~` or globs but `?`.

    Raises:
        ToolkitError: A name or a value would be misread.

    Example:
        >>> render({"MONGO_USER": "admin"}).splitlines()[1]
        'MONGO_USER=admin'
    """
    for name, value in values.items():
        _refuse_unsafe(name, value)
    return "\n".join([HEADER, *(f"{name}={value}" for name, value in values.items()), ""])


def belongs_to_toolkit(text: str) -> bool:
    """Tell whether the toolkit wrote the file, and so may replace it."""
    return text.partition("\n")[0] == HEADER


def _refuse_unsafe(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise ToolkitError(f"{name!r} is not a name of an environment variable")
    if not _VALUE.fullmatch(value):
        raise ToolkitError(
            f"the value of {name} has characters that a shell or xargs would misread",
            where=".env.infra",
            next_step="use letters, digits and . _ : / ? = @ % + , - only",
        )
