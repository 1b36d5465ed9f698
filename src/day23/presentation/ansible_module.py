"""Glue between an Ansible module file and the plain function that does its work."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.domain.placement import Network, Placement
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.wiring.stack_words import stack_words

ModuleResult = dict[str, Any]
"""What the module returns: `changed` and the keys of its RETURN block."""

Handler = Callable[[Mapping[str, Any], bool], ModuleResult]
"""Takes the module's parameters and whether this is check mode."""

STACK_ARGUMENT: dict[str, Any] = {
    "type": "dict",
    "required": True,
    "options": {
        "root": {"type": "path", "required": True},
        "engine": {"type": "str", "required": True},
        "bind": {"type": "str", "default": "127.0.0.1"},
        "repository": {"type": "path", "required": True},
        "cache_dir": {"type": "path", "default": "~/.cache/day23"},
        "trace_id": {"type": "str"},
        "network": {"type": "str", "default": "host", "choices": [network.value for network in Network]},
        "project": {"type": "str"},
    },
}
"""Argument spec of the option `stack`; documented in `doc_fragments/day23_stack.py`."""


def stack_context(params: Mapping[str, Any]) -> StackContext:
    """Return the option `stack` of a module's parameters; relative roots start at the repository."""
    stack = params["stack"]
    repository = Path(stack["repository"]).expanduser().resolve()
    return StackContext(
        paths=StackPaths((repository / Path(stack["root"]).expanduser()).resolve()),
        engine=stack["engine"],
        bind=stack.get("bind") or "127.0.0.1",
        repository=repository,
        cache_dir=Path(stack.get("cache_dir") or "~/.cache/day23").expanduser(),
        trace_id=stack.get("trace_id") or None,
        placement=Placement(Network(stack.get("network") or Network.HOST), stack.get("project") or ""),
    )


def run(module: AnsibleModule, handler: Handler) -> None:
    """Call `handler` and leave through `exit_json` or `fail_json`; people never see a traceback."""
    try:
        result = handler(module.params, bool(module.check_mode))
    except ToolkitError as error:
        module.fail_json(msg=_for_this_stack(str(error), module.params), exit_code=int(error.exit_code))
    except ValidationError as error:
        module.fail_json(msg=describe(error), exit_code=int(ExitCode.USAGE))
    except KeyboardInterrupt:
        module.fail_json(msg="interrupted", exit_code=int(ExitCode.INTERRUPTED))
    else:
        module.exit_json(**result)


def _for_this_stack(message: str, params: Mapping[str, Any]) -> str:
    """Return the message with its commands about the stack that the module works on."""
    if "stack" not in params:
        return message
    context = stack_context(params)
    return stack_words(context.paths, context.repository).completed(message)


def describe(error: ValidationError) -> str:
    """Return one line per wrong field: key, value and the rule it breaks."""
    lines = []
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"]) or error.title
        lines.append(f"{error.title}.{key}: {problem['msg']} (got {problem['input']!r:.120})")
    return "\n".join(lines)
