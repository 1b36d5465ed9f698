"""What roles describe: programs as they pin them, from the cache of this host, and rendered templates."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.engines import artifact_sources
from day23.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]


def program_of(role: str) -> ResolvedArtifact:
    """Return the role's program; skip the test where this host has none."""
    defaults = (REPOSITORY / "roles" / role / "defaults/main.yml").read_text(encoding="utf-8")
    described: dict[str, Any] = yaml.safe_load(defaults)[f"{role}_artifact"]
    described.pop("image", None)  # a template, and of no use to a process
    store = ArtifactStore(Settings().cache_dir, REPOSITORY)
    outcome = store.resolve(Artifact.model_validate(described), artifact_sources("process"))
    if not isinstance(outcome, ResolvedArtifact):
        pytest.skip(f"no {role} on this host: {outcome.reason}")
    return outcome


def role_template(role: str, template: str, **settings: Any) -> str:
    """Return a template of the project, rendered with the role's defaults and `settings`."""
    defaults = yaml.safe_load((REPOSITORY / f"roles/{role}/defaults/main.yml").read_text(encoding="utf-8"))
    environment = Environment(trim_blocks=True, keep_trailing_newline=True)  # noqa: S701 - YAML, not HTML
    environment.filters["to_json"] = json.dumps
    environment.tests["contains"] = lambda values, value: value in values
    text = (REPOSITORY / template).read_text(encoding="utf-8")
    return environment.from_string(text).render(**{**defaults, **settings})


def filled(text: str, **words: object) -> str:
    """Replace `{config}`, `{data}`, ... as the engine does."""
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text
