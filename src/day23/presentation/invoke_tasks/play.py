"""What every task does with its playbook: echo the command, run it, show the outcome, leave with its code."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TypeVar, cast

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task
from pydantic import ValidationError
from rich.console import Console

from day23.domain.errors import ToolkitError, UsageError
from day23.domain.exit_codes import ExitCode
from day23.domain.stack_paths import StackPaths
from day23.domain.stack_words import StackWords
from day23.presentation.cli.command import describe_invalid
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_outcome import PlaybookOutcome
from day23.presentation.playbook_runner import run_playbook
from day23.presentation.progress_view import SilentView, progress_view
from day23.settings import Settings
from day23.wiring.stack import refuse_when_busy

LOCKING = ("up", "down", "day23", "restart_validation")
"""Playbooks that need the stack for themselves; they are refused before Ansible starts."""

_Body = TypeVar("_Body", bound=Callable[..., None])

HELP = {
    "inventory": "Folder below inventories/ or an absolute path: local (default) or a host's.",
    "stack-root": "Folder that holds everything of this stack (default: .day23, or DAY23_STACK_ROOT).",
    "port-offset": "Added to every port, to run stacks side by side: 0, 1000 ... 4000.",
    "json": "Print one JSON document on stdout and nothing else there.",
    "verbose": "Show Ansible's own output; -vvv shows more.",
}
"""Help of the arguments that every task has."""


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments that every task has, as typed."""

    inventory: str = "local"
    stack_root: str = ""
    port_offset: str = ""
    json: bool = False
    verbose: int = 0
    predict: bool = False
    variables: Mapping[str, object] = field(default_factory=dict)

    def words(self, project: Path) -> StackWords:
        """Return what was typed to mean this stack."""
        root = stack_paths(project, self.stack_root).root
        return StackWords.of(
            root, project, self.inventory, whole_number("port-offset", self.port_offset) or 0
        )


def stack_task(**own_help: str) -> Callable[[_Body], Task[_Body]]:
    """Make an Invoke task of a function that has the common arguments; refusals are told in one line.

    Args:
        own_help: Help of the arguments that only this task has.
    """
    texts = HELP | {name.replace("_", "-"): text for name, text in own_help.items()}

    def decorate(body: _Body) -> Task[_Body]:
        made: Task[_Body] = task(help=texts, incrementable=["verbose"])(refusals_told(body))
        return made

    return decorate


def refusals_told(body: _Body) -> _Body:
    """Turn what the toolkit refuses into a message and an exit code."""

    @wraps(body)
    def guarded(*arguments: object, **named: object) -> None:
        try:
            body(*arguments, **named)
        except ToolkitError as error:
            raise Exit(f"error: {error}", code=int(error.exit_code)) from None
        except ValidationError as error:
            raise Exit(f"error: {describe_invalid(error)}", code=int(ExitCode.USAGE)) from None

    return cast("_Body", guarded)


def play(context: Context, verb: str, options: Options) -> PlaybookOutcome:
    """Run `playbooks/<verb>.yml`; return what it came to when it succeeded.

    Raises:
        Exit: The playbook failed or was interrupted; carries the process's exit code.
        LockedError: Another playbook works on this stack root.
    """
    project = project_of(context)
    call = _call(project, verb, options)
    paths = stack_paths(project, options.stack_root)
    if verb in LOCKING:
        refuse_when_busy(paths, verb)
    outcome = _run(call, paths.events, silent=options.json)
    if options.json:
        print(json.dumps(outcome.document(), ensure_ascii=False, indent=2))
    if outcome.exit_code != ExitCode.DONE:
        raise Exit(None if options.json else f"error: {outcome.message}", code=int(outcome.exit_code))
    return outcome


def project_of(context: Context) -> Path:
    """Return the checkout that `tasks.py` named."""
    return Path(str(context.config.day23.project))


def stack_paths(project: Path, stack_root: str) -> StackPaths:
    """Return where the stack keeps its things; relative roots start at the project."""
    return StackPaths(root=project / Path(stack_root or Settings().stack_root).expanduser())


def whole_number(flag: str, text: str) -> int | None:
    """Return the number typed for `flag`; None when nothing was typed.

    Raises:
        UsageError: It is not a whole number.
    """
    try:
        return int(text) if text else None
    except ValueError:
        raise UsageError(f"--{flag} wants a whole number, not {text!r}") from None


def given(**variables: object) -> dict[str, object]:
    """Return only the variables that were typed, so that defaults stay with the playbooks."""
    return {name: value for name, value in variables.items() if value not in (None, "", False, [], {})}


def _call(project: Path, verb: str, options: Options) -> PlaybookCall:
    inventory = project / "inventories" / options.inventory
    if not inventory.exists():
        raise UsageError(f"there is no inventory {options.inventory!r}", where=str(inventory.parent))
    typed_root = options.stack_root or ("stack_root" in Settings().model_fields_set)
    common = given(
        stack_root=str(stack_paths(project, options.stack_root).root) if typed_root else "",
        stack_port_offset=whole_number("port-offset", options.port_offset),
    )
    variables = {**common, **options.variables}
    return PlaybookCall(project, verb, options.inventory, variables, options.predict, options.verbose)


def _run(call: PlaybookCall, events: Path, *, silent: bool) -> PlaybookOutcome:
    console = Console(stderr=True)
    console.print(f"$ {call.command_line()}", style="dim", markup=False, highlight=False, soft_wrap=True)
    sys.stderr.flush()
    if silent:
        return run_playbook(call, events, SilentView())
    with progress_view(console) as view:
        outcome = run_playbook(call, events, view)
    if outcome.exit_code == ExitCode.DONE:
        told = "would change" if call.only_predicts else "changed"
        changed = f"{told}={outcome.totals.get('changed', 0)}"
        console.print(f"{call.verb}: done in {outcome.seconds:.1f} s, {changed}", highlight=False)
    return outcome
