"""Every command is counted where there is a stack, and works where there is none."""

from pathlib import Path

import click
import pytest

from day23.domain.exit_codes import ExitCode
from day23.domain.live_values import LogLine, Span
from day23.presentation.cli.command import run_command
from day23.presentation.cli.main import day23
from day23.presentation.cli.trace_show import trace_tree


def run(monkeypatch: pytest.MonkeyPatch, root: Path, command: click.Command, *words: str) -> int:
    monkeypatch.setenv("DAY23_STACK_ROOT", str(root))
    with pytest.raises(SystemExit) as ended:
        run_command(command, words)
    return int(str(ended.value.code))


def test_outcomes_are_counted_over_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    verdict = click.Command("run-benchmark", callback=lambda: ExitCode.VERDICT_FAIL)
    assert run(monkeypatch, tmp_path, verdict) == ExitCode.VERDICT_FAIL
    assert run(monkeypatch, tmp_path, verdict) == ExitCode.VERDICT_FAIL
    assert run(monkeypatch, tmp_path, verdict, "--nope") == ExitCode.USAGE
    text = (tmp_path / "run/metrics/cli.prom").read_text()
    assert 'cli_command_total{command="run-benchmark",status="success"} 2.0' in text
    assert 'cli_command_errors_total{command="run-benchmark",error_type="usage"} 1.0' in text
    assert 'cli_command_duration_seconds_count{command="run-benchmark"} 3.0' in text


def test_a_command_of_a_group_is_counted_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    assert (
        run(monkeypatch, tmp_path / "elsewhere", day23, "trace", "show", "--stack-root", str(tmp_path)) == 64
    )
    assert 'command="trace-show"' in (tmp_path / "run/metrics/cli.prom").read_text()


def test_without_a_stack_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path / "none", day23, "--version") == 0
    assert list(tmp_path.iterdir()) == []


def test_every_word_of_day23_leads_to_a_command() -> None:
    context = click.Context(day23)
    for group in day23.commands.values():
        assert isinstance(group, click.Group)
        names = group.list_commands(context)
        assert names
        assert [name for name in names if group.get_command(context, name) is None] == []


def test_log_lines_hang_below_the_span_they_were_written_in() -> None:
    moment = "2026-01-01T00:00:00Z"
    common = {
        "trace_id": "0" * 32,
        "service": "seed",
        "start_time": moment,
        "duration_ms": 5.0,
        "status": "ok",
    }
    root = Span.model_validate({**common, "span_id": "a", "parent_id": None, "name": "seed"})
    child = Span.model_validate({**common, "span_id": "b", "parent_id": "a", "name": "seed.channel"})
    line = LogLine.model_validate(
        {"timestamp": moment, "labels": {"span_id": "b", "event": "stored", "level": "info"}, "text": "{}"}
    )
    top = trace_tree([root, child], [line]).children[0]
    assert "seed" in str(top.label)
    assert "seed.channel" in str(top.children[0].label)
    assert "stored" in str(top.children[0].children[0].label)
