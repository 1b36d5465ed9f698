"""What the tests of artefacts pretend: a program, a listener, a compiler."""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from day23.application.ports import ProgressState

SCRIPT = b"#!/bin/sh\necho program 1.0\n"


@dataclass
class RecordedProgress:
    """Keeps every report."""

    reports: list[tuple[str, ProgressState, str]] = field(default_factory=list)

    def report(
        self,
        subject: str,
        state: ProgressState,
        *,
        done: int | None = None,
        total: int | None = None,
        detail: str = "",
    ) -> None:
        self.reports.append((subject, state, detail))

    def states(self, subject: str) -> list[ProgressState]:
        return [state for name, state, _ in self.reports if name == subject]


def write_go(path: Path, version: str, listing: str, building: str) -> None:
    path.write_bytes(go_script(version, listing, building))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def go_script(version: str, listing: str, building: str) -> bytes:
    return f"""#!/bin/sh
case "$1" in
env) echo go{version} ;;
list) {listing} ;;
build) {building}
    printf '#!/bin/sh\\necho "$@" $0\\n' > "${{2#-o=}}"; chmod +x "${{2#-o=}}" ;;
esac
""".encode()
