"""A small Debian machine that really boots: QEMU, a root file system of its own, sshd."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from free_ports import free_port
from ssh_host import SshHost

NEEDED = ("qemu-system-x86_64", "mmdebstrap", "mkfs.ext4", "ssh", "ssh-keygen")
PACKAGES = (
    "linux-image-cloud-amd64",
    "initramfs-tools",
    "systemd-sysv",
    "libpam-systemd",
    "dbus",
    "udev",
    "openssh-server",
    "python3",
    "python3-venv",
    "libcurl4",
)
USER = "butler"
BOOT_SECONDS = {"kvm": 60, "tcg": 240}
"""How long one may wait for sshd: emulated processors are slow, and a nested KVM may be none at all."""

_SETTLE = """
set -eu
echo guest > etc/hostname
printf '127.0.0.1 localhost guest\\n' > etc/hosts
printf '/dev/vda / ext4 defaults 0 1\\n' > etc/fstab
printf '[Match]\\nType=ether\\n[Network]\\nDHCP=ipv4\\n' > etc/systemd/network/guest.network
chroot . systemctl enable systemd-networkd
chroot . useradd --create-home --shell /bin/bash {user}
for home in root home/{user}; do
    install -D -m 600 {folder}/user.pub $home/.ssh/authorized_keys
    chmod 700 $home/.ssh
done
chroot . chown -R {user}: /home/{user}
cp boot/vmlinuz-* {folder}/kernel
cp boot/initrd.img-* {folder}/initrd
"""


def refuse_where_impossible() -> None:
    """Skip the test, with the reason, where no such machine can be made."""
    if os.geteuid() != 0:
        pytest.skip("making a Debian root file system needs root")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: apt-get install qemu-system-x86 mmdebstrap")


@dataclass
class RebootGuest:
    """A running machine and how to reach it."""

    host: SshHost
    accelerator: str
    process: subprocess.Popen[bytes]

    def boot_id(self) -> str | None:
        """Return the id of the present boot; None when nobody answers."""
        answer = self.run("cat", "/proc/sys/kernel/random/boot_id")
        return answer.stdout.strip() if answer.returncode == 0 else None

    def run(self, *words: str, user: str = "root") -> subprocess.CompletedProcess[str]:
        """Run a command in the machine."""
        options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-i", f"{self.host.folder}/user"]
        options += ["-o", f"UserKnownHostsFile={self.host.folder}/known_hosts", "-p", str(self.host.port)]
        call = ["ssh", *options, f"{user}@127.0.0.1", *words]
        return subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def reboot(self) -> float:
        """Boot in order; return after how many seconds sshd answered again."""
        return self._boot(lambda: self.run("systemctl", "reboot"))

    def cut_power(self) -> float:
        """Reset the processors: what the machine had not written to its disk is gone."""
        return self._boot(lambda: self._monitor("system_reset"))

    def await_boot(self, other_than: str | None = None) -> None:
        """Wait for sshd.

        Raises:
            TimeoutError: The machine does not come up.
        """
        deadline = time.monotonic() + BOOT_SECONDS[self.accelerator]
        while self.boot_id() in (None, other_than):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise TimeoutError(f"the machine does not come up; see {self.host.folder}/console.log")
            time.sleep(0.5)

    def _boot(self, order: Callable[[], object]) -> float:
        known, began = self.boot_id(), time.monotonic()
        order()
        self.await_boot(other_than=known)
        return time.monotonic() - began

    def _monitor(self, command: str) -> None:
        with socket.socket(socket.AF_UNIX) as line, line.makefile("rw", encoding="utf-8") as talk:
            line.connect(f"{self.host.folder}/monitor")
            for word in ("qmp_capabilities", command):
                talk.write(json.dumps({"execute": word}) + "\n")
                talk.flush()
                while "return" not in json.loads(talk.readline()):
                    continue


@contextmanager
def reboot_guest(folder: Path) -> Iterator[RebootGuest]:
    """Give a machine whose disk lies below `folder`; it is off afterwards."""
    refuse_where_impossible()
    host = SshHost(free_port(), USER, Path("/home") / USER, folder)
    _disk(host)
    guest = _started(host)
    try:
        yield guest
    finally:
        _end(guest)


def _disk(host: SshHost) -> None:
    folder, root = host.folder, host.folder / "rootfs"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "user")], check=True)
    wanted = f"--include={','.join(PACKAGES)}"
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", wanted, "bookworm", str(root)], check=True)
    subprocess.run(["sh", "-c", _SETTLE.format(user=USER, folder=folder)], cwd=root, check=True)
    key = (root / "etc/ssh/ssh_host_ed25519_key.pub").read_text(encoding="utf-8")
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{host.port} {key}", encoding="utf-8")
    with (folder / "disk").open("wb") as disk:
        disk.truncate(16 << 30)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", str(root), str(folder / "disk")], check=True)
    shutil.rmtree(root)


def _started(host: SshHost) -> RebootGuest:
    """Start the machine with the kernel's virtualisation, or without it where that does not carry it."""
    accelerators = ["kvm", "tcg"] if os.access("/dev/kvm", os.R_OK | os.W_OK) else ["tcg"]
    for accelerator in accelerators:
        guest = RebootGuest(host, accelerator, _machine(host, accelerator))
        try:
            guest.await_boot()
        except BaseException as error:
            _end(guest)
            if not isinstance(error, TimeoutError) or accelerator == accelerators[-1]:
                raise
        else:
            return guest
    raise AssertionError("there is always an accelerator")


def _machine(host: SshHost, accelerator: str) -> subprocess.Popen[bytes]:
    with suppress(FileNotFoundError):
        (host.folder / "monitor").unlink()
    processor = {"kvm": "host", "tcg": "max"}[accelerator]
    words = ["qemu-system-x86_64", "-accel", accelerator, "-cpu", processor, "-smp", "2", "-m", "3072"]
    words += ["-nodefaults", "-no-user-config", "-display", "none", "-serial", "file:console.log"]
    words += ["-kernel", "kernel", "-initrd", "initrd", "-append", "root=/dev/vda rw console=ttyS0"]
    words += ["-drive", "file=disk,format=raw,if=virtio", "-device", "virtio-rng-pci"]
    words += ["-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{host.port}-:22"]
    words += ["-device", "virtio-net-pci,netdev=net", "-qmp", "unix:monitor,server=on,wait=off"]
    return subprocess.Popen(words, cwd=host.folder, stdin=subprocess.DEVNULL)


def _end(guest: RebootGuest) -> None:
    guest.process.terminate()
    guest.process.wait(30)
