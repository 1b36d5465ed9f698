"""A stack of a test's own with short intervals, and validations of it inside the test's process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from day23.application.verify_restart import Patience
from day23.domain.restart.evidence import Evidence
from day23.domain.restart.judgement import RestartReport, judge
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_ports import shifted
from day23.infrastructure.engines import engine_for
from day23.presentation.modules.stack_settings import stack_settings
from day23.wiring.restart_validation import Validation
from free_ports import default_ports, free_offset

REPOSITORY = Path(__file__).resolve().parents[1]
SHORT_PATIENCE = Patience(ready=12, resumed=14, lines=6)

Sabotage = Callable[["Rehearsal", Validation], None]


@dataclass(frozen=True)
class Rehearsal:
    """One stack with the intervals of `inventories/rehearsal`."""

    folder: Path
    offset: int = field(default_factory=free_offset)

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def paths(self) -> StackPaths:
        return StackPaths(self.root)

    @cached_property
    def ports(self) -> dict[str, int]:
        return shifted(default_ports(), self.offset)

    @cached_property
    def context(self) -> StackContext:
        return StackContext(self.paths, "process", "127.0.0.1", REPOSITORY, Path.home() / ".cache/day23")

    @property
    def engine(self) -> Any:
        return engine_for("process", self.paths)

    @property
    def validation(self) -> Validation:
        return Validation(self.context, stack_settings(self.context), self.folder / "evidence" / "restart")

    def invoke(self, word: str, *options: str) -> subprocess.CompletedProcess[str]:
        return run(self.words(word, *options))

    def words(self, word: str, *options: str) -> list[str]:
        """Return what one would type to invoke a word on this stack."""
        own = ["--inventory", "rehearsal", "--stack-root", str(self.root), "--port-offset", str(self.offset)]
        return [str(Path(sys.executable).with_name("invoke")), word, *own, *options]

    def play(self, verb: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        chosen = {"stack_root": str(self.root), "stack_port_offset": self.offset, **variables}
        program = [str(Path(sys.executable).with_name("ansible-playbook")), f"playbooks/{verb}.yml"]
        return run([*program, "-i", "inventories/rehearsal", "-e", json.dumps(chosen)])

    def validate(self, disruption: str, sabotage: Sabotage | None = None) -> RestartReport:
        """Record, disrupt, let `sabotage` do harm, and judge; leaves no watcher behind."""
        return judge(self.evidence(disruption, sabotage))

    def evidence(self, disruption: str, sabotage: Sabotage | None = None) -> Evidence:
        folder = self.folder / "evidence" / os.urandom(4).hex()
        validation = Validation(self.context, stack_settings(self.context), folder)
        state = validation.begin(folder.name, disruption)
        validation.record(state).run(state)
        try:
            validation.disrupt(()).run()
            if sabotage:
                sabotage(self, validation)
            return validation.verify(SHORT_PATIENCE).run()
        finally:
            (folder / "watch.stop").touch()
            validation.files.forget()


def run(words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program in the project's folder, with its output as text."""
    return subprocess.run(
        words,
        cwd=REPOSITORY,
        env={**os.environ, "LC_ALL": "C.UTF-8", "ANSIBLE_FORCE_COLOR": "0", "PYTHONPATH": "."},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
