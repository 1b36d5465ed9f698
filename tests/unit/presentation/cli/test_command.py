"""Commands end with a message and an exit code that callers can rely on."""

import click
import pytest
from pydantic import BaseModel

from day23.domain.errors import LockedError, ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of, run_command


class Size(BaseModel):
    size: int


def failing(error: BaseException) -> click.Command:
    def body() -> None:
        raise error

    return click.Command("fails", callback=body)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ToolkitError("it broke", where="here"), ExitCode.ERROR),
        (LockedError("held by pid 7"), ExitCode.LOCKED),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (click.Abort(), ExitCode.INTERRUPTED),
        (click.ClickException("no"), ExitCode.ERROR),
        (PermissionError(13, "Permission denied", "/root/file"), ExitCode.ERROR),
    ],
)
def test_failures_have_exit_codes_and_no_traceback(
    error: BaseException, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(failing(error), []) == code
    assert "Traceback" not in capsys.readouterr().err


def test_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(click.Command("nothing"), ["--nope"]) == ExitCode.USAGE
    assert "--nope" in capsys.readouterr().err


def test_invalid_value_names_the_field(capsys: pytest.CaptureFixture[str]) -> None:
    command = click.Command("size", callback=lambda: Size.model_validate({"size": "big"}) and None)
    assert exit_code_of(command, []) == ExitCode.USAGE
    assert "size: " in capsys.readouterr().err


def test_a_returned_code_is_the_exit_code() -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(click.Command("warns", callback=lambda: ExitCode.VERDICT_WARN), [])
    assert ended.value.code == ExitCode.VERDICT_WARN


def test_help_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(click.Command("nothing"), ["--help"]) == ExitCode.DONE
    assert "Usage" in capsys.readouterr().out
