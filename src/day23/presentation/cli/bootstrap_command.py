"""`bootstrap_shared_infra` and `cleanup_shared_infra`: the stack's life in a CI job."""

import os
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.application.bootstrap_shared_infra import NEXT_STEP
from day23.domain.bootstrap_report import BootstrapReport
from day23.domain.errors import LockedError, ToolkitError, UsageError
from day23.domain.exit_codes import ExitCode
from day23.domain.stack_paths import StackPaths
from day23.presentation.cli.command import for_this_stack
from day23.presentation.playbook_call import PlaybookCall
from day23.presentation.playbook_runner import run_playbook
from day23.presentation.progress_view import SilentView, progress_view
from day23.settings import Settings
from day23.wiring import bootstrap as stack

CHECKOUT = Path(__file__).resolve().parents[4]
"""The project checkout whose playbooks bring the stack up and down."""

_MONGODB_PORT = 27017
_LLM_PORT = 8000

_stack_root = click.option(
    "--stack-root", type=click.Path(path_type=Path), help="Default: DAY23_STACK_ROOT, else .day23."
)
_state_path = click.option(
    "--state-path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the bootstrap notes which stack it started. Default: <stack root>/run/bootstrap.json.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command()
@click.option("--check", is_flag=True, help="Start nothing; ask every service and exit 1 if one is down.")
@click.option("--mongo-port", type=click.IntRange(1, 65535), help="Where MongoDB listens, or is to listen.")
@click.option("--mock-port", type=click.IntRange(1, 65535), help="Where the LLM API listens, or is to.")
@click.option(
    "--github-env",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that gets MONGODB_URL, TEST_MONGODB_URL, LLM_URL and PROMETHEUS_URL. Default: $GITHUB_ENV.",
)
@click.option("--inventory", default="local", show_default=True, help="Folder below inventories/.")
@_state_path
@_stack_root
@_json
def bootstrap_shared_infra(
    check: bool,
    inventory: str,
    mongo_port: int | None,
    mock_port: int | None,
    github_env: Path | None,
    state_path: Path | None,
    stack_root: Path | None,
    as_json: bool,
) -> ExitCode:
    """Bring the shared infrastructure up and check it, or only check it.

    Every service is asked in its own protocol, MongoDB as a real user. The answers are left in the
    gauge shared_infra_bootstrap_status{step}, also when the bootstrap fails.
    """
    settings = _settings(stack_root)
    expected = stack.ExpectedPorts(mongo_port, mock_port) if check else stack.ExpectedPorts()
    with stack.bootstrap_shared_infra(settings, ports=expected) as use_case:
        if check:
            report = use_case.check()
        else:
            offset = port_offset(mongo_port, mock_port)
            stack.remember_stack(_state(state_path, settings), settings.stack_root)
            up = _playbook("up", settings, as_json, offset, inventory)
            report = use_case.bootstrap(up)
    _show(report, as_json, settings.stack_root)
    environment = github_env or os.environ.get("GITHUB_ENV")
    if report.up and not check and environment:
        stack.publish_environment(settings, Path(environment))
    return ExitCode.DONE if report.up else ExitCode.ERROR


@click.command()
@_state_path
@_stack_root
def cleanup_shared_infra(state_path: Path | None, stack_root: Path | None) -> ExitCode:
    """Take down the stack that the bootstrap started, and no other; data stays. Safe to repeat."""
    settings = _settings(stack_root)
    path = _state(state_path, settings)
    root = stack.remembered_stack(path)
    if root is None:
        click.echo(f"nothing to clean up: no bootstrap is noted in {path}")
        return ExitCode.DONE
    _playbook("down", settings.model_copy(update={"stack_root": root}), silent=False)()
    stack.forget_stack(path)
    click.echo(f"the stack at {root} is down")
    return ExitCode.DONE


def port_offset(mongo_port: int | None, mock_port: int | None) -> int:
    """Return the offset of a stack whose MongoDB and LLM API listen at these ports.

    Raises:
        UsageError: No offset gives both.

    Example:
        >>> port_offset(28017, None)
        1000
    """
    offsets = {port - default for port, default in _asked(mongo_port, mock_port)}
    if len(offsets) > 1:
        raise UsageError(
            "the stack moves all its ports together",
            where=f"--mongo-port {mongo_port} --mock-port {mock_port}",
            next_step=f"give one of them, or both as {_MONGODB_PORT} and {_LLM_PORT} plus the same number",
        )
    return offsets.pop() if offsets else 0


def _asked(mongo_port: int | None, mock_port: int | None) -> list[tuple[int, int]]:
    pairs = ((mongo_port, _MONGODB_PORT), (mock_port, _LLM_PORT))
    return [(port, default) for port, default in pairs if port is not None]


def _settings(stack_root: Path | None) -> Settings:
    settings = Settings()
    root = stack_root or settings.stack_root
    return settings.model_copy(update={"stack_root": root.expanduser().resolve()})


def _state(state_path: Path | None, settings: Settings) -> Path:
    return state_path or StackPaths(settings.stack_root).run / "bootstrap.json"


def _playbook(
    verb: str, settings: Settings, silent: bool, offset: int = 0, inventory: str = "local"
) -> Callable[[], None]:
    """Return what runs a playbook on the stack; it raises ToolkitError when the playbook fails."""
    variables: dict[str, object] = {"stack_root": str(settings.stack_root)}
    variables |= {"stack_port_offset": offset} if offset else {}
    call = PlaybookCall(CHECKOUT, verb, inventory, variables=variables)
    events = StackPaths(settings.stack_root).events

    def run() -> None:
        console = Console(stderr=True)
        console.print(f"$ {call.command_line()}", style="dim", markup=False, highlight=False, soft_wrap=True)
        if silent:
            outcome = run_playbook(call, events, SilentView())
        else:
            with progress_view(console) as view:
                outcome = run_playbook(call, events, view)
        _raise_for(outcome.exit_code, outcome.message)

    return run


def _raise_for(code: int, message: str) -> None:
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    kinds: dict[int, type[ToolkitError]] = {ExitCode.LOCKED: LockedError, ExitCode.USAGE: UsageError}
    if code != ExitCode.DONE:
        raise kinds.get(code, ToolkitError)(message)


def _show(report: BootstrapReport, as_json: bool, root: Path) -> None:
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    table = Table("step", "", "seconds", "answer", box=None, pad_edge=False, header_style="bold")
    for step in report.steps:
        mark = Text("up", "green") if step.up else Text("down", "bold red")
        table.add_row(step.step, mark, f"{step.seconds:.2f}", Text(step.detail))
    Console().print(table)
    if not report.up:
        names = ", ".join(step.step for step in report.down)
        next_step = for_this_stack(report.down[0].next_step or NEXT_STEP, root)
        click.echo(f"error: down: {names}. Next: {next_step}", err=True)
