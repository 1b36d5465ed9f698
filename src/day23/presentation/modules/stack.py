"""What the module `day23_stack` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.application.prepare_stack import Preparation
from day23.domain.stack_context import StackContext
from day23.domain.stack_environment import StackEnvironment
from day23.domain.stack_words import StackWords
from day23.presentation.ansible_module import ModuleResult, stack_context
from day23.wiring.stack import prepare_stack


def handle(params: Mapping[str, Any], check_mode: bool) -> ModuleResult:
    """Prepare the stack root, or in check mode say what that would change."""
    context = stack_context(params)
    env_file = context.repository / Path(params["env_file"] or ".env.infra").expanduser()
    environment, words = _environment(context, params), _words(context, params["brought_up_with"])
    use_case = prepare_stack(context, params["secrets"], env_file, environment, words)
    preparation = Preparation(
        lock_purpose=params["lock"] or None,
        trace_id=context.trace_id,
        run_id=params["run_id"] or None,
    )
    prepared = use_case.predict(preparation) if check_mode else use_case.run(preparation)
    return {
        "changed": bool(prepared.changes),
        "changes": list(prepared.changes),
        "trace_id": prepared.trace_id,
        "run_id": prepared.run_id,
        "diff": {"prepared": "".join(f"{change}\n" for change in prepared.changes)},
    }


def _words(context: StackContext, brought_up_with: Mapping[str, Any] | None) -> StackWords | None:
    if brought_up_with is None:
        return None
    return StackWords.of(context.paths.root, context.repository, **brought_up_with)


def _environment(context: StackContext, params: Mapping[str, Any]) -> StackEnvironment:
    ports = params["ports"]
    address = {name: f"{context.bind}:{ports[name]}" for name in ("mongodb", "llm_api", "prometheus")}
    return StackEnvironment(
        **address,
        llm_model=params["llm_model"],
        database=params["database"],
        dataset_dir=context.repository / Path(params["dataset_dir"]).expanduser(),
        repository=context.repository,
    )
