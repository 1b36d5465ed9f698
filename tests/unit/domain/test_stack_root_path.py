"""Which paths may be a stack root."""

from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.stack_root_path import refuse_unusable


@pytest.mark.parametrize("root", ["/srv/stack", "/srv/my stack", "/srv/анна/.day23", "/a-b_c.d,e+f@g~1"])
def test_usual_paths_are_fine(root: str) -> None:
    refuse_unusable(Path(root))


@pytest.mark.parametrize("character", [*"\"'`\\{}%$*?[]#;:", "\n", "\t", "\x7f"])
def test_a_path_that_a_configuration_file_would_misread_is_refused(character: str) -> None:
    with pytest.raises(ToolkitError, match="would misread") as raised:
        refuse_unusable(Path(f"/srv/st{character}ack"))
    assert "\n" not in str(raised.value)
