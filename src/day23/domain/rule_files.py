"""Rule files of Prometheus and Loki as entries of a service's `files`."""

from collections.abc import Sequence
from pathlib import Path


def rule_files(paths: Sequence[str], folder: str) -> dict[str, str]:
    """Return the content of each file by `<folder>/<file name>`.

    The files hold the alert language's own `{{ }}`, so they are read and never rendered.
    """
    return {f"{folder}/{Path(path).name}": Path(path).read_text(encoding="utf-8") for path in paths}
