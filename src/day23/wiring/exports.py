"""Exporting and checking exports, with MongoDB, files and telemetry joined."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from day23.application.export_dataset import ExportDatasetUseCase
from day23.application.ports import Progress
from day23.application.verify_exports import VerifyExportersUseCase
from day23.infrastructure.exports.export_files import ExportFiles
from day23.infrastructure.exports.record_schema import load_schemas
from day23.infrastructure.mongo.dataset_snapshot import DatasetSnapshot
from day23.settings import Settings
from day23.wiring.connections import mongo_client
from day23.wiring.telemetry import telemetry_session

CHECKOUT = Path(__file__).resolve().parents[3]
"""The project checkout that this package was installed from, for scripts."""


@dataclass(frozen=True, slots=True)
class ExportTools:
    """The use cases of one export run; they share its telemetry."""

    export: ExportDatasetUseCase
    verify: VerifyExportersUseCase


@contextmanager
def export_tools(
    settings: Settings, progress: Progress, repository: Path = CHECKOUT
) -> Iterator[ExportTools]:
    """Yield the use cases; the database connection and the telemetry end with the block.

    Args:
        repository: Holds `config/schemas`.

    Raises:
        ToolkitError: The stack is not up and no address is set, or a schema cannot be used.
    """
    store = export_files(repository)
    with (
        telemetry_session(settings, "export", "TL-02") as telemetry,
        closing(DatasetSnapshot(partial(mongo_client, settings, "exporter"), settings.db_name)) as source,
    ):
        yield ExportTools(
            ExportDatasetUseCase(source, store, telemetry, progress),
            VerifyExportersUseCase(store, telemetry),
        )


def export_files(repository: Path = CHECKOUT) -> ExportFiles:
    """Return exports on disk, checked against the schemas of the checkout."""
    return ExportFiles(load_schemas(repository / "config" / "schemas"), version("day23"))
