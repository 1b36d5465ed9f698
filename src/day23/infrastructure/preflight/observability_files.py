"""Whether rules and dashboards can be loaded, before anything is."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from day23.application.preflight import Finding, FindingState
from day23.domain.artifact import ResolvedArtifact
from day23.infrastructure.grafana.dashboard_reader import read_dashboards
from day23.infrastructure.rules.rule_judge import loki_faults, placed, prometheus_faults

_PATIENCE_SECONDS = 60
_SERVICES = ("prometheus", "loki")

Program = Callable[[str], ResolvedArtifact | None]


class ObservabilityFiles:
    """Passes when rules name what exists and parse, and dashboards can be read.

    Args:
        repository: The checkout; without rules in it (a remote host) there is nothing to look at.
        program: Returns the artefact of a service; None while it is not here, which leaves its parser out.
    """

    def __init__(self, repository: Path, program: Program) -> None:
        self._repository = repository
        self._program = program

    def findings(self) -> Sequence[Finding]:
        """Read every file; raise ToolkitError for a dashboard that cannot be read."""
        rules = {
            name: sorted(self._repository.glob(f"{name}/rules/*.yml")) for name in ("prometheus", "loki")
        }
        faults = {"prometheus": prometheus_faults(rules["prometheus"]), "loki": loki_faults(rules["loki"])}
        said = [
            *(faults["prometheus"] or self._complaints("prometheus", "promtool", ["check", "rules"], rules)),
            *(faults["loki"] or self._complaints("loki", "lokitool", ["rules", "check"], rules)),
        ]
        pages = read_dashboards(self._repository / "grafana/dashboards")
        if said:
            return [_refusal(fault) for fault in said]
        count = sum(map(len, rules.values()))
        return [Finding("rules", FindingState.PASSED, f"{count} rule files, {len(pages)} dashboards")]

    def _complaints(
        self, service: str, tool: str, words: Sequence[str], rules: Mapping[str, Sequence[Path]]
    ) -> Sequence[str]:
        artifact, paths = self._program(service), rules[service]
        program = artifact.binaries.get(tool) if artifact else None
        if artifact is None or program is None or not paths or not Path(program).is_file():
            return ()
        judged = subprocess.run(
            [str(program), *words, *map(str, paths)],
            env={**os.environ, **artifact.environment},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        if judged.returncode == 0:
            return ()
        complaint = " ".join((judged.stdout + judged.stderr).split())
        return [placed(complaint, paths)]


def _refusal(fault: str) -> Finding:
    return Finding("rules", FindingState.FAILED, fault, "correct the file; nothing was loaded")
