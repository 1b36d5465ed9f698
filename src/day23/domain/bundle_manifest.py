"""What one archive for hosts without a network says about itself."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from day23.domain.artifact import Sha256
from day23.domain.errors import ToolkitError, UsageError

FORMAT = 1
ROOT = "day23"
"""The one folder that an unpacked bundle makes."""

_EntryKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$")]


class BundledEntry(BaseModel):
    """One entry of the artefact cache, packed.

    Attributes:
        key: Its name in the cache.
        digest: Over its unpacked files, as the cache computes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: _EntryKey
    digest: Sha256

    @property
    def file(self) -> str:
        """Path of the packed entry below the bundle's folder."""
        return f"bundle/artifacts/{self.key}.tar.zst"


class BundleManifest(BaseModel):
    """What a bundle is for.

    Attributes:
        toolkit_version: Of the project in it.
        machine: Processor that its programs and wheels run on.
        python: `major.minor` that its wheels are for.
        engines: Engines that can be brought up from it.
        entries: What it adds to the artefact cache.
        left_out: Why a program is not in it, by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    toolkit_version: str
    machine: str
    python: str
    engines: tuple[str, ...]
    entries: tuple[BundledEntry, ...]
    left_out: dict[str, str] = Field(default_factory=dict)

    def refuse_elsewhere(self, machine: str, engine: str) -> None:
        """Refuse a host that the bundle is not for.

        Raises:
            ToolkitError: The format or the processor is another one.
            UsageError: The bundle lacks what the engine needs.
        """
        if self.format != FORMAT:
            raise ToolkitError(
                f"the bundle has format {self.format}, this toolkit reads {FORMAT}",
                next_step="use the toolkit inside the bundle: tar xf it, then sh day23/up.sh",
            )
        if self.machine != machine:
            raise ToolkitError(
                f"the bundle is for {self.machine}, this host is {machine}",
                next_step=f"run invoke day23.bundle on a host with {machine}",
            )
        if engine not in self.engines:
            raise UsageError(
                f"the bundle serves {', '.join(self.engines)}, not {engine}",
                next_step="make one with invoke day23.bundle and the same inventory",
            )
