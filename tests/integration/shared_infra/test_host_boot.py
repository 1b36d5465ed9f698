"""A host that boots between the two phases: every process ends at once, and the next boot has another id.

A namespace of processes stands for the host. Kernel and page cache stay, so this is no loss of power; for
that there is `make reboot-rehearsal`.
"""

import os
import shlex
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from day23.domain.observed_service import ServiceState
from day23.domain.restart.judgement import RestartReport, RestartVerdict
from day23.domain.restart.timeline import ServiceTimes
from rehearsal import Rehearsal, run

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

NAMESPACE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
WITH_BOOT_ID = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec sh -c "$1"'


@pytest.fixture
def host(tmp_path: Path) -> Rehearsal:
    if os.geteuid() != 0 or subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a namespace of processes needs root and unshare")
    return Rehearsal(tmp_path)


def boot(host: Rehearsal, *steps: list[str]) -> subprocess.CompletedProcess[str]:
    """Run steps on the host; when they are over, so is every process that they started."""
    identity = host.folder / "boot_id"
    identity.write_text(f"{uuid4()}\n", encoding="utf-8")
    script = " && ".join(shlex.join(step) for step in steps)
    return run([*NAMESPACE, "sh", "-c", WITH_BOOT_ID, str(identity), script])


def test_everything_is_there_after_a_boot(host: Rehearsal) -> None:
    evidence = ["--evidence-root", str(host.folder / "evidence")]
    validate = host.words("day23.validate", "--disruption", "host", *evidence)

    recorded = boot(host, host.words("day23.up"), [*validate, "--phase", "record"])
    assert recorded.returncode == 0, recorded.stdout[-4000:]
    assert {service.state for service in host.engine.observe().values()} == {ServiceState.STOPPED}
    verified = boot(host, [*validate, "--phase", "verify"])

    assert verified.returncode == 0, verified.stdout[-4000:]
    (told,) = host.folder.glob("evidence/*/restart_validation.json")
    report = RestartReport.model_validate_json(told.read_bytes())
    assert report.verdict is RestartVerdict.PASSED, report.reasons
    assert report.figure("it_happened", "restarted") == report.figure("it_happened", "services hit")
    assert report.figure("kept", "samples lost") == 0
    assert report.figure("data_services", "writes lost") == 0
    assert all(nobody_looked(times, report.timeline.stopped) for times in report.timeline.services.values())


def nobody_looked(times: ServiceTimes, stopped: float) -> bool:
    """Whether a service is shown as down from the stop to the start of its new process."""
    return times.down == stopped < (times.process_up or 0) < (times.ready or 0)
