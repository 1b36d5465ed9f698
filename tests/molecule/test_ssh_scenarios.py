"""Molecule scenarios of a host that is driven over SSH, on an sshd of the test's own."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from scenarios import run, scenarios

from ssh_host import ssh_host


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", scenarios("over_"))
def test_scenario(scenario: str) -> None:
    # sshd and the user pass through every folder above, which pytest's are closed to
    with TemporaryDirectory(prefix="d23s-") as folder, ssh_host(Path(folder)) as host:
        run(
            scenario,
            stack_root=host.home / "day23/.day23",
            DAY23_SSH_PORT=str(host.port),
            DAY23_SSH_USER=host.user,
            DAY23_SSH_FOLDER=str(host.folder),
            DAY23_SSH_HOME=str(host.home),
        )
