"""Wiring of bundles, and of what a host that is driven over SSH gets."""

import platform
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from day23.application.ports import ProgressState
from day23.domain.bundle_manifest import BundleManifest
from day23.domain.stack_context import StackContext
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.bundle.wheelhouse import CachedWheels, python_version
from day23.infrastructure.engines import portable_parts
from day23.infrastructure.files import make_private_folder
from day23.infrastructure.progress import EventFile

if TYPE_CHECKING:
    from day23.application.load_bundle import LoadBundle
    from day23.application.write_bundle import WriteBundle
    from day23.infrastructure.bundle.stock import CacheStock
    from day23.infrastructure.bundle.toolkit_packages import ToolkitPackages


@contextmanager
def write_bundle(context: StackContext, optional: Collection[str]) -> "Iterator[WriteBundle]":
    """Give the use case that writes a bundle of this host's cache and this checkout."""
    from day23.application.write_bundle import BundlePorts, WriteBundle
    from day23.infrastructure.bundle.bill_of_materials import BillOfMaterials
    from day23.infrastructure.bundle.bundle_archive import BundleArchive
    from day23.infrastructure.bundle.project_files import project_files

    cache, events = _cache(context), _events(context)
    with cache.workshop() as workshop:
        ports = BundlePorts(
            stock=stock(context),
            wheels=CachedWheels(cache, context.repository, events),
            writer=BundleArchive(events),
            project=project_files(context.repository),
            describe=BillOfMaterials(cache, context.repository),
            workshop=workshop,
            platform=_platform(context),
        )
        yield WriteBundle(ports, optional)


def load_bundle(context: StackContext, path: Path, *, silent: bool) -> "LoadBundle":
    """Build the use case that fills this host's cache from a bundle.

    Args:
        context: The stack.
        path: The bundle.
        silent: Write no progress either: the stack root may not exist yet.
    """
    from day23.application.load_bundle import Host, LoadBundle
    from day23.infrastructure.bundle.bundle_source import BundleSource

    cache, events = _cache(context), _Silence() if silent else _events(context)
    wheels = CachedWheels(cache, context.repository, events)
    return LoadBundle(BundleSource(path, cache, wheels, events), Host(platform.machine(), context.engine))


def stock(context: StackContext) -> "CacheStock":
    """Return this host's cache, seen as what another one may need of it."""
    from day23.infrastructure.bundle.stock import CacheStock

    parts = portable_parts(context.engine, context.cache_dir)
    return CacheStock(context.cache_dir, context.repository, parts, _events(context))


def toolkit_packages(context: StackContext) -> "ToolkitPackages":
    """Return what carries the toolkit itself to another host."""
    from day23.infrastructure.bundle.toolkit_packages import ToolkitPackages

    wheels = CachedWheels(_cache(context), context.repository, _events(context))
    return ToolkitPackages(context.cache_dir.expanduser() / "packages", context.repository, wheels)


class _Silence:
    def report(self, subject: str, state: ProgressState, **_amount: object) -> None:
        """Tell nobody."""


def _platform(context: StackContext) -> BundleManifest:
    return BundleManifest(
        toolkit_version=version("day23"),
        machine=platform.machine(),
        python=python_version(),
        engines=portable_parts(context.engine, context.cache_dir).serves,
        entries=(),
    )


def _events(context: StackContext) -> EventFile:
    make_private_folder(context.paths.events.parent)
    return EventFile(context.paths.events, "bundle")


def _cache(context: StackContext) -> ArtifactCache:
    return ArtifactCache(context.cache_dir.expanduser().absolute())
