"""The stack on a machine that really boots: `make reboot-rehearsal`; some minutes, much more without KVM."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import pytest
import yaml

from day23.domain.restart.judgement import RestartReport, RestartVerdict
from reboot_guest import RebootGuest, reboot_guest
from rehearsal import REPOSITORY, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        "DAY23_REBOOT" not in os.environ, reason="boots a machine of its own: make reboot-rehearsal"
    ),
]

INTERVALS = REPOSITORY / "inventories/rehearsal/group_vars/all.yml"
WRITTEN_BACK_SECONDS = 45
"""Until Linux has written what programs wrote without asking it to (vm.dirty_expire_centisecs, twice 5 s)."""


@pytest.fixture(scope="module")
def guest() -> Iterator[RebootGuest]:
    with TemporaryDirectory(prefix="d23g-") as folder, reboot_guest(Path(folder)) as machine:
        print(f"\nmachine: {machine.accelerator}")
        intervals = yaml.safe_load(INTERVALS.read_text(encoding="utf-8"))
        machine.host.inventory(ansible_python_interpreter="auto_silent", **intervals)
        came_up = invoke(machine, "day23.up")
        assert came_up.returncode == 0, came_up.stdout[-4000:]
        yield machine


def invoke(machine: RebootGuest, word: str, *options: str) -> CompletedProcess[str]:
    inventory = ["-i", str(machine.host.folder / "inventory.yml")]
    return run([f"{REPOSITORY}/.venv/bin/invoke", word, *inventory, *options])


def validated(machine: RebootGuest, boot: str, settle: float, *options: str) -> RestartReport:
    """Record, boot in this way, verify; show the figures."""
    began = time.monotonic()
    recorded = invoke(machine, "day23.validate", "--disruption", "host", "--phase", "record")
    assert recorded.returncode == 0, recorded.stdout[-4000:]
    time.sleep(settle)
    spent = {"reboot": machine.reboot, "power cut": machine.cut_power}[boot]()
    known = verdicts()
    verified = invoke(machine, "day23.validate", "--disruption", "host", "--phase", "verify", *options)
    told = f"{boot}: sshd after {spent:.0f} s, everything {time.monotonic() - began:.0f} s"
    print(f"\n{told}\n{verified.stdout}")
    return RestartReport.model_validate_json((verdicts() - known).pop().read_bytes())


def verdicts() -> set[Path]:
    return set((REPOSITORY / "evidence").glob("*/restart_validation.json"))


def test_everything_is_there_after_an_orderly_boot(guest: RebootGuest) -> None:
    report = validated(guest, "reboot", 0.0, "--memo")

    assert report.verdict is RestartVerdict.PASSED, report.reasons
    assert report.figure("it_happened", "restarted") == report.figure("it_happened", "services hit")


def test_what_linux_had_written_survives_a_power_cut(guest: RebootGuest) -> None:
    report = validated(guest, "power cut", WRITTEN_BACK_SECONDS)

    assert report.verdict is RestartVerdict.PASSED, report.reasons
