"""From one engine to the other and back: the dataset stays the same, and a refusal tells the way."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_stack import LiveStack, Played

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.timeout(900)]


# what else the roles name need not be fetched for this
NEEDED = "{{ [mongodb_artifact, llm_api_artifact] }}"


class Switch:
    """One stack root that changes its engine."""

    def __init__(self, stack: LiveStack) -> None:
        self.stack = stack
        self.engine = "process"

    def play(self, verb: str, *options: str, **variables: object) -> Played:
        chosen = {"stack_engine": self.engine, "preflight_artifacts": NEEDED, **variables}
        return self.stack.play(verb, *options, **chosen)

    def must(self, verb: str, *options: str, **variables: object) -> Played:
        played = self.play(verb, *options, **variables)
        assert played.exit_code == 0, played.output[-4000:]
        return played

    def content(self) -> dict[str, str]:
        """Export, and return the hash of what each collection holds besides measurements."""
        shutil.rmtree(self.stack.datasets / "exports", ignore_errors=True)
        self.must("export")
        [manifest] = self.stack.datasets.glob("exports/*/manifest.json")
        files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        return {file["name"]: file["content_sha256"] for file in files}

    def move_to(self, engine: str, dump: Path) -> None:
        self.must("dump", dump_folder=str(dump))
        self.must("down", stack_purge=True)
        self.engine = engine
        self.must("up", "--tags", "mongodb")
        self.must("load", dump_folder=str(dump))


@pytest.fixture
def switch(tmp_path: Path, docker_daemon: str) -> Iterator[Switch]:
    made = Switch(LiveStack(tmp_path))
    try:
        yield made
    finally:
        made.play("down", stack_purge=True)


def test_the_dataset_goes_to_the_other_engine_and_back(switch: Switch, tmp_path: Path) -> None:
    switch.must("up", "--tags", "mongodb,llm_api")
    switch.must("seed", seed_days=2, seed_minimum=2)
    seeded = switch.content()

    refused = switch.stack.play("up", "--tags", "mongodb", stack_engine="docker")
    switch.move_to("docker", tmp_path / "there")
    on_docker = switch.content()
    switch.move_to("process", tmp_path / "back")

    assert refused.exit_code != 0
    assert "invoke day23.dump" in refused.output
    assert len(seeded) == 2
    assert on_docker == seeded
    assert switch.content() == seeded
    assert switch.must("load", dump_folder=str(tmp_path / "there")).changed == 0
