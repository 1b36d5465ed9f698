"""Does the review pipeline keep its promise: reviews in time, few of them failed, the model behind it answering."""

from typing import Final

from day23.domain.dashboard import Dashboard, Panel, PanelKind, PanelQuery, Section, falling, rising
from day23.domain.service_levels import LLM_API, REVIEW_PIPELINE

SLO_REVIEW_PIPELINE: Final = Dashboard(
    name="slo-review-pipeline",
    uid="slo-review-pipeline",
    title="SLO - Review pipeline",
    description="Reviews of digests: time, success, and the LLM API that they and the digests rest on.",
    window_hours=24,
    sections=(
        Section(
            "Reviews",
            (
                Panel(
                    "Pipeline P95 latency",
                    f"95th percentile of all reviews so far; {REVIEW_PIPELINE.latency_seconds:g} s are promised.",
                    (
                        PanelQuery(
                            "histogram_quantile(0.95, sum by (le) (review_pipeline_duration_seconds_bucket))",
                            "p95",
                        ),
                        PanelQuery(f"vector({REVIEW_PIPELINE.latency_seconds:g})", "promised"),
                    ),
                    unit="s",
                    minimum=0,
                    width=12,
                ),
                Panel(
                    "Success rate",
                    f"Share of reviews that ended well, over all runs; {REVIEW_PIPELINE.objective:.0%} are promised.",
                    (
                        PanelQuery(
                            'sum(review_tasks_total{status="success"}) / sum(review_tasks_total)',
                            "success",
                            instant=True,
                        ),
                    ),
                    unit="percentunit",
                    kind=PanelKind.STAT,
                    thresholds=falling(0.95, REVIEW_PIPELINE.objective),
                    width=6,
                ),
                Panel(
                    "Reviews so far",
                    "Reviews by how they ended, over all runs.",
                    (PanelQuery("sum by (status) (review_tasks_total)", "{{status}}", instant=True),),
                    unit="short",
                    kind=PanelKind.STAT,
                    width=6,
                ),
            ),
        ),
        Section(
            "LLM API",
            (
                Panel(
                    "Completion P95 latency",
                    f"95th percentile of the model's time for a completion; {LLM_API.latency_seconds:g} s are promised.",
                    (
                        PanelQuery(
                            "histogram_quantile(0.95, sum by (model_name, le)"
                            " (rate(llm_inference_latency_seconds_bucket[$__rate_interval])))",
                            "{{model_name}}",
                        ),
                    ),
                    unit="s",
                    thresholds=rising(LLM_API.latency_seconds, LLM_API.alert_latency_seconds),
                    minimum=0,
                ),
                Panel(
                    "Tokens a second",
                    "Tokens the model read and wrote.",
                    (
                        PanelQuery(
                            "sum by (direction) (rate(llm_tokens_total[$__rate_interval]))", "{{direction}}"
                        ),
                    ),
                    unit="short",
                    minimum=0,
                ),
                Panel(
                    "Errors",
                    "Completions that failed inside the chosen window, by why.",
                    (
                        PanelQuery(
                            "sum by (error_type) (increase(llm_error_rate_total[$__range]))",
                            "{{error_type}}",
                            instant=True,
                        ),
                    ),
                    unit="short",
                    kind=PanelKind.STAT,
                    thresholds=rising(1, 20),
                    empty_by_design="no completion has failed since the LLM API started",
                ),
            ),
        ),
    ),
)
