"""Runs a molecule scenario the way a person does, on ports that are free."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from free_ports import free_offset

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


def scenarios(prefix: str) -> list[str]:
    """Return the names of the scenarios that begin so; each is a folder with a `molecule.yml`."""
    return sorted(path.parent.name for path in HERE.glob(f"{prefix}*/molecule.yml"))


def run(scenario: str, stack_root: Path | None = None, **environment: str) -> None:
    """Play the scenario's whole sequence.

    Args:
        scenario: Its name.
        stack_root: Where its stack is, unless in the scenario's own folder.
        environment: What its `molecule.yml` reads besides.

    Raises:
        AssertionError: It failed; shows molecule's last words.
    """
    with TemporaryDirectory(prefix="d23m-") as folder:
        # the services of containers are another user's
        Path(folder).chmod(0o755)
        if stack_root is not None:
            Path(folder, scenario).symlink_to(stack_root)
        finished = subprocess.run(
            [sys.executable, "-m", "molecule", "-c", "tests/molecule/base.yml", "test", "-s", scenario],
            cwd=REPOSITORY,
            env={**os.environ, **_environment(Path(folder)), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    assert finished.returncode == 0, finished.stdout[-8000:]


def _environment(folder: Path) -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        "PATH": programs,
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "MOLECULE_EPHEMERAL_DIRECTORY": f"{folder}/molecule",
        "MOLECULE_GLOB": "tests/molecule/*/molecule.yml",
        "DAY23_MOLECULE_FOLDER": str(folder),
        "DAY23_MOLECULE_OFFSET": str(free_offset()),
    }
