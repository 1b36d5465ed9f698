"""Every template parses."""

from pathlib import Path

import pytest
from jinja2 import Environment
from project_tree import name_of, project_files

TEMPLATES = [path for path in project_files() if path.suffix == ".j2"]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_parses(path: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)

    environment.parse(path.read_text(encoding="utf-8"), filename=str(path))
