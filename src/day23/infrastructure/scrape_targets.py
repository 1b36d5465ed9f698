"""The files in `etc/prometheus/targets` that Prometheus discovers without a reload."""

from pathlib import Path

from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import make_private_folder, write_atomically


class TargetFiles:
    """Implements `ScrapeTargets`: one file per service with metrics."""

    def __init__(self, paths: StackPaths) -> None:
        self._folder = paths.targets

    def present(self, name: str) -> str | None:
        """Return the target file of a service, or None."""
        path = self._path(name)
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def write(self, name: str, text: str | None) -> None:
        """Make the target file of a service say `text`; None removes it."""
        if text is None:
            self._path(name).unlink(missing_ok=True)
        elif text != self.present(name):
            make_private_folder(self._folder)
            write_atomically(self._path(name), text, mode=0o600)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
