"""The program that is process 1 of every container; its source is `build/attendant`."""

from day23.domain.artifact import Artifact, GoSource

ATTENDANT = "/day23/attendant"
"""Its path in every image."""

ATTENDANT_ARTIFACT = Artifact(
    name="attendant",
    version="1",
    go=GoSource(
        module="build/attendant",
        binaries={"attendant": "day23/build/attendant"},
        tags=("netgo",),
        memory_gb=0.5,
    ),
)
