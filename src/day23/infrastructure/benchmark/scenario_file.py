"""Scenarios as YAML files that users edit."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.scenario import Scenario


def load_scenario(folder: Path, scenario_id: str) -> Scenario:
    """Read the scenario `<folder>/<scenario_id>.yml`.

    Raises:
        ToolkitError: There is no such scenario, or its file is wrong; names file, key, value and rule.
    """
    path = folder / f"{scenario_id}.yml"
    try:
        scenario = Scenario.model_validate(_content(path))
    except ValidationError as error:
        raise _wrong(path, error) from None
    if scenario.scenario_id != scenario_id:
        raise ToolkitError(
            f"the file says scenario_id: {scenario.scenario_id}",
            where=str(path),
            next_step="name the file after the scenario",
        )
    return scenario


def scenario_ids(folder: Path) -> list[str]:
    """Return the scenarios there are, sorted."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def _content(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_bytes())
    except FileNotFoundError:
        known = ", ".join(scenario_ids(path.parent)) or "none"
        raise ToolkitError(
            f"there is no scenario {path.stem}", where=str(path.parent), next_step=f"use one of: {known}"
        ) from None
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ToolkitError(f"cannot read the scenario: {reason:.200}", where=str(path)) from None


def _wrong(path: Path, error: ValidationError) -> ToolkitError:
    problem = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in problem["loc"]) or "content"
    message = problem["msg"].removeprefix("Value error, ")
    return ToolkitError(
        f"the scenario is wrong: {key}: {message} (got {problem['input']!r:.80})",
        where=str(path),
        next_step="edit the file",
    )
