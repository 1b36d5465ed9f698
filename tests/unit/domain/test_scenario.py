import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from day23.domain.scenario import Scenario, value_at
from day23.infrastructure.benchmark.scenario_file import load_scenario

SCENARIOS = Path(__file__).parents[3] / "config" / "scenarios"
PLAN = {
    "channel_digest_ru": {
        "coverage": (0.88, 0.80),
        "accuracy": (0.90, 0.85),
        "coherence": (0.90, 0.85),
        "informativeness": (0.88, 0.82),
        "latency_seconds": (210, 240),
    },
    "review_summary_ru": {
        "coverage": (0.87, 0.80),
        "accuracy": (0.90, 0.85),
        "coherence": (0.88, 0.82),
        "informativeness": (0.88, 0.82),
        "latency_seconds": (300, 360),
    },
}


@pytest.mark.parametrize("scenario_id", PLAN)
def test_the_committed_thresholds_are_those_of_the_plan(scenario_id):
    scenario = load_scenario(SCENARIOS, scenario_id)
    stated = {name: (limit.passes, limit.warns) for name, limit in scenario.thresholds.items()}
    assert stated == PLAN[scenario_id]
    assert {name for name, limit in scenario.thresholds.items() if limit.direction == "lower"} == {
        "latency_seconds"
    }
    assert scenario.latency_percentile == 95


def scenario_with(**changes):
    sound = load_scenario(SCENARIOS, "channel_digest_ru").model_dump(mode="json", by_alias=True)
    return Scenario.model_validate(sound | changes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"thresholds": {}},
        {"scenario_id": "Channel Digest"},
        {"exporter": "posts"},
        {"failed_samples_allowed": 1},
        {"failed_samples_allowed": math.nan},
        {"latency_percentile": 0},
        {"thresold": {}},
    ],
)
def test_a_scenario_that_cannot_be_judged_is_refused(wrong):
    with pytest.raises(ValidationError):
        scenario_with(**wrong)


def test_a_metric_without_a_threshold_is_named():
    thresholds = scenario_with().model_dump(mode="json", by_alias=True)["thresholds"]
    del thresholds["coherence"]
    with pytest.raises(ValidationError, match="coherence"):
        scenario_with(thresholds=thresholds)


@pytest.mark.parametrize(
    ("path", "value"),
    [("a", {"b": {"c": 1}}), ("a.b.c", 1), ("a.x.c", None), ("a.b.c.d", None), ("x", None)],
)
def test_a_dotted_path_goes_down_into_objects(path, value):
    assert value_at({"a": {"b": {"c": 1}}}, path) == value
