"""Take everything the stack needs out of one archive."""

from dataclasses import dataclass

from day23.application.bundle_ports import BundleLoader


@dataclass(frozen=True, slots=True)
class Host:
    """Where the bundle shall be used: the processor and the engine."""

    machine: str
    engine: str


class LoadBundle:
    """Fills the artefact cache from a bundle.

    Args:
        bundle: The archive or its unpacked folder.
        host: Refused when the bundle is not for it.
    """

    def __init__(self, bundle: BundleLoader, host: Host) -> None:
        self._bundle = bundle
        self._host = host

    def predict(self) -> None:
        """Verify without loading.

        Raises:
            ToolkitError: The bundle cannot be used here.
        """
        self._bundle.manifest().refuse_elsewhere(self._host.machine, self._host.engine)
        self._bundle.verify()

    def run(self) -> tuple[str, ...]:
        """Verify all of it, then load what the cache lacks; nothing is loaded from a damaged bundle.

        Returns:
            The keys of the new entries.

        Raises:
            ToolkitError: The bundle cannot be used here, or the disk is full.
        """
        manifest = self._bundle.manifest()
        manifest.refuse_elsewhere(self._host.machine, self._host.engine)
        return tuple(self._bundle.load(manifest))
