"""What of the toolkit's environment goes into an image."""

import subprocess
import sys
from pathlib import Path

import pytest

from day23.domain.artifact import ResolvedArtifact
from day23.infrastructure.engines.docker.programs import program_of

PROGRAMS = ["llm_api", "mcp_server", "butler_sidecar"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with links to the files that an image would hold."""
    folder = tmp_path_factory.mktemp("image")
    found = ResolvedArtifact("llm_api", "1", "toolkit", "0" * 64, {"python": Path(sys.executable)}, {})
    for target, source in program_of(found).files():
        link = folder / target.lstrip("/")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(source)
    return folder / "opt/day23/lib"


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_image_has_every_library_that_the_toolkits_programs_import(library: Path, program: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(library)!r}); import day23.presentation.{program}.command"
    words = [sys.executable, "-I", "-S", "-c", code]

    imported = subprocess.run(words, capture_output=True, text=True, check=False, cwd=library)

    assert imported.returncode == 0, imported.stderr
