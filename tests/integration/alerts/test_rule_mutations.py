"""The cases of the alerts notice a fault in an alert: each is broken on purpose.

`make alert-mutations` breaks every alert in every way; a run of all tests takes a few of the mutations.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from promtool_cases import RULES, cases_of, judge, rule_files, write_tests
from role_artifacts import program_of
from rule_mutations import Mutation, mutations_of

EVERY = int(os.environ.get("DAY23_ALERT_MUTATIONS_EVERY", "32"))
"""Take each n-th mutation."""


@pytest.mark.timeout(1200)
def test_a_broken_alert_fails_its_cases(tmp_path: Path) -> None:
    prometheus = program_of("prometheus")
    mutations = [one for name in rule_files() for one in mutations_of(RULES / f"{name}.yml")]
    taken = mutations[::EVERY]

    def survives(numbered: tuple[int, Mutation]) -> bool:
        number, mutation = numbered
        folder = tmp_path / str(number)
        folder.mkdir()
        text = yaml.safe_dump(mutation.content, sort_keys=False)
        (folder / f"{mutation.rule_file}.yml").write_text(text, encoding="utf-8")
        cases = {mutation.alert: cases_of(mutation.rule_file)[mutation.alert]}
        return judge(prometheus, write_tests(folder, mutation.rule_file, cases)).passed

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = list(pool.map(survives, enumerate(taken)))

    survived = [f"{one.alert} {one.fault}" for one, unnoticed in zip(taken, passed, strict=True) if unnoticed]
    print(f"\n{len(taken) - len(survived)} of {len(taken)} mutations caught, {len(mutations)} in all")
    assert not survived, "\n".join(survived)


def test_every_alert_is_broken_in_several_ways() -> None:
    counts = {(name, one.alert) for name in rule_files() for one in mutations_of(RULES / f"{name}.yml")}
    assert len(counts) == sum(len(cases_of(name)) for name in rule_files())
