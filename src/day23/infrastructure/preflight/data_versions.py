"""Whether the data folders can be opened by the versions about to run."""

from collections.abc import Mapping, Sequence

from day23.application.preflight import Finding, FindingState
from day23.domain.stack_identity import is_newer
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.stack_records import StackRecords


class DataVersions:
    """Passes when no data folder was written by a newer version of its service.

    Args:
        paths: The stack root.
        versions: Version about to run, by name of the service.
    """

    def __init__(self, paths: StackPaths, versions: Mapping[str, str]) -> None:
        self._paths = paths
        self._versions = versions

    def findings(self) -> Sequence[Finding]:
        """Compare the services' records; a service without data may go back to any version."""
        written = {
            record.name: record.artifact.version
            for record in StackRecords(self._paths).load_all()
            if record.artifact and _has_content(self._paths, record.name)
        }
        return [
            _finding(name, version, self._versions[name])
            for name, version in written.items()
            if name in self._versions
        ]


def _has_content(paths: StackPaths, service: str) -> bool:
    folder = paths.data / service
    return folder.is_dir() and any(folder.iterdir())


def _finding(name: str, written: str, wanted: str) -> Finding:
    check = f"data {name}"
    if not is_newer(written, wanted):
        return Finding(check, FindingState.PASSED, f"written by {written}, opened by {wanted}")
    return Finding(
        check,
        FindingState.FAILED,
        f"written by {written}, which is newer than {wanted}",
        f"set {name}_artifact.version to {written} or newer, or choose another stack_root",
    )
