"""The samples of a benchmark run, read from a verified export and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from day23.application.every_sample import of_every
from day23.application.export_store import ExportStore
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.benchmark_result import DatasetReference
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedFile
from day23.domain.scenario import SampleFields, Scenario


@dataclass(frozen=True, slots=True)
class LoadedSamples:
    """The samples and the export they came from."""

    dataset: DatasetReference
    samples: tuple[BenchmarkSample, ...]


class BenchmarkSamples:
    """Reads samples; the manifest is checked first and the bytes once more while they are read."""

    def __init__(self, verify: VerifyExportersUseCase, store: ExportStore) -> None:
        self._verify = verify
        self._store = store

    def load(self, scenario: Scenario, dataset: Path, limit: int | None) -> LoadedSamples:
        """Return the first `limit` samples of `dataset` (newest first), or all of them.

        Raises:
            ToolkitError: The export is incomplete, changed, empty, or made for another scenario.
        """
        entry = self._verify.file(dataset)
        _check_purpose(scenario, entry, dataset)
        records = self._store.records(dataset.resolve(), entry.sha256)
        every = of_every(partial(_sample, scenario.sample_fields), enumerate(records, start=1))
        samples = tuple(islice(every, limit))
        if not samples:
            raise ToolkitError("the dataset is empty", where=str(dataset), next_step="seed and export again")
        return LoadedSamples(_reference(dataset, entry), samples)


def _sample(fields: SampleFields, numbered: tuple[int, Mapping[str, Any]]) -> BenchmarkSample:
    line, record = numbered
    return BenchmarkSample.from_record(record, fields, line)


def _check_purpose(scenario: Scenario, entry: ExportedFile, dataset: Path) -> None:
    if entry.exporter != scenario.exporter:
        raise ToolkitError(
            f"the dataset holds {entry.exporter}, scenario {scenario.scenario_id} judges {scenario.exporter}",
            where=str(dataset),
            next_step="give the other file, or the other scenario",
        )


def _reference(dataset: Path, entry: ExportedFile) -> DatasetReference:
    return DatasetReference(
        path=str(dataset),
        sha256=entry.sha256,
        content_sha256=entry.content_sha256,
        documents=entry.documents,
    )
