"""What a playbook run came to, gathered from Ansible's events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text

from day23.domain.exit_codes import ExitCode

Event = Mapping[str, Any]
"""An event of ansible-runner: `event`, `event_data`, `stdout`."""

_MODULE_PREFIX = "day23_"
_NOISE_EVENTS = frozenset({"verbose", "error", "warning", "deprecated", "system_warning"})
_OWN_KEYS = frozenset({"invocation", "exception", "warnings", "deprecations"})
_HOST_LOST = "Next: when the host answers again, type the same again; what was begun there ends by itself"


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A task that stopped its host."""

    task: str
    host: str
    message: str
    exit_code: int | None

    def __str__(self) -> str:
        return self.message


@dataclass(slots=True)
class PlaybookOutcome:
    """Collects the events of one run.

    Attributes:
        status: `successful`, `failed`, `canceled`, ... as ansible-runner says.
        results: What our modules returned, by module name without prefix, in the order of the play.
        totals: `ok`, `changed`, `failures`, ... summed over hosts.
        seconds: How long the run took.
        module_seconds: How long the calls of each of our modules took together, their start included.
    """

    status: str = "unknown"
    seconds: float = 0.0
    results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    module_seconds: dict[str, float] = field(default_factory=dict)
    _failures: list[TaskFailure] = field(default_factory=list)
    _noise: list[str] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take in one event."""
        kind, data = str(event.get("event", "")), event.get("event_data") or {}
        if kind in _NOISE_EVENTS:
            self._noise.append(Text.from_ansi(str(event.get("stdout", ""))).plain.strip())
        elif kind == "playbook_on_stats":
            self.totals = {key: sum(value.values()) for key, value in data.items() if _is_count(value)}
        elif kind in {"runner_on_failed", "runner_item_on_failed", "runner_on_unreachable"}:
            self._add_failure(data)
        if kind in {"runner_on_ok", "runner_item_on_ok", "runner_on_failed", "runner_item_on_failed"}:
            self._add_result(data)

    @property
    def exit_code(self) -> int:
        """What the process should leave with."""
        if self.status == "successful":
            return ExitCode.DONE
        if self.status == "canceled":
            return ExitCode.INTERRUPTED
        told = [failure.exit_code for failure in self._failures if failure.exit_code is not None]
        return told[-1] if told else ExitCode.ERROR

    @property
    def message(self) -> str:
        """Why the run failed, each cause once; empty when it did not."""
        if self.status == "successful":
            return ""
        if self.status == "canceled":
            return "interrupted"
        causes = list(dict.fromkeys(str(failure) for failure in self._last_failures()))
        printed = [line for line in self._noise if line]
        return "\n".join(causes or printed) or f"ansible-playbook ended as {self.status}"

    def returned(self, module: str, key: str) -> Any:
        """Return `key` of the last result of a module that has it; None when none has."""
        values = [result[key] for result in self.results.get(module, []) if key in result]
        return values[-1] if values else None

    def document(self) -> dict[str, Any]:
        """Return the outcome as the JSON document that `--json` prints."""
        return {
            "status": self.status,
            "exit_code": int(self.exit_code),
            "error": self.message or None,
            "seconds": round(self.seconds, 3),
            "module_seconds": {name: round(spent, 3) for name, spent in self.module_seconds.items()},
            "totals": self.totals,
            "results": self.results,
        }

    def _last_failures(self) -> list[TaskFailure]:
        """A rescued task fails too: only the last failure of each host ended it."""
        return list({failure.host: failure for failure in self._failures}.values())

    def _add_failure(self, data: Mapping[str, Any]) -> None:
        result = data.get("res") or {}
        if data.get("ignore_errors") or "results" in result:
            return
        message = str(result.get("msg") or result.get("stderr") or "failed without a message").strip()
        message += _cause_of_no_result(str(result.get("module_stderr") or ""))
        message = f"{message}\n{_HOST_LOST}" if result.get("unreachable") else message
        task, host = str(data.get("task")), str(data.get("host"))
        self._failures.append(TaskFailure(task, host, message, result.get("exit_code")))

    def _add_result(self, data: Mapping[str, Any]) -> None:
        action, result = str(data.get("task_action", "")), data.get("res") or {}
        if not action.startswith(_MODULE_PREFIX) or "results" in result:
            return
        module = action.removeprefix(_MODULE_PREFIX)
        spent = self.module_seconds.get(module, 0.0) + float(data.get("duration") or 0.0)
        self.module_seconds[module] = spent
        public = {key: value for key, value in result.items() if not _is_internal(key)}
        self.results.setdefault(module, []).append(public)


def _cause_of_no_result(errors: str) -> str:
    """Return what Python, or what is in its place, said where a module had no result."""
    lines = errors.strip().splitlines()
    if not lines:
        return ""
    return f": {lines[-1] if lines[0].startswith('Traceback') else lines[0]}"


def _is_internal(key: str) -> bool:
    return key.startswith("_ansible") or key in _OWN_KEYS


def _is_count(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(number, int) for number in value.values())
