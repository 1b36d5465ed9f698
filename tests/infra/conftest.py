"""A live stack, on whatever host `--hosts` names, and the record of what must be there.

    pytest tests/infra --hosts=local://
    DAY23_STACK_ROOT=/srv/day23 pytest tests/infra --hosts=ssh://ryzen

Nothing of the toolkit is needed on the host: only a shell with `curl` and `bash`.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from recorded_stack import LiveStack, StackFiles

from day23.domain.stack_words import StackWords

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PUSHED = "~/day23"
"""Where a host that is another machine has the project."""


@pytest.fixture(scope="module")
def stack(host: Any, request: pytest.FixtureRequest) -> LiveStack:
    if not _is_asked_for(request.config):
        pytest.skip("looks at a live stack: pytest tests/infra --hosts=...")
    roots = _roots(host)
    for root in roots:
        files = StackFiles(host, root)
        inventory = files.inventory()
        if inventory:
            asked = StackWords(stack_root=os.environ.get("DAY23_STACK_ROOT", ""))
            return LiveStack(host, inventory, files.words() or asked)
    told = f"no stack is at {' or '.join(roots)} of this host; name its folder: DAY23_STACK_ROOT=..."
    pytest.fail(told, pytrace=False)


def _is_asked_for(config: pytest.Config) -> bool:
    """Whether somebody wants a live stack looked at, rather than every test run."""
    named = [Path(config.invocation_params.dir, str(word).split("::")[0]).resolve() for word in config.args]
    return bool(config.getoption("--hosts")) or any(path == HERE or HERE in path.parents for path in named)


def _roots(host: Any) -> list[str]:
    """Return where the stack may be, as the host's own paths."""
    home = host.check_output("echo ~")
    asked = os.environ.get("DAY23_STACK_ROOT")
    wanted = [asked] if asked else [".day23", f"{PUSHED}/.day23"]
    return [(REPOSITORY / root.replace("~", home, 1)).as_posix() for root in wanted]
