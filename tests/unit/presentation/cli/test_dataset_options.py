"""Lists and pairs typed on a command line."""

import pytest

from day23.domain.errors import UsageError
from day23.presentation.cli.dataset_options import channel_folders, channel_list


def test_channel_list_drops_blanks() -> None:
    assert channel_list("@habr, mash,,") == ("@habr", "mash")
    assert channel_list(" , ") is None
    assert channel_list(None) is None


def test_channel_folders_are_pairs() -> None:
    assert channel_folders("habr=ChatExport_1, mash = b") == {"habr": "ChatExport_1", "mash": "b"}
    assert channel_folders(None) == {}


@pytest.mark.parametrize("text", ["habr", "=folder", "habr=", "a=b,c"])
def test_a_part_that_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not name=folder"):
        channel_folders(text)
