"""A benchmark scenario: which dataset, which prompt, which thresholds."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from day23.domain.summary_faults import Fault
from day23.domain.verdict import Threshold

QUALITY_METRICS = ("coverage", "accuracy", "coherence", "informativeness")
LATENCY = "latency_seconds"

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,63}$")]
FieldPath = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class SampleFields(_Part):
    """Where a sample's parts stand in one line of the dataset; dots go down into objects."""

    sample_id: FieldPath = "sample_id"
    channel: FieldPath = "channel"
    timestamp: FieldPath = "timestamp"
    source: FieldPath = "source_text"
    summary: FieldPath = "summary_markdown"
    latency: FieldPath = LATENCY
    scores: FieldPath = "ground_truth.llm_judge.scores"
    model: FieldPath = "metadata.llm_model"
    judge: FieldPath = "ground_truth.llm_judge.judge_model"
    provenance: FieldPath = "provenance"


class Scenario(_Part):
    """One benchmark scenario as its YAML file states it.

    Attributes:
        exporter: The collection whose export is the dataset.
        prompt_version: The version of the toolkit's prompts that a live run asks with.
        max_tokens: Longest answer of a live run.
        failed_samples_allowed: Share of samples that may fail in a live run before it is void.
        latency_percentile: Which percentile of the latency is judged (nearest rank).
        faults: Which faults of the summaries are reported.
    """

    scenario_id: Identifier
    description: str
    dataset_id: Identifier
    exporter: Literal["digests", "review_reports"]
    prompt_version: Annotated[str, Field(min_length=1, max_length=100)]
    max_tokens: Annotated[int, Field(gt=0, le=32_768)] = 800
    thresholds: dict[str, Threshold]
    failed_samples_allowed: Annotated[float, Field(ge=0, lt=1)] = 0.02
    latency_percentile: Annotated[float, Field(gt=0, le=100)] = 95
    sample_fields: SampleFields = SampleFields()
    faults: tuple[Fault, ...] = tuple(Fault)

    @model_validator(mode="after")
    def _every_metric_has_a_threshold(self) -> "Scenario":
        wanted = {*QUALITY_METRICS, LATENCY}
        if set(self.thresholds) != wanted:
            raise ValueError(f"thresholds must be exactly {', '.join(sorted(wanted))}")
        return self


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path of a record; None where a part is missing."""
    value: Any = record
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
