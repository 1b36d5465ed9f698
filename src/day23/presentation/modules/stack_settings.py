"""Settings and paths of a module that works on one stack."""

from day23.domain.stack_context import StackContext
from day23.settings import Settings


def stack_settings(context: StackContext) -> Settings:
    """Return settings whose addresses come from the stack's own records.

    A module never follows `MONGODB_URL` or `LLM_URL`: what a shell has exported may name another stack.
    """
    return Settings().model_copy(
        update={
            "stack_root": context.paths.root,
            "cache_dir": context.cache_dir,
            "trace_id": context.trace_id,
            "mongodb_url": None,
            "llm_url": None,
            "llm_api_key": None,
            "prometheus_url": None,
            "loki_url": None,
        }
    )
