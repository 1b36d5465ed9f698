"""The configuration that the generated text means to supervisord's own parser."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supervisor.options import UnhosedConfigParser

from day23.domain.errors import ToolkitError
from day23.domain.resolved_service import ResolvedService
from day23.infrastructure.engines.supervisor_config import hash_of, program_text, stop_seconds

SETPRIV = Path("/usr/bin/setpriv")
words = st.text(
    alphabet=st.sampled_from(" %;#'\"\\$(){}=heres\t")
    | st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]),
    max_size=30,
)


def service(*argv: str, stop_within: float = 30) -> ResolvedService:
    return ResolvedService(
        name="loki",
        argv=("/bin/loki", *argv),
        check_argv=(),
        environment={},
        files={},
        secrets=(),
        endpoints={},
        artifact_digest="",
        artifact_version="1",
        core_hash="0a1b2c",
        reload_hash="",
        stop_signal="INT",
        stop_within=stop_within,
        config_dir=Path("/srv/etc/loki"),
        data_dir=Path("/srv/data/loki"),
    )


def command_of(text: str) -> list[str]:
    """Read the command as supervisord does: parse, expand, split."""
    parser = UnhosedConfigParser()
    parser.read_string(text)
    parser.expand_here("/srv/run/supervisor")
    return shlex.split(str(parser.saneget("program:loki", "command", expansions={"here": "/wrong"})))


@given(st.lists(words, max_size=6))
def test_every_word_of_the_command_arrives_unharmed(arguments: list[str]) -> None:
    command = command_of(program_text(service(*arguments), {}, SETPRIV))

    assert command == [
        "/usr/bin/env",
        "/usr/bin/setpriv",
        "--pdeathsig",
        "TERM",
        "--",
        "/bin/loki",
        *arguments,
    ]


@given(words)
def test_every_variable_arrives_unharmed(value: str) -> None:
    assert command_of(program_text(service(), {"NAME": value}, SETPRIV))[1] == f"NAME={value}"


@pytest.mark.parametrize("character", ["\n", "\r", "\0"])
def test_a_line_break_is_refused_by_name(character: str) -> None:
    with pytest.raises(ToolkitError, match=r"contains a line break \(loki_service"):
        program_text(service(f"a{character}b"), {}, SETPRIV)


def test_the_hash_and_the_stop_time_can_be_read_back() -> None:
    text = program_text(service(stop_within=59.2), {}, SETPRIV)

    assert stop_seconds(text) == 60
    assert hash_of("loki-0a1b2c") == "0a1b2c"
    assert stop_seconds("") == 0
