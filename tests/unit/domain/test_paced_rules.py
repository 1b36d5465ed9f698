"""Rules at the pace of a test."""

import yaml

from day23.domain.rule_pace import at_pace, paced

RULE = (
    "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: rate(x_1h[1h]) - y offset 2h > 5\n    for: 10m\n"
)


def test_waits_ranges_and_offsets_shrink_and_nothing_else() -> None:
    rule = yaml.safe_load(paced(RULE, 60))["groups"][0]["rules"][0]

    assert rule == {"alert": "A", "expr": "rate(x_1h[60s]) - y offset 120s > 5", "for": "10s"}


def test_no_window_becomes_too_short_for_a_rate() -> None:
    assert "rate(x_1h[4s])" in paced(RULE, 100_000)


def test_a_usual_stack_gets_the_files_as_they_are() -> None:
    assert at_pace({"rules/a.yml": RULE}, 1) == {"rules/a.yml": RULE}
    assert at_pace({"rules/a.yml": RULE}, 60) == {"rules/a.yml": paced(RULE, 60)}
