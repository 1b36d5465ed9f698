"""The record of one benchmark run: what `--output` and `data/benchmarks/results` hold."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat

from day23.domain.client_workers import ClientWorkers
from day23.domain.load_schedule import Load
from day23.domain.pair_judgement import JudgedPair, PairJudgement
from day23.domain.run_validity import Calibration
from day23.domain.sample_times import SampleTimes
from day23.domain.server_facts import ServerFacts
from day23.domain.statistics.average import Average
from day23.domain.statistics.comparison import Comparison
from day23.domain.statistics.interval import Interval
from day23.domain.summary_faults import Fault
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
        first_token_seconds: From the intended send time to the first content; null in a dry run.
        times: The moments of the request; null in a dry run and for a sample that failed.
        overlap: How near the answer is to the recorded summary; empty as above.
        faults: What `domain.summary_faults` finds in the summary; null for a sample that failed.
        judged: What the LLM judge's votes amount to; null where it was not asked, or told too little.
    """

    sample_id: str
    channel: str
    metrics: tuple[SampleMetric, ...] = ()
    verdict: Outcome | None = None
    notes: str | None = None
    first_token_seconds: FiniteFloat | None = None
    times: SampleTimes | None = None
    overlap: dict[str, FiniteFloat] = {}
    faults: tuple[Fault, ...] | None = None
    judged: JudgedPair | None = None


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
    """Median, 95th and 99th percentile (nearest rank) and arithmetic mean of seconds or tokens per second.

    An interval is null where too few values were measured for it: 6 for the median, 72 for the 95th. The
    99th percentile itself is null below 368 values: it would be little else than the greatest of them.
    """

    p50: FiniteFloat
    p95: FiniteFloat
    p99: FiniteFloat | None = None
    mean: FiniteFloat
    p50_interval: Interval | None = None
    p95_interval: Interval | None = None
    p99_interval: Interval | None = None


class FaultCount(_Part):
    """How many of the answered samples carry a fault, and where the share of such summaries lies."""

    summaries: int
    of: int
    interval: Interval | None


class DatasetReference(_Part):
    """The verified export that the samples came from."""

    path: str
    sha256: str
    content_sha256: str
    documents: int


class SideBySide(_Part):
    """The server that is measured against another one that was asked in turns with it.

    Attributes:
        url: Of the server beside.
        model_name: The models that answered there.
        server: What it told about itself.
        errors: Samples that failed there, by kind of error.
        latency: Of the server beside, as `BenchmarkResult.latency`.
        metrics: Change from the server beside to the one that is measured; empty in a void run.
    """

    url: str
    model_name: str
    server: ServerFacts | None
    errors: dict[str, int]
    latency: Distribution | None
    metrics: dict[str, Comparison]


class RunMetadata(_Part):
    """How the result came about.

    Attributes:
        model_name: The models that answered (live) or are recorded with the samples (dry).
        judge_model: Who scored: the toolkit's own measures, or what the samples record.
        sample_count: Samples chosen from the dataset.
        asked_count: Samples that were judged or sent; less than `sample_count` when a live run
            stopped because it was void already.
        errors: Failed samples by kind of error; an HTTP status is a kind of its own.
        retries: Requests that were repeated, counted over all samples.
        provenance: Samples by where their text comes from.
        machine: Processor architecture, cores and host name; runs of different machines are not compared.
        max_tokens: Longest answer that was asked for.
        load: How requests were offered; null in a dry run.
        warm_up: Requests before the first that counts.
        resumed: Samples taken over from an interrupted run.
        calibration: What the client achieves against a stub; null when it was not measured.
        server: What the endpoint told about itself; null in a dry run.
        void_reasons: Why the run supports no verdict; empty when it does.
        rate: Answers per second that were achieved.
        environment: Facts of the host that move latencies, such as the CPU governor.
        seed: Of a Poisson schedule and of a random choice of samples; null in records older than it.
        workers: The client processes that the load was dealt to; null when it was one alone.
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
    max_tokens: int | None = None
    load: Load | None = None
    warm_up: int = 0
    resumed: int = 0
    calibration: Calibration | None = None
    server: ServerFacts | None = None
    void_reasons: tuple[str, ...] = ()
    rate: FiniteFloat | None = None
    environment: dict[str, str] = {}
    seed: int | None = None
    workers: ClientWorkers | None = None


class BenchmarkResult(_Part):
    """A benchmark run and its verdict.

    Attributes:
        overall: The worst metric; `void` when too many samples failed for any verdict.
        latency: From the intended send time, or as stored; None when no sample answered.
        service: From the sending of the attempt that was answered; None in a dry run, as all below.
        ttft: From the intended send time to the first content; None when nothing streamed, too.
        inter_token: Mean time between the tokens of each answer.
        tokens_per_second: Tokens of each answer per second of service, by the server's count.
        overlap: chrF and ROUGE against the recorded summaries: how far answers moved, not how good they are.
        faults: Summaries by fault; they inform, the verdict comes from the metrics.
        judgement: What an LLM judge thinks; null without one. It changes no verdict.
        beside: How another server did that was asked in turns; null without one. It changes no verdict.
    """

    scenario_id: str
    dataset_id: str
    overall: Outcome
    metrics: tuple[MetricResult, ...]
    latency: Distribution | None
    ttft: Distribution | None
    service: Distribution | None = None
    inter_token: Distribution | None = None
    tokens_per_second: Distribution | None = None
    overlap: dict[str, Average] = {}
    faults: dict[Fault, FaultCount] = {}
    judgement: PairJudgement | None = None
    beside: SideBySide | None = None
    samples: tuple[SampleResult, ...]
    metadata: RunMetadata
