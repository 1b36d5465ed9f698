"""The dataset modules in check mode: they predict on a virgin host and touch nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from day23.domain.errors import ToolkitError, UsageError
from day23.presentation.modules import seed, verify
from preview_server import PreviewServer, served


def parameters(root: Path, **changes: Any) -> dict[str, Any]:
    stack = {"root": str(root / "stack"), "engine": "any", "repository": str(root)}
    defaults = {
        "stack": stack,
        "source": None,
        "channels_map": {},
        "skip_bad": False,
        "zone": None,
        "judge_votes": 0,
        "channels": [],
        "until": "now",
        "days": 30,
        "minimum": 30,
        "max_concurrency": 4,
        "dataset_dir": "data/benchmarks",
        "evidence_dir": None,
    }
    return defaults | changes


def test_check_mode_forecasts_the_synthetic_set(tmp_path: Path) -> None:
    result = seed.handle(parameters(tmp_path), True)
    assert result["changed"] is True
    assert [(item["digests"], item["synthetic_days"]) for item in result["forecast"]] == [(30, 30)] * 5
    assert list(tmp_path.iterdir()) == []


def test_check_mode_reads_the_exports_of_the_repository(tmp_path: Path) -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1733270399", "text": "Привет"}
    export = tmp_path / "exports/habr/result.json"
    export.parent.mkdir(parents=True)
    export.write_text(json.dumps({"type": "public_channel", "id": 1, "messages": [message]}))
    result = seed.handle(parameters(tmp_path, source="exports", until="auto", days=2), True)
    (forecast,) = result["forecast"]
    assert forecast == {
        "channel": "@habr",
        "digests": 2,
        "review_reports": 2,
        "synthetic_days": 1,
        "replaced": 0,
        "posts": 1,
    }


def test_a_missing_source_fails_in_check_mode_too(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="does not exist"):
        seed.handle(parameters(tmp_path, source="nowhere"), True)


def test_verify_has_nothing_to_predict(tmp_path: Path) -> None:
    assert verify.handle(parameters(tmp_path), True) == {"changed": False}


def test_a_seed_without_a_stack_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="the stack is not up"):
        seed.handle(parameters(tmp_path), False)


def test_check_mode_reads_previews_when_the_source_is_the_web(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(PreviewServer(messages=30)) as server:
        monkeypatch.setenv("TELEGRAM_PREVIEW_URL", server.url)
        monkeypatch.setenv("TELEGRAM_PREVIEW_SECONDS", "0")
        stack = parameters(tmp_path)["stack"] | {"cache_dir": str(tmp_path / "cache")}
        wanted = {"stack": stack, "source": "web", "channels": ["habr"], "until": "auto", "days": 1}
        (forecast,) = seed.handle(parameters(tmp_path) | wanted, True)["forecast"]
    assert (forecast["channel"], forecast["synthetic_days"]) == ("@habr", 0)


def test_an_unknown_zone_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        seed.handle(parameters(tmp_path) | {"zone": "Mars/Olympus"}, True)
