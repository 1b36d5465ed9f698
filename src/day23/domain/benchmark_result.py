"""The record of one benchmark run: what `--output` and `data/benchmarks/results` hold."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat

from day23.domain.statistics.interval import Interval
from day23.domain.verdict import Direction, Outcome

Mode = Literal["dry", "live"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SampleMetric(_Part):
    """One value of one sample; its outcome informs, the verdict comes from the aggregate."""

    name: str
    value: FiniteFloat
    outcome: Outcome


class SampleResult(_Part):
    """One sample.

    Attributes:
        verdict: The worst of its metrics; null when the sample failed.
        notes: Why it failed; null otherwise.
        first_token_seconds: From sending the request to the first content; null in a dry run.
    """

    sample_id: str
    channel: str
    metrics: tuple[SampleMetric, ...] = ()
    verdict: Outcome | None = None
    notes: str | None = None
    first_token_seconds: FiniteFloat | None = None


class MetricResult(_Part):
    """One metric over all samples that answered, judged against its threshold.

    Attributes:
        value: What is judged: the mean of a quality metric, the percentile of the latency.
        aggregate: How `value` was computed: `mean` or `p95`.
        mean: The arithmetic mean, for comparison.
        interval: Where the true value lies, in 95 of 100 runs; an end that the samples do not bound is null.
        samples_to_decide: About how many samples would decide; null when decided, or when none would.
    """

    name: str
    value: FiniteFloat
    outcome: Outcome
    aggregate: str
    mean: FiniteFloat
    direction: Direction
    passes: FiniteFloat = Field(alias="pass")
    warns: FiniteFloat = Field(alias="warn")
    interval: Interval | None = None
    samples_to_decide: int | None = None


class Distribution(_Part):
    """Seconds: median, 95th percentile (both nearest rank) and arithmetic mean.

    An interval is null where too few values were measured for it: 6 for the median, 72 for the 95th.
    """

    p50: FiniteFloat
    p95: FiniteFloat
    mean: FiniteFloat
    p50_interval: Interval | None = None
    p95_interval: Interval | None = None


class DatasetReference(_Part):
    """The verified export that the samples came from."""

    path: str
    sha256: str
    content_sha256: str
    documents: int


class RunMetadata(_Part):
    """How the result came about.

    Attributes:
        model_name: The models that answered (live) or are recorded with the samples (dry).
        judge_model: Who scored: the toolkit's own measures, or what the samples record.
        sample_count: Samples chosen from the dataset.
        asked_count: Samples that were judged or sent; less than `sample_count` when a live run
            stopped because it was void already.
        errors: Failed samples by kind of error.
        retries: Requests that were repeated, counted over all samples.
        provenance: Samples by where their text comes from.
        machine: Processor architecture, cores and host name; runs of different machines are not compared.
    """

    model_name: str
    judge_model: str
    prompt_version: str
    prompt_sha256: str
    sample_count: int
    asked_count: int
    failed_count: int
    failed_allowed: int
    errors: dict[str, int]
    retries: int
    provenance: dict[str, int]
    dataset: DatasetReference
    mode: Mode
    max_concurrency: int | None
    duration_seconds: FiniteFloat
    started_at: AwareDatetime
    tool_version: str
    trace_id: str
    machine: str = "unknown"


class BenchmarkResult(_Part):
    """A benchmark run and its verdict.

    Attributes:
        overall: The worst metric; `void` when too many samples failed for any verdict.
        latency: None when no sample answered.
        ttft: Time to first token; None in a dry run or when nothing streamed.
    """

    scenario_id: str
    dataset_id: str
    overall: Outcome
    metrics: tuple[MetricResult, ...]
    latency: Distribution | None
    ttft: Distribution | None
    samples: tuple[SampleResult, ...]
    metadata: RunMetadata
