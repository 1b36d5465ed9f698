"""Rule files and dashboards as entries of a service's `files`."""

from collections.abc import Sequence
from pathlib import Path


def verbatim_files(paths: Sequence[str], folder: str) -> dict[str, str]:
    """Return the content of each file by `<folder>/<file name>`.

    The files hold `{{ }}` of the program that reads them, so they are never rendered here.
    """
    return {f"{folder}/{Path(path).name}": Path(path).read_text(encoding="utf-8") for path in paths}
