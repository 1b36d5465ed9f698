"""RAG++ reranking: does the same question get the same order, and how often does it fall back."""

from typing import Final

from day23.domain.dashboard import Dashboard, Panel, PanelKind, PanelQuery, Section, rising

_NOT_YET = "the RAG++ reranker fills it; no run of it has been recorded"

RAG_VARIANCE: Final = Dashboard(
    name="rag_variance",
    uid="rag-variance",
    title="RAG variance",
    description="RAG++ reranking: spread between runs of one question, fallbacks and their reasons, time taken.",
    sections=(
        Section(
            "Stability",
            (
                Panel(
                    "Variance ratio",
                    "Spread of the reranker's scores between runs; the alert RAGVarianceThresholdExceeded watches it.",
                    (PanelQuery('max by (window) (rag_variance_ratio{window="current"})', "{{window}}"),),
                    unit="percentunit",
                    thresholds=rising(0.35, 0.5),
                    minimum=0,
                    width=16,
                    empty_by_design=_NOT_YET,
                ),
                Panel(
                    "Fallbacks by reason",
                    "How often the reranker gave up inside the chosen window and the plain order was kept.",
                    (
                        PanelQuery(
                            "sum by (reason) (increase(rag_fallback_reason_total[$__range]))",
                            "{{reason}}",
                            instant=True,
                        ),
                    ),
                    unit="short",
                    kind=PanelKind.BAR_GAUGE,
                    thresholds=rising(1, 10),
                    minimum=0,
                    empty_by_design=_NOT_YET,
                ),
            ),
        ),
        Section(
            "Cost",
            (
                Panel(
                    "Rerank time",
                    "95th percentile of the time one reranking took, by strategy.",
                    (
                        PanelQuery(
                            "histogram_quantile(0.95, sum by (strategy, le)"
                            " (rate(rag_rerank_duration_seconds_bucket[$__rate_interval])))",
                            "{{strategy}}",
                        ),
                    ),
                    unit="s",
                    minimum=0,
                    width=16,
                    empty_by_design=_NOT_YET,
                ),
                Panel(
                    "Chunks left out",
                    "Chunks that the filter dropped inside the chosen window, by why.",
                    (
                        PanelQuery(
                            "sum by (category) (increase(rag_chunks_filtered_total[$__range]))",
                            "{{category}}",
                            instant=True,
                        ),
                    ),
                    unit="short",
                    kind=PanelKind.BAR_GAUGE,
                    minimum=0,
                    empty_by_design=_NOT_YET,
                ),
            ),
        ),
    ),
)
