"""Which paths may be a stack root."""

import re
from pathlib import Path

from day23.domain.errors import ToolkitError

_MISREAD = re.compile(r"""[\x00-\x1f\x7f"'`\\{}%$*?\[\]#;:]""")


def refuse_unusable(root: Path) -> None:
    """Raise unless services and their configuration files can cope with `root`; spaces are fine.

    Raises:
        ToolkitError: The path would be misread.
    """
    if _MISREAD.search(str(root)):
        raise ToolkitError(
            "the path of the stack root has characters that configuration files would misread",
            where=ascii(str(root)),
            next_step="choose a stack_root without control characters, quotes, backslashes "
            "or any of { } % $ * ? [ ] # ; :",
        )
