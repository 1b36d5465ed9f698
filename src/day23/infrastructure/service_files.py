"""The folders `etc/<service>`: written file by file, each either old or new."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.files import give_to_owner_of, make_private_folder, write_atomically


class EtcFolders:
    """Implements `ServiceFiles` below one stack root."""

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths

    def present(self, name: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Return the contents of those of `paths` that the service's folder has."""
        folder = self._paths.etc / name
        files = {path: folder / path for path in sorted(set(paths))}
        return {
            path: file.read_text(encoding="utf-8", errors="replace")
            for path, file in files.items()
            if file.is_file()
        }

    @contextmanager
    def candidate_folder(self, name: str) -> Iterator[Path]:
        """Give an empty folder beside the service's own that vanishes afterwards."""
        make_private_folder(self._paths.etc)
        prefix = f".{name}.candidate-"
        for left_over in self._paths.etc.glob(f"{prefix}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self._paths.etc))
        give_to_owner_of(self._paths.etc, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def write(self, service: ResolvedService) -> None:
        """Write every file of the service that differs, each either old or new."""
        make_private_folder(service.config_dir)
        for path, content in service.files.items():
            file = service.config_dir / path
            if not file.is_file() or file.read_bytes() != content.encode():
                make_private_folder(file.parent)
                write_atomically(file, content, mode=0o600)

    def remove(self, name: str, paths: Iterable[str]) -> None:
        """Remove files of the service and folders that become empty by it."""
        folder = self._paths.etc / name
        for path in paths:
            file = folder / path
            file.unlink(missing_ok=True)
            for parent in file.parents:
                with contextlib.suppress(OSError):
                    parent.rmdir()
                if parent == folder:
                    break

    def keep_rejected(self, name: str, candidate: Path) -> Path:
        """Keep a candidate that was refused in `run/rejected/<service>`."""
        kept = self._paths.run / "rejected" / name
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return candidate.rename(kept)
