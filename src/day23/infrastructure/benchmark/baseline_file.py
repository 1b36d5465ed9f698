"""Finds the run that another one is compared with."""

from pathlib import Path

from pydantic import ValidationError

from day23.domain.benchmark_result import BenchmarkResult, Mode
from day23.domain.errors import ToolkitError

LAST = "last"
_ANOTHER = f"give the JSON file of an earlier run, or `{LAST}`"
MOST_RUNS = 50
"""Stored runs that are looked at for a noise floor."""


def load_baseline(dataset_dir: Path, scenario_id: str, mode: Mode, wanted: str) -> BenchmarkResult:
    """Return the result in the file `wanted`, or the newest of that scenario and mode for `last`.

    Raises:
        ToolkitError: There is none, or the file is no result of a benchmark.
    """
    path = _newest(dataset_dir, scenario_id, mode) if wanted == LAST else Path(wanted)
    try:
        return BenchmarkResult.model_validate_json(path.read_bytes())
    except OSError as error:
        what = f"the baseline cannot be read: {error.strerror}"
        raise ToolkitError(what, where=str(path), next_step=_ANOTHER) from None
    except ValidationError:
        what = "the baseline is no benchmark result"
        raise ToolkitError(what, where=str(path), next_step=_ANOTHER) from None


def earlier_runs(dataset_dir: Path, scenario_id: str, mode: Mode) -> tuple[BenchmarkResult, ...]:
    """Return the newest stored runs of a scenario and mode; files that are no result are passed over."""
    stored = stored_results(dataset_dir, scenario_id, mode)
    return tuple(run for path in stored[-MOST_RUNS:] if (run := read_result(path)))


def stored_results(dataset_dir: Path, scenario_id: str, mode: Mode) -> list[Path]:
    """Return the files of the stored runs of a scenario and mode, the newest last."""
    return sorted((dataset_dir / "results" / scenario_id).glob(f"*-{mode}-*.json"))


def read_result(path: Path) -> BenchmarkResult | None:
    """Return the result in a file; None where it holds none."""
    try:
        return BenchmarkResult.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _newest(dataset_dir: Path, scenario_id: str, mode: Mode) -> Path:
    stored = stored_results(dataset_dir, scenario_id, mode)
    if not stored:
        folder = dataset_dir / "results" / scenario_id
        step = "run the scenario once without --baseline"
        raise ToolkitError(f"no baseline: no earlier {mode} run", where=str(folder), next_step=step)
    return stored[-1]
