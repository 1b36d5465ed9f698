"""Run a click command so that people see messages and exit codes, never a traceback."""

import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.domain.stack_paths import StackPaths
from day23.wiring.command_telemetry import record_command
from day23.wiring.stack_words import stack_words

_ERROR_TYPES = {
    ExitCode.ERROR: "error",
    ExitCode.USAGE: "usage",
    ExitCode.LOCKED: "locked",
    ExitCode.INTERRUPTED: "interrupted",
}
"""Exit codes that count as errors; verdicts are none."""


def run_command(
    command: click.Command, arguments: Sequence[str] | None = None, *, recorded: bool = True
) -> NoReturn:
    """Run `command` and leave the process with the exit code that tells the caller what happened.

    A command ends with `ctx.exit(code)` or returns its `ExitCode` where it has more to say than 0.

    Args:
        command: The click command or group.
        arguments: Words after the program name; `sys.argv` when None.
        recorded: Whether the stack's metrics of commands count it; services are no commands.
    """
    _write_whole_outputs()
    words = list(sys.argv[1:] if arguments is None else arguments)
    started, outcome = time.perf_counter(), "unexpected"
    code: int = ExitCode.ERROR
    try:
        code = int(exit_code_of(command, words))
        outcome = _ERROR_TYPES.get(ExitCode(code), "") if code in set(ExitCode) else "error"
    finally:
        if recorded:
            record_command(
                _stack_root(words), _leaf_name(command, words), time.perf_counter() - started, outcome or None
            )
    sys.exit(code)


def _leaf_name(command: click.Command, words: Sequence[str]) -> str:
    """Return the name of the command that the words call, through its groups."""
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(click.Context(command), word) or command
    return (command.name or "other").replace("_", "-")


def _stack_root(words: Sequence[str]) -> Path:
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--stack-root" and following:
            return Path(following).expanduser()
        if word.startswith("--stack-root="):
            return Path(word.removeprefix("--stack-root=")).expanduser()
    return Path(os.environ.get("DAY23_STACK_ROOT") or ".day23")


def exit_code_of(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run `command`, print what went wrong to stderr, and return the exit code.

    Example:
        >>> exit_code_of(click.Command("nothing"), [])
        0
    """
    try:
        outcome = command.main(args=arguments, standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return ExitCode.USAGE
    except click.ClickException as error:
        error.show()
        return ExitCode.ERROR
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted", ExitCode.INTERRUPTED)
    except ValidationError as error:
        return _failed(describe_invalid(error), ExitCode.USAGE)
    except ToolkitError as error:
        root = _stack_root(sys.argv[1:] if arguments is None else arguments)
        return _failed(for_this_stack(str(error), root), error.exit_code)
    except OSError as error:
        return _failed(f"{error.strerror or error}: {error.filename or 'no file named'}", ExitCode.ERROR)
    return outcome if isinstance(outcome, int) else ExitCode.DONE


def for_this_stack(message: str, root: Path) -> str:
    """Return the message with its commands about the stack below `root`, to be typed here."""
    return stack_words(StackPaths(root.expanduser().resolve()), Path.cwd()).completed(message)


def _write_whole_outputs() -> None:
    """Buffer stdout also where PYTHONUNBUFFERED is set: a raw write to a full pipe may drop the rest."""
    stdout = sys.__stdout__
    if stdout is None or stdout is not sys.stdout:
        return
    raw: object = stdout.buffer
    if isinstance(raw, io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), stdout.encoding, line_buffering=True)


def describe_invalid(error: ValidationError) -> str:
    """Return one line per wrong setting or field: name, rule and the value given."""
    lines = []
    for problem in error.errors(include_url=False):
        name = ".".join(str(part) for part in problem["loc"]) or error.title
        lines.append(f"{name}: {problem['msg']} (got {problem['input']!r:.120})")
    return "\n".join(lines)


def _failed(message: str, code: ExitCode) -> int:
    click.echo(f"error: {message}", err=True)
    return code
