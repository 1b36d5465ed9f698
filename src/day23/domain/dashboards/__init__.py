"""The dashboards of the stack, one module each."""

from typing import Final

from day23.domain.dashboard import Dashboard
from day23.domain.dashboards.logs import LOGS
from day23.domain.dashboards.rag_variance import RAG_VARIANCE
from day23.domain.dashboards.restart_validation import RESTART_VALIDATION
from day23.domain.dashboards.shared_infra import SHARED_INFRA
from day23.domain.dashboards.slo_butler_bot import SLO_BUTLER_BOT
from day23.domain.dashboards.slo_mcp_server import SLO_MCP_SERVER
from day23.domain.dashboards.slo_review_pipeline import SLO_REVIEW_PIPELINE
from day23.domain.dashboards.stage05_benchmarks import STAGE05_BENCHMARKS

DASHBOARDS: Final[tuple[Dashboard, ...]] = (
    SHARED_INFRA,
    SLO_REVIEW_PIPELINE,
    SLO_MCP_SERVER,
    SLO_BUTLER_BOT,
    STAGE05_BENCHMARKS,
    RESTART_VALIDATION,
    RAG_VARIANCE,
    LOGS,
)
"""Every dashboard, in the order in which a person would look at them."""
