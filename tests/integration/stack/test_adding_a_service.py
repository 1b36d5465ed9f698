"""`docs/adding-a-service.md`, followed to the letter in a copy of the checkout, on both engines."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_stack import REPOSITORY, LiveStack

from day23.infrastructure.probes import probe_for
from day23.infrastructure.stack_records import StackRecords
from free_ports import free_offset

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(600)]

PAGE = (REPOSITORY / "docs" / "adding-a-service.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`(roles/prober/[^`]+)`.*?\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = re.findall(r"^## [23]\..*?\n```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SERVICES = "loki,collector,prometheus,prober"
NEEDED = "{{ [loki_artifact, collector_artifact, prometheus_artifact, prober_artifact] }}"
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this checkout in which the page was followed."""
    copy = tmp_path_factory.mktemp("checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    tracked = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, copy / name)
    subprocess.run(["git", "init", "-q", str(copy)], check=True)
    follow_the_page(copy)
    return copy


def follow_the_page(copy: Path) -> None:
    for name, content in FILES:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(content, encoding="utf-8")
    role, port = LINES
    add_line(copy / "playbooks/up.yml", role, "    - {role:")
    add_line(copy / "roles/stack/defaults/main.yml", port, "stack_default_ports:")


def add_line(file: Path, line: str, after: str) -> None:
    """Put `line` behind the last line that begins with `after`."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(number for number, each in enumerate(lines) if each.startswith(after))
    file.write_text("".join([*lines[: last + 1], line, *lines[last + 1 :]]), encoding="utf-8")


@pytest.fixture(params=["process", "docker"])
def stack(request: pytest.FixtureRequest, checkout: Path, tmp_path: Path) -> Iterator[LiveStack]:
    if request.param == "docker":
        request.getfixturevalue("docker_daemon")
    ports = {"prober": 9115}
    variables = {"stack_engine": request.param, "preflight_artifacts": NEEDED}
    made = LiveStack(tmp_path, free_offset(ports), checkout, ports, variables)
    yield made
    made.play("down", stack_purge=True)


def test_the_page_shows_a_whole_role_and_the_two_lines() -> None:
    assert sorted(name.removeprefix("roles/prober/") for name, _ in FILES) == [
        *("README.md", "defaults/main.yml", "files/prober.py", "meta/argument_specs.yml", "tasks/main.yml"),
    ]
    assert [line.count("\n") for line in LINES] == [1, 1]


def test_the_role_keeps_the_rules_of_the_house(checkout: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "tests/conventions/test_roles.py"]
    checked = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout[-3000:]
    assert "prober" not in checked.stdout


def test_the_service_runs_is_scraped_and_its_lines_are_in_loki(stack: LiveStack) -> None:
    played = stack.play("up", "--tags", SERVICES)
    assert played.exit_code == 0, played.output[-4000:]

    record = StackRecords(stack.paths).load("prober")
    assert record is not None
    assert record.ready is not None
    assert probe_for(record.ready, record.endpoints).complaint() is None
    assert eventually(lambda: values(stack, 'up{job="prober"}') == [1.0])
    assert eventually(lambda: values(stack, "prober_target_open") == [1.0])
    assert eventually(lambda: bool(lines_of(stack, "prober")))
    assert stack.play("up", "--tags", SERVICES).changed == 0


def values(stack: LiveStack, query: str) -> list[float]:
    return [float(sample["value"][1]) for sample in stack.promql(query)]


def lines_of(stack: LiveStack, service: str) -> list[object]:
    query = f'{{service="{service}"}} |= "probing"'
    return list(stack.ask("loki", "/loki/api/v1/query_range", query=query, since="1h")["data"]["result"])


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.25)
    return condition()
