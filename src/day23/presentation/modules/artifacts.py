"""What the module `day23_artifacts` does."""

from collections.abc import Mapping
from typing import Any

from day23.application.fetch_artifacts import Fetched, Outcome
from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.artifacts import fetch_artifacts


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Fetch the artefacts that are missing, or in check mode say which."""
    artifacts = [Artifact.model_validate(artifact) for artifact in params["artifacts"]]
    use_case = fetch_artifacts(stack_context(params), params["optional"])
    if check_mode:
        fetched = use_case.predict(artifacts)
        changes = _fetchable(fetched, params["optional"])
    else:
        fetched = use_case.run(artifacts)
        changes = list(fetched.fetched)
    return {
        "changed": bool(changes),
        "fetched": changes,
        "artifacts": [_told(name, outcome) for name, outcome in fetched.outcomes.items()],
        "diff": {"prepared": "".join(f"fetch {name}\n" for name in changes)},
    }


def _fetchable(fetched: Fetched, optional: list[str]) -> list[str]:
    return [name for name in fetched.missing if name not in optional]


def _told(name: str, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, ResolvedArtifact):
        return {"name": name, "version": outcome.version, "source": outcome.source, "digest": outcome.digest}
    return {"name": name, "version": None, "source": None, "reason": outcome.reason}
