"""A host that is driven over SSH: an sshd of the test's own, and a user with an empty home."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

SSHD = Path("/usr/sbin/sshd")
PATIENCE_SECONDS = 10
_PATH_OF_OTHERS = "/usr/local/bin:/usr/bin:/bin"
NEEDED = (str(SSHD), "ssh", "ssh-keygen", "useradd", "userdel")


@dataclass(frozen=True)
class SshHost:
    """Where the user is reached."""

    port: int
    user: str
    home: Path
    folder: Path

    @property
    def variables(self) -> dict[str, object]:
        """What an inventory says about the host."""
        options = f"-o UserKnownHostsFile={self.folder}/known_hosts -o IdentitiesOnly=yes"
        return {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": self.user,
            "ansible_ssh_private_key_file": f"{self.folder}/user",
            "ansible_ssh_common_args": options,
        }

    def inventory(self, **more: object) -> Path:
        """Write an inventory that knows this host only."""
        lines = [f"      {name}: {value!r}" for name, value in (self.variables | more).items()]
        path = self.folder / "inventory.yml"
        path.write_text("stack:\n  hosts:\n    far:\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    def processes(self) -> list[psutil.Process]:
        """Return everything that runs as the user."""
        return [each for each in psutil.process_iter(["username"]) if each.info["username"] == self.user]


def refuse_where_impossible() -> None:
    """Skip the test, with the reason, where no such host can be made."""
    if os.geteuid() != 0:
        pytest.skip("a user and an sshd of the test's own need root")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    missing += [] if shutil.which(python, path=_PATH_OF_OTHERS) else [python]
    if missing:
        pytest.skip(f"not installed here for everybody: {', '.join(missing)}")


@contextmanager
def ssh_host(folder: Path) -> Iterator[SshHost]:
    """Give a host below `folder`; user, sshd and all that the user started are gone afterwards."""
    refuse_where_impossible()
    folder.chmod(0o755)
    host = SshHost(_free_port(), f"d23{uuid4().hex[:8]}", folder / "home", folder)
    words = [
        "useradd",
        "--no-create-home",
        "--home-dir",
        str(host.home),
        "--shell",
        "/bin/sh",
        "--password",
        "*",
    ]
    subprocess.run([*words, host.user], check=True)
    try:
        host.home.mkdir(mode=0o755)
        shutil.chown(host.home, host.user)
        with _sshd(host):
            yield host
    finally:
        for process in host.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(host.processes(), timeout=PATIENCE_SECONDS)
        subprocess.run(["userdel", "--force", host.user], check=True, stderr=subprocess.DEVNULL)


@contextmanager
def _sshd(host: SshHost) -> Iterator[None]:
    _keys(host)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (host.folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", host.folder / "sshd_config"], stdout=log, stderr=log
        )
    try:
        _await(host.port)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_SECONDS)


def _keys(host: SshHost) -> None:
    for name in ("host", "user"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(host.folder / name)]
        subprocess.run(words, check=True)
    known = (host.folder / "host.pub").read_text(encoding="utf-8")
    (host.folder / "known_hosts").write_text(f"[127.0.0.1]:{host.port} {known}", encoding="utf-8")
    (host.folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{host.port}\nHostKey {host.folder}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {host.folder}/user.pub\nStrictModes no\nAllowUsers {host.user}\n"
        "PasswordAuthentication no\nSubsystem sftp internal-sftp\n",
        encoding="utf-8",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("sshd does not listen")
