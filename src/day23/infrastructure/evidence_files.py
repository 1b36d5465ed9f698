"""The folder `evidence/<run_id>`: what each step left, and the page made of it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from day23.application.export_dataset import ExportSummary
from day23.application.ports import Collection
from day23.application.seed_summary import SeedSummary
from day23.application.verify_dataset import DatasetAudit, VerifySummary
from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.channel import handle
from day23.domain.errors import ToolkitError
from day23.domain.run_report import DayRow, RunReport
from day23.infrastructure.files import write_atomically

_Model = TypeVar("_Model", bound=BaseModel)


class EvidenceFiles:
    """Implements `RunEvidence` over the JSON files of one run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def seed(self) -> SeedSummary | None:
        """Return what seeding did."""
        return self._load("seed.json", SeedSummary)

    def audit(self) -> DatasetAudit | None:
        """Return what verification found."""
        summary = self._load("verify.json", VerifySummary)
        return summary.audit if summary else None

    def export(self) -> ExportSummary | None:
        """Return what was exported."""
        return self._load("export.json", ExportSummary)

    def benchmarks(self) -> tuple[BenchmarkResult, ...]:
        """Return every benchmark result, by file name."""
        names = sorted(path.name for path in self._folder.glob("benchmark*.json"))
        found = (self._load(name, BenchmarkResult) for name in names)
        return tuple(result for result in found if result)

    def days(self, export: ExportSummary) -> tuple[DayRow, ...]:
        """Return the posts behind every exported digest, by channel and day."""
        names = [entry.name for entry in export.files if entry.exporter == Collection.DIGESTS.value]
        rows = [row for name in names for row in _days(export.folder / name)]
        return tuple(sorted(rows, key=lambda row: (row.channel, row.day)))

    def save(self, report: RunReport, page: str) -> tuple[Path, Path]:
        """Write `run.json` and `index.html`; return their paths."""
        data, index = self._folder / "run.json", self._folder / "index.html"
        content = report.model_dump(mode="json")
        write_atomically(data, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        write_atomically(index, page)
        return data, index

    def _load(self, name: str, model: type[_Model]) -> _Model | None:
        path = self._folder / name
        if not path.exists():
            return None
        try:
            return model.model_validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise ToolkitError(f"{name} is damaged: {_first(error)}", where=str(path)) from None


def _first(error: ValidationError | OSError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    problem = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"


def _days(path: Path) -> Iterator[DayRow]:
    try:
        with path.open("rb") as lines:
            for line in lines:
                record = orjson.loads(line)
                yield DayRow(
                    channel=handle(record["channel"]),
                    day=datetime.fromisoformat(record["timestamp"]).date(),
                    posts=record["metadata"]["posts_count"],
                    provenance=record["provenance"] or "unknown",
                )
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise ToolkitError(f"the export cannot be read: {type(error).__name__}", where=str(path)) from None
