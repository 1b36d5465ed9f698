"""The alerts on a short dataset, judged by Prometheus' own tool."""

import os
import shutil
import subprocess
from pathlib import Path

from role_artifacts import program_of

REPOSITORY = Path(__file__).resolve().parents[3]


def test_a_short_dataset_fires_and_a_full_one_does_not(tmp_path: Path) -> None:
    for path in (
        REPOSITORY / "prometheus/rules/dataset.yml",
        Path(__file__).with_name("dataset_rules_test.yml"),
    ):
        shutil.copy(path, tmp_path)
    prometheus = program_of("prometheus")
    judged = subprocess.run(
        [str(prometheus.binaries["promtool"]), "test", "rules", "dataset_rules_test.yml"],
        cwd=tmp_path,
        env={**os.environ, **prometheus.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr
