"""Who may follow whom in a stack root."""

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.stack_identity import StackIdentity, is_newer

OURS = StackIdentity(engine="process", toolkit_version="1.2.0")


@pytest.mark.parametrize("version", ["1.2.0", "1.1.9", "0.9", "1.2.0rc1", "unknown"])
def test_the_same_engine_follows_the_same_and_older_versions(version: str) -> None:
    OURS.refuse_to_follow(StackIdentity(engine="process", toolkit_version=version))


def test_a_newer_toolkit_s_stack_is_refused() -> None:
    with pytest.raises(ToolkitError, match=r"written by day23 1\.10\.0, which is newer than this 1\.2\.0"):
        OURS.refuse_to_follow(StackIdentity(engine="process", toolkit_version="1.10.0"))


def test_another_engine_s_stack_is_refused_with_the_command_that_helps() -> None:
    with pytest.raises(ToolkitError) as raised:
        OURS.refuse_to_follow(StackIdentity(engine="docker", toolkit_version="1.2.0"))
    assert "belongs to the engine 'docker', not 'process'" in raised.value.what
    assert "playbooks/down.yml -e stack_engine=docker" in raised.value.next_step


def test_versions_are_compared_as_numbers() -> None:
    assert is_newer("6.0.10", "6.0.9")
    assert not is_newer("6.0.9", "6.0.10")
    assert not is_newer("latest", "6.0.10")
