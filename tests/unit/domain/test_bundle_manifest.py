"""Where a bundle may be used."""

import pytest
from pydantic import ValidationError

from day23.domain.bundle_manifest import BundledEntry, BundleManifest
from day23.domain.errors import ToolkitError, UsageError

MANIFEST = BundleManifest(
    toolkit_version="1", machine="x86_64", python="3.11", engines=("process",), entries=()
)


def test_the_host_it_was_made_for_is_not_refused() -> None:
    MANIFEST.refuse_elsewhere("x86_64", "process")


def test_a_later_format_is_left_to_the_toolkit_inside() -> None:
    with pytest.raises(ToolkitError, match=r"format 2.*sh day23/up\.sh"):
        MANIFEST.model_copy(update={"format": 2}).refuse_elsewhere("x86_64", "process")


def test_another_processor_and_another_engine_are_refused() -> None:
    with pytest.raises(ToolkitError, match="is for x86_64, this host is aarch64"):
        MANIFEST.refuse_elsewhere("aarch64", "process")
    with pytest.raises(UsageError, match="serves process, not docker"):
        MANIFEST.refuse_elsewhere("x86_64", "docker")


@pytest.mark.parametrize("key", ["../outside", "a/b", ".hidden", ""])
def test_an_entry_stays_inside_the_cache(key: str) -> None:
    with pytest.raises(ValidationError):
        BundledEntry(key=key, digest="a" * 64)
