from typing import Any

import pytest

from day23.presentation.playbook_outcome import PlaybookOutcome


def _event(kind: str, result: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    return {
        "event": kind,
        "stdout": "",
        "event_data": {"task": "a task", "host": "localhost", "res": result or {}, **data},
    }


def _outcome(status: str, *events: dict[str, Any]) -> PlaybookOutcome:
    outcome = PlaybookOutcome(status=status)
    for event in events:
        outcome.add(event)
    return outcome


def test_a_failed_module_says_why_and_with_which_code() -> None:
    outcome = _outcome(
        "failed", _event("runner_on_failed", {"msg": "another run holds the lock", "exit_code": 75})
    )

    assert (outcome.exit_code, outcome.message) == (75, "another run holds the lock")


@pytest.mark.parametrize(
    ("status", "code"), [("successful", 0), ("failed", 1), ("canceled", 130), ("timeout", 1)]
)
def test_the_status_alone_decides_where_no_module_told_a_code(status: str, code: int) -> None:
    assert _outcome(status).exit_code == code


def test_a_rescued_failure_is_not_the_reason() -> None:
    outcome = _outcome(
        "failed",
        _event("runner_on_failed", {"msg": "port 9090 is in use", "exit_code": 1}),
        _event("runner_on_failed", {"msg": "the stack is not up"}),
    )

    assert outcome.message == "the stack is not up"
    assert _outcome("successful", _event("runner_on_failed", {"msg": "rescued"})).message == ""


def test_ignored_failures_do_not_count() -> None:
    outcome = _outcome("failed", _event("runner_on_failed", {"msg": "never mind"}, ignore_errors=True))

    assert "never mind" not in outcome.message


def test_a_loop_fails_with_its_items_message() -> None:
    outcome = _outcome(
        "failed",
        _event("runner_item_on_failed", {"msg": "verdict fail", "exit_code": 2}),
        _event("runner_on_failed", {"msg": "One or more items failed", "results": [{}]}),
    )

    assert (outcome.exit_code, outcome.message) == (2, "verdict fail")


def test_a_playbook_that_never_started_shows_what_ansible_printed() -> None:
    outcome = _outcome("failed", {"event": "verbose", "stdout": "[ERROR]: couldn't resolve module/action"})

    assert "couldn't resolve module" in outcome.message


def test_an_unreachable_host_is_a_failure_and_tells_what_to_do() -> None:
    outcome = _outcome(
        "failed", _event("runner_on_unreachable", {"msg": "Failed to connect", "unreachable": True})
    )

    assert outcome.message.startswith("Failed to connect\nNext: when the host answers again")


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        (
            "pyenv: python3.13: command not found\n\nNote: See 'pyenv help'",
            "pyenv: python3.13: command not found",
        ),
        ("Traceback (most recent call last):\n  x\nImportError: no day23\n", "ImportError: no day23"),
    ],
)
def test_a_module_without_a_result_tells_what_was_said_in_its_place(errors: str, told: str) -> None:
    result = {"msg": "Module result deserialization failed", "module_stderr": errors}
    outcome = _outcome("failed", _event("runner_on_failed", result))
    assert outcome.message.endswith(f"deserialization failed: {told}")


def test_results_of_our_modules_are_kept_without_ansibles_own_keys() -> None:
    result = {
        "changed": True,
        "action": "started",
        "invocation": {"module_args": {}},
        "_ansible_no_log": False,
    }
    outcome = _outcome(
        "successful",
        _event("runner_on_ok", result, task_action="day23_service"),
        _event("runner_on_ok", {"msg": "hello"}, task_action="ansible.builtin.debug"),
    )

    assert outcome.results == {"service": [{"changed": True, "action": "started"}]}
    assert outcome.returned("service", "action") == "started"
    assert outcome.returned("service", "missing") is None
    assert outcome.returned("seed", "summary") is None


def test_the_json_document_holds_totals_results_and_the_reason() -> None:
    stats = {"event": "playbook_on_stats", "event_data": {"ok": {"a": 2, "b": 3}, "changed": {}, "pid": 4}}
    document = _outcome("failed", _event("runner_on_failed", {"msg": "boom"}), stats).document()

    assert document["totals"] == {"ok": 5, "changed": 0}
    assert (document["status"], document["exit_code"], document["error"]) == ("failed", 1, "boom")


def test_the_calls_of_a_module_are_added_up() -> None:
    calls = [
        _event("runner_on_ok", task_action=action, duration=seconds)
        for action, seconds in (("day23_service", 0.5), ("day23_ready", 1.0), ("day23_service", 0.25))
    ]

    outcome = _outcome("successful", *calls, _event("runner_on_ok", task_action="debug", duration=9.0))

    assert outcome.document()["module_seconds"] == {"service": 0.75, "ready": 1.0}
