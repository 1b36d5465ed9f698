"""What the dataset holds and what the last benchmarks of it said."""

from typing import Final

from day23.domain.dashboard import (
    Colour,
    Dashboard,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    ValueName,
    Variable,
    falling,
    rising,
)

_VERDICTS = (
    ValueName(0, "PASS", Colour.GOOD),
    ValueName(1, "WARN", Colour.WARN),
    ValueName(2, "FAIL", Colour.BAD),
    ValueName(3, "VOID", Colour.NEUTRAL),
    ValueName(4, "UNDECIDED", Colour.NEUTRAL),
)
_DAYS = 30

_VERDICT = Section(
    "Verdicts",
    (
        Panel(
            "Latest benchmark outcome",
            "Verdict of the last run of each scenario, over all its metrics.",
            (
                PanelQuery(
                    'max by (scenario) (benchmark_run_outcome{scenario=~"$scenario"})',
                    "{{scenario}}",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.STAT,
            value_names=_VERDICTS,
            thresholds=rising(1, 2),
        ),
        Panel(
            "Metric outcome summary",
            "Verdict of each metric in the last run; it rests on the metric's 95 % interval, not on its mean.",
            (
                PanelQuery(
                    'max by (scenario, metric) (benchmark_metric_outcome{scenario=~"$scenario"})',
                    "{{scenario}} {{metric}}",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.TABLE,
            value_names=_VERDICTS,
            width=16,
        ),
        Panel(
            "Quality",
            "Mean of each quality metric in the last run, between 0 and 1.",
            (
                PanelQuery(
                    'max by (scenario, metric) (benchmark_metric_value{scenario=~"$scenario", metric!="latency_seconds"})',
                    "{{scenario}} {{metric}}",
                ),
            ),
            unit="percentunit",
            minimum=0,
            maximum=1,
            width=12,
        ),
        Panel(
            "Latency",
            "95th percentile of the answers' latency in the last run, with both ends of its 95 % interval.",
            (
                PanelQuery(
                    'max by (scenario) (benchmark_metric_value{scenario=~"$scenario", metric="latency_seconds"})',
                    "{{scenario}}",
                ),
                PanelQuery(
                    'max by (scenario, bound) (benchmark_metric_interval{scenario=~"$scenario", metric="latency_seconds"})',
                    "{{scenario}} {{bound}}",
                ),
            ),
            unit="s",
            minimum=0,
            width=12,
        ),
    ),
)

_DATASET = Section(
    "Dataset",
    (
        Panel(
            "Digests of each channel",
            f"Digests stored inside the recorded window; {_DAYS} are a full window.",
            (PanelQuery("max by (channel) (benchmark_digest_records_total)", "{{channel}}", instant=True),),
            unit="short",
            kind=PanelKind.BAR_GAUGE,
            thresholds=falling(_DAYS - 5, _DAYS),
            minimum=0,
            maximum=_DAYS,
        ),
        Panel(
            "Review reports of each channel",
            f"Review reports stored inside the recorded window; {_DAYS} are a full window.",
            (PanelQuery("max by (channel) (benchmark_review_records_total)", "{{channel}}", instant=True),),
            unit="short",
            kind=PanelKind.BAR_GAUGE,
            thresholds=falling(_DAYS - 5, _DAYS),
            minimum=0,
            maximum=_DAYS,
        ),
        Panel(
            "Real and synthetic",
            "Documents of the recorded window by where their text comes from. Synthetic ones only fill gaps.",
            (
                PanelQuery(
                    "sum by (collection, provenance) (benchmark_dataset_documents)",
                    "{{collection}} {{provenance}}",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.BAR_GAUGE,
            minimum=0,
        ),
    ),
)

_RUNS = Section(
    "Runs",
    (
        Panel(
            "Export time",
            "95th percentile of the exports' time inside the chosen window; the alert BenchmarkExportSlow fires above 60 s.",
            (
                PanelQuery(
                    "histogram_quantile(0.95, sum by (exporter, le) (benchmark_export_duration_seconds_bucket))",
                    "{{exporter}}",
                    instant=True,
                ),
            ),
            unit="s",
            kind=PanelKind.STAT,
            thresholds=rising(30, 60),
            minimum=0,
        ),
        Panel(
            "Benchmark time",
            "Mean time of one run of each scenario.",
            (
                PanelQuery(
                    'sum by (scenario) (benchmark_run_duration_seconds_sum{scenario=~"$scenario"})'
                    ' / sum by (scenario) (benchmark_run_duration_seconds_count{scenario=~"$scenario"})',
                    "{{scenario}}",
                    instant=True,
                ),
            ),
            unit="s",
            kind=PanelKind.STAT,
            minimum=0,
        ),
        Panel(
            "Runs so far",
            "Benchmark runs of each scenario whose metrics were kept.",
            (
                PanelQuery(
                    'sum by (scenario) (benchmark_run_duration_seconds_count{scenario=~"$scenario"})',
                    "{{scenario}}",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.STAT,
            minimum=0,
        ),
    ),
)

STAGE05_BENCHMARKS: Final = Dashboard(
    name="stage05-benchmarks",
    uid="stage05-bench",
    title="Stage 05 benchmarks",
    description="What the dataset holds, and what the last benchmarks of it said.",
    sections=(_VERDICT, _DATASET, _RUNS),
    variables=(Variable("scenario", "Scenario", "benchmark_run_outcome", "scenario"),),
    window_hours=24,
)
