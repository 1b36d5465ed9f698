"""The files that are, or would be, under version control."""

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for line in sorted(set(listing.splitlines())) if (path := ROOT / line).is_file())


def files_below(folder: str, suffix: str = "") -> list[Path]:
    """Return the project's files in `folder` whose name ends in `suffix`."""
    return [
        path for path in project_files() if path.is_relative_to(ROOT / folder) and path.name.endswith(suffix)
    ]


def name_of(path: Path) -> str:
    """Return the path as people write it; the id of a parametrised test."""
    return str(path.relative_to(ROOT))


def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
