"""A file that is no dashboard is named with its place."""

import json
from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.grafana.dashboard_reader import read_dashboard

COMMITTED = Path(__file__).resolve().parents[4] / "grafana/dashboards/logs.json"


def test_broken_json_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "logs.json"
    path.write_text(COMMITTED.read_text().replace('"refresh": "30s"', '"refresh": 30s'))

    with pytest.raises(ToolkitError) as refusal:
        read_dashboard(path)

    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"refresh": 30s' in text)
    assert refusal.value.where == f"{path}:{line}"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("uid", None, "uid"),
        ("panels", [{"type": "pie", "title": "x"}], "panels.0"),
        ("time", {}, "time.from"),
    ],
)
def test_what_a_dashboard_lacks_is_named_by_field(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    path = tmp_path / "logs.json"
    path.write_text(json.dumps(json.loads(COMMITTED.read_text()) | {field: value}))

    with pytest.raises(ToolkitError, match=said) as refusal:
        read_dashboard(path)

    assert refusal.value.where == str(path)
    assert refusal.value.next_step


def test_a_variable_that_the_toolkit_cannot_ask_for_is_named(tmp_path: Path) -> None:
    path = tmp_path / "logs.json"
    path.write_text(COMMITTED.read_text().replace("label_values(service)", "query_result(up)"))

    with pytest.raises(ToolkitError, match="variable service"):
        read_dashboard(path)
