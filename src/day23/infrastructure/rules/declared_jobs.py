"""The scrape jobs that the service roles declare."""

from pathlib import Path
from typing import Any

import yaml


def declared_jobs(roles: Path) -> dict[str, bool]:
    """Return every job by name, and whether a stack is complete without it.

    Args:
        roles: The folder of the roles; `defaults/main.yml` holds templates, which YAML reads as text.
    """
    jobs = dict[str, bool]()
    for path in sorted(roles.glob("*/defaults/main.yml")):
        defaults: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        spec = defaults.get(f"{path.parts[-3]}_service")
        if isinstance(spec, dict) and isinstance(spec.get("metrics"), dict):
            jobs[str(spec["metrics"]["job"])] = bool(spec.get("optional", False))
    return jobs
