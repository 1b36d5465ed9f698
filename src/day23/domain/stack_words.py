"""`StackWords`: which stack the commands in a message are about."""

import re
import shlex
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

DEFAULT_INVENTORY: Final = "local"
DEFAULT_ROOT: Final = ".day23"
"""Below the checkout."""

_MAKE = re.compile(r"\bmake day-(?:12|23)-([a-z]+)\b(?! (?:INVENTORY|STACK_ROOT|PORT_OFFSET)=)")
_INVOKE = re.compile(r"\binvoke day23\.([a-z-]+)\b(?! --(?:inventory|stack-root|port-offset) )")
_FORMS: Final = (
    (_MAKE, {"inventory": "INVENTORY={}", "stack_root": "STACK_ROOT={}", "port_offset": "PORT_OFFSET={}"}),
    (
        _INVOKE,
        {"inventory": "--inventory {}", "stack_root": "--stack-root {}", "port_offset": "--port-offset {}"},
    ),
)
_TAKES: Final = {"logs": ("stack_root",), "lock": ()}
"""Words that do not take everything."""


class StackWords(BaseModel):
    """What a person adds to a command to mean this very stack; what is the default is left out.

    Attributes:
        inventory: Folder below `inventories/`, or an absolute path.
        stack_root: Absolute path.
        port_offset: Added to every port.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    inventory: str = ""
    stack_root: str = ""
    port_offset: int = 0

    @classmethod
    def of(cls, root: Path, checkout: Path, inventory: str = "", port_offset: int = 0) -> "StackWords":
        """Return how the stack below `root` is called from the project's folder."""
        return cls(
            inventory="" if inventory == DEFAULT_INVENTORY else inventory,
            stack_root="" if root == checkout / DEFAULT_ROOT else str(root),
            port_offset=port_offset,
        )

    def completed(self, message: str) -> str:
        """Return the message with its commands about this stack; those that name a stack stay as they are.

        Example:
            >>> StackWords(stack_root="/srv/second").completed("see why: make day-23-logs SERVICE=loki")
            'see why: make day-23-logs STACK_ROOT=/srv/second SERVICE=loki'
        """
        for pattern, form in _FORMS:
            message = pattern.sub(partial(self._completed, form), message)
        return message

    def _completed(self, form: Mapping[str, str], found: re.Match[str]) -> str:
        takes = _TAKES.get(found[1], tuple(form))
        values = [(form[name], value) for name, value in self if name in takes and value]
        return " ".join([found[0], *(words.format(shlex.quote(str(value))) for words, value in values)])
