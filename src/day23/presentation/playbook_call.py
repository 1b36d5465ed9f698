"""What to ask of Ansible, and how a person would type it."""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PREDICTING_VERB = "check"


@dataclass(frozen=True, slots=True)
class PlaybookCall:
    """One run of one playbook.

    Attributes:
        project: The checkout that holds `playbooks/` and `inventories/`.
        verb: The playbook's name without `.yml`.
        inventory: The folder below `inventories/`, or an absolute path.
        variables: Extra variables, as native types.
        predict: Whether to change nothing and show what would change.
        verbosity: How many `-v`.
    """

    project: Path
    verb: str
    inventory: str = "local"
    variables: Mapping[str, object] = field(default_factory=dict)
    predict: bool = False
    verbosity: int = 0

    @property
    def playbook(self) -> str:
        """The playbook's path inside the project."""
        return f"playbooks/{self.verb}.yml"

    @property
    def inventory_path(self) -> Path:
        """The inventory's absolute path."""
        return self.project / "inventories" / self.inventory

    @property
    def only_predicts(self) -> bool:
        """Whether nothing is changed, by the caller's wish or because the playbook is of that kind."""
        return self.predict or self.verb == _PREDICTING_VERB

    @property
    def flags(self) -> list[str]:
        """Options of `ansible-playbook` besides inventory and variables."""
        flags = ["--check", "--diff"] if self.predict else []
        return [*flags, f"-{'v' * self.verbosity}"] if self.verbosity else flags

    def command_line(self) -> str:
        """Return the command that does the same from the project's folder, without Invoke.

        Example:
            `.venv/bin/ansible-playbook playbooks/up.yml -i inventories/local -e '{"seed_days": 30}'`
        """
        words = [self._program(), self.playbook, "-i", self._inside(self.inventory_path), *self.flags]
        if self.variables:
            words += ["-e", json.dumps(dict(self.variables), ensure_ascii=False)]
        return shlex.join(words)

    def _program(self) -> str:
        return self._inside(Path(sys.executable).with_name("ansible-playbook"))

    def _inside(self, path: Path) -> str:
        return str(path.relative_to(self.project) if path.is_relative_to(self.project) else path)
