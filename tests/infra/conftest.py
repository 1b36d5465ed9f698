"""A live stack, on whatever host `--hosts` names, and the record of what must be there.

    pytest tests/infra --hosts=local://
    DAY23_STACK_ROOT=/srv/day23 pytest tests/infra --hosts=ssh://ryzen

Nothing of the toolkit is needed on the host: only a shell with `curl` and `bash`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from recorded_stack import LiveStack

REPOSITORY = Path(__file__).resolve().parents[2]
INVENTORY = "run/restart_inventory.json"


@pytest.fixture
def stack(host: Any, request: pytest.FixtureRequest) -> LiveStack:
    root = (REPOSITORY / Path(os.environ.get("DAY23_STACK_ROOT") or ".day23").expanduser()).as_posix()
    record = host.file(f"{root}/{INVENTORY}")
    if not record.exists:
        reason = f"no stack is recorded in {root}; record it: invoke day23.validate"
        (pytest.fail if request.config.getoption("--hosts") else pytest.skip)(reason)
    return LiveStack(host, json.loads(record.content_string))
