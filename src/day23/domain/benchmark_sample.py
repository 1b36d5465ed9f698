"""One sample of a benchmark dataset, read from one exported line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from day23.domain.errors import ToolkitError
from day23.domain.scenario import LATENCY, QUALITY_METRICS, SampleFields, value_at


@dataclass(frozen=True, slots=True)
class BenchmarkSample:
    """What a benchmark needs of a sample.

    Attributes:
        stored_scores: The scores that seeding computed, as found; judged by a dry run only.
        stored_latency_seconds: The latency that seeding measured, as found.
        line: Position in the dataset file, from 1.
    """

    sample_id: str
    channel: str
    timestamp: str
    source: str
    summary: str
    stored_scores: Mapping[str, Any]
    stored_latency_seconds: Any
    model: str
    judge: str
    provenance: str
    line: int

    @classmethod
    def from_record(cls, record: Mapping[str, Any], fields: SampleFields, line: int) -> "BenchmarkSample":
        """Return the sample of one line.

        Raises:
            ToolkitError: The id, the source or the summary is missing or empty.
        """
        scores = value_at(record, fields.scores)
        return cls(
            sample_id=_text(record, fields.sample_id, line),
            channel=str(value_at(record, fields.channel) or "unknown"),
            timestamp=str(value_at(record, fields.timestamp) or ""),
            source=_text(record, fields.source, line),
            summary=_text(record, fields.summary, line),
            stored_scores=scores if isinstance(scores, Mapping) else {},
            stored_latency_seconds=value_at(record, fields.latency),
            model=str(value_at(record, fields.model) or "unknown"),
            judge=str(value_at(record, fields.judge) or "unknown"),
            provenance=str(value_at(record, fields.provenance) or "unknown"),
            line=line,
        )

    @property
    def day(self) -> date:
        """The UTC day that the sample is about.

        Raises:
            ToolkitError: The sample's timestamp is missing or not ISO 8601.
        """
        try:
            return datetime.fromisoformat(self.timestamp).astimezone(UTC).date()
        except ValueError:
            raise ToolkitError(
                f"sample {self.sample_id} has no usable timestamp: {self.timestamp or 'none'}",
                where=f"line {self.line}",
                next_step="seed and export again; the prompt names the day",
            ) from None

    def stored_values(self) -> dict[str, float]:
        """Return the stored score of every quality metric and the stored latency.

        Raises:
            ToolkitError: One of them is missing or not finite: a dry run never invents it.
        """
        values = {name: self.stored_scores.get(name) for name in QUALITY_METRICS}
        values[LATENCY] = self.stored_latency_seconds
        return {name: self._number(name, value) for name, value in values.items()}

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ToolkitError(
                f"sample {self.sample_id} stores no usable {name}: {value}",
                where=f"line {self.line}",
                next_step="seed again, so that the value is measured; a dry run does not invent it",
            )
        return float(value)


def _text(record: Mapping[str, Any], path: str, line: int) -> str:
    value = value_at(record, path)
    if not isinstance(value, str) or not value.strip():
        raise ToolkitError(
            f"the sample has no {path}",
            where=f"line {line}",
            next_step="export the dataset again; the line is not a benchmark sample",
        )
    return value
