"""A finished run with known figures, for everything that shows runs."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from day23.domain.live_values import LogLine, Series, Span
from day23.domain.run_report import (
    AuditRow,
    BenchmarkRow,
    ChannelRow,
    DayRow,
    ExportRow,
    LiveQuery,
    LogFindings,
    MetricRow,
    RunReport,
    ServiceRow,
    TimingRow,
)
from day23.domain.verdict import Outcome

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
START = datetime(2025, 11, 20, 10, 15, tzinfo=UTC)
CHANNELS = ("@onaboka", "@alexgladkovblog", "@ctorecords", "@xor_journal", "@tired_glebmikheev")


@pytest.fixture(scope="session")
def finished() -> RunReport:
    return finished_run()


@pytest.fixture
def run(finished: RunReport) -> RunReport:
    return finished


@pytest.fixture
def empty_run(finished: RunReport) -> RunReport:
    """A run of which nothing could be read."""
    sections = ("channels", "audit", "exports", "benchmarks", "days")
    live = ("services", "logs", "spans", "live", "urls")
    gaps = dict.fromkeys(sections, "this step left no evidence")
    gaps |= dict.fromkeys(live, "not reachable: no answer: connection refused")
    absent = dict.fromkeys((*sections, "services", "logs", "spans", "window_start", "window_end"))
    return finished.model_copy(
        update={
            **absent,
            "live": tuple(query.model_copy(update={"series": None}) for query in finished.live),
            "timings": (),
            "urls": {},
            "total_seconds": None,
            "gaps": gaps,
        }
    )


def finished_run() -> RunReport:
    dice = random.Random(23)  # noqa: S311  (the same figures each time)
    return RunReport(
        run_id="20251120T101500Z-9f2c41",
        trace_id=TRACE,
        tool_version="0.1.0",
        generated_at=START + timedelta(seconds=84),
        total_seconds=84.0,
        window_start=datetime(2025, 10, 22, tzinfo=UTC),
        window_end=datetime(2025, 11, 21, tzinfo=UTC),
        services=services(),
        channels=tuple(channel(name, number) for number, name in enumerate(CHANNELS)),
        days=tuple(day(name, number, dice) for name in CHANNELS for number in range(30)),
        audit=tuple(audit(name) for name in CHANNELS),
        exports=(export("digests", 1_843_211), export("review_reports", 912_004)),
        benchmarks=benchmarks(dice),
        timings=(
            TimingRow(step="bring the stack up", seconds=21.4),
            TimingRow(step="bootstrap", seconds=0.3),
            TimingRow(step="seed", seconds=17.9),
            TimingRow(step="verify", seconds=0.6),
            TimingRow(step="export", seconds=0.9),
            TimingRow(step="benchmark", seconds=24.2),
        ),
        live=live(),
        logs=logs(),
        spans=spans(),
        notes=("ctorecords: 2 days without posts were backfilled synthetically",),
        gaps={},
        urls={"Prometheus": "http://127.0.0.1:9090/graph", "Loki": "http://127.0.0.1:3100/ready"},
    )


def services() -> tuple[ServiceRow, ...]:
    sizes = {"mongodb": 141, "loki": 118, "prometheus": 92, "collector": 71, "llm_api": 63}
    running = tuple(
        ServiceRow(
            name=name,
            state="running",
            ready=name != "alertmanager",
            endpoint=f"127.0.0.1:{port}",
            version=version,
            uptime_seconds=72.0,
            memory_bytes=sizes.get(name, 24) * 1024 * 1024,
            reason="" if name != "alertmanager" else "/-/ready answers 503",
        )
        for name, port, version in (
            ("alertmanager", 9093, "0.32.2"),
            ("collector", 13133, "0.155.0"),
            ("llm_api", 8000, "0.1.0"),
            ("loki", 3100, "3.7.8"),
            ("mongodb", 27017, "8.0.4"),
            ("node_exporter", 9100, "1.10.2"),
            ("prometheus", 9090, "3.9.1"),
        )
    )
    skipped = ServiceRow(
        name="grafana",
        state="skipped",
        ready=None,
        endpoint="",
        version="",
        uptime_seconds=None,
        memory_bytes=None,
        reason="no Grafana on this host; set grafana_home to an installed one",
    )
    return (*running, skipped)


def channel(name: str, number: int) -> ChannelRow:
    return ChannelRow(
        channel=name,
        digests=30,
        review_reports=30,
        telegram=30 - number,
        synthetic=number,
        posts_read=412 - 40 * number,
        posts_used=180 - 20 * number,
    )


def day(name: str, number: int, dice: random.Random) -> DayRow:
    return DayRow(
        channel=name,
        day=date(2025, 10, 22) + timedelta(days=number),
        posts=dice.randint(3, 14),
        provenance="synthetic" if number < CHANNELS.index(name) else "telegram",
    )


def audit(name: str) -> AuditRow:
    wrong = name == "@xor_journal"
    return AuditRow(
        channel=name,
        passed=not wrong,
        digests=30,
        review_reports=30,
        missing_days=(date(2025, 11, 3),) if wrong else (),
        violations=0,
    )


def export(name: str, octets: int) -> ExportRow:
    return ExportRow(
        exporter=name,
        path=f"/srv/day23/data/benchmarks/exports/2025-11-20/{name}.jsonl",
        documents=150,
        bytes=octets,
        sha256="ab" * 32,
        content_sha256="cd" * 32,
        provenance={"telegram": 140, "synthetic": 10},
        seconds=0.41,
    )


def benchmarks(dice: random.Random) -> tuple[BenchmarkRow, ...]:
    return (
        benchmark("channel_digest_ru", "dry", Outcome.PASS, 0.93, dice),
        benchmark("channel_digest_ru", "live", Outcome.WARN, 0.86, dice),
        benchmark("review_summary_ru", "dry", Outcome.PASS, 0.91, dice),
        benchmark("review_summary_ru", "live", Outcome.FAIL, 0.71, dice),
    )


def benchmark(scenario: str, mode: str, overall: Outcome, score: float, dice: random.Random) -> BenchmarkRow:
    latencies = tuple(round(dice.lognormvariate(-3.2, 0.5), 4) for _ in range(150))
    ordered = sorted(latencies)
    quality = ("coverage", "accuracy", "coherence", "informativeness")
    return BenchmarkRow(
        scenario=scenario,
        dataset="benchmark_digest_ru_v1" if "digest" in scenario else "benchmark_review_ru_v1",
        mode=mode,
        overall=overall,
        metrics=(
            *(metric(name, score + 0.01 * number, overall) for number, name in enumerate(quality)),
            MetricRow(
                name="latency_seconds",
                value=ordered[142],
                aggregate="p95",
                passes=210,
                warns=240,
                outcome=Outcome.PASS,
            ),
        ),
        samples=150,
        failed=1 if overall is Outcome.FAIL else 0,
        model="extractive-lexrank-ru-v1",
        judge="deterministic-ru-v1",
        seconds=6.1,
        latency_p50=ordered[74],
        latency_p95=ordered[142],
        latencies=latencies,
        first_tokens=(),
    )


def metric(name: str, value: float, outcome: Outcome) -> MetricRow:
    return MetricRow(name=name, value=value, aggregate="mean", passes=0.88, warns=0.8, outcome=outcome)


def live() -> tuple[LiveQuery, ...]:
    counts = tuple(
        Series(
            labels={
                "__name__": "benchmark_digest_records_total",
                "channel": name.removeprefix("@"),
                "instance": "127.0.0.1:9100",
                "job": "node",
            },
            value=30,
        )
        for name in CHANNELS
    )
    targets = tuple(
        Series(labels={"__name__": "up", "job": job, "instance": f"127.0.0.1:{port}"}, value=1)
        for job, port in (("loki", 3100), ("node", 9100), ("llm-api", 8000))
    )
    return (
        LiveQuery(meaning="Scrape targets that answer", promql="up", series=targets),
        LiveQuery(
            meaning="Digests stored per channel", promql="benchmark_digest_records_total", series=counts
        ),
        LiveQuery(meaning="Bootstrap steps", promql="shared_infra_bootstrap_status", series=()),
    )


def logs() -> LogFindings:
    lines = tuple(
        LogLine(
            timestamp=START + timedelta(seconds=22 + number),
            labels={"service": "seed", "level": "warning" if number == 3 else "info"},
            text=f'{{"event":"channel seeded","channel":"{name[1:]}","documents":30,"trace_id":"{TRACE}"}}',
        )
        for number, name in enumerate(CHANNELS)
    )
    return LogFindings(
        logql=f'{{service=~".+"}} | trace_id="{TRACE}"',
        written=12,
        per_service={"seed": 7, "export": 5},
        lines=lines,
    )


def spans() -> tuple[Span, ...]:
    seed = span("a1", None, "seed", 21.7, 17.9)
    children = (
        span(f"b{number}", "a1", "seed.channel", 21.8 + 3.4 * number, 3.3, channel=name[1:])
        for number, name in enumerate(CHANNELS)
    )
    export_root = span("c1", None, "export", 40.5, 0.9)
    collection = span("c2", "c1", "export.collection", 40.6, 0.41, exporter="digests")
    root = span("d1", None, "benchmark", 42.0, 24.2)
    samples = (span(f"e{number}", "d1", "benchmark.sample", 42.1 + number * 0.7, 0.6) for number in range(30))
    return (seed, *children, export_root, collection, root, *samples)


def span(identity: str, parent: str | None, name: str, after: float, took: float, **attributes: str) -> Span:
    return Span(
        span_id=identity,
        trace_id=TRACE,
        parent_id=parent,
        name=name,
        service=name.partition(".")[0],
        start_time=START + timedelta(seconds=after),
        duration_ms=took * 1000,
        status="ok",
        attributes=attributes,
    )
