"""Runs a Docker daemon for as long as the process that it was started for lives.

`python docker_keeper.py FOLDER OWNER_PID`: the daemon keeps everything below the folder. It is asked to
leave, and its folder is deleted, on SIGTERM and when the owner is gone, however that died.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

_LOOK_SECONDS = 0.2
_LEAVE_SECONDS = 30


def main() -> None:
    folder, owner = Path(sys.argv[1]), int(sys.argv[2])
    asked: list[int] = []

    def remember(number: int, _: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, remember)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (folder / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(_command(folder), stdout=log, stderr=log)
    while not asked and daemon.poll() is None and Path(f"/proc/{owner}").exists():
        time.sleep(_LOOK_SECONDS)
    _end(daemon)
    subprocess.run(["umount", str(folder / "exec/netns/default")], check=False, capture_output=True)
    if asked or not Path(f"/proc/{owner}").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _command(folder: Path) -> list[str]:
    return [
        "dockerd",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--host=unix://{folder}/docker.sock",
        f"--pidfile={folder}/dockerd.pid",
        "--bridge=none",
    ]


def _end(daemon: "subprocess.Popen[bytes]") -> None:
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(timeout=_LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


if __name__ == "__main__":
    os.setsid()
    main()
