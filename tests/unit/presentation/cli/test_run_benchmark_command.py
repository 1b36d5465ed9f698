import json

import pytest

from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.run_benchmark import run_benchmark
from day23.wiring import benchmark

pytestmark = pytest.mark.usefixtures("stack")


@pytest.fixture
def channels():
    """Enough samples for an interval of the 95th percentile, which takes 72."""
    return ("onaboka", "ctorecords", "alexgladkovblog", "xor_journal", "tired_glebmikheev")


def leave_with(*arguments):
    return exit_code_of(run_benchmark, ["--scenario", "channel_digest_ru", *arguments])


def test_a_pass_leaves_with_0_and_shows_a_table(export, capsys):
    export()
    assert leave_with("--dry-run") == ExitCode.DONE
    shown = capsys.readouterr().out
    assert "overall PASS" in shown
    assert "coverage" in shown
    assert "150 telegram" in shown


def test_json_is_one_document(export, capsys):
    export()
    assert leave_with("--dry-run", "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["overall"] == "pass"


def test_a_fail_leaves_with_2(export):
    export(coverage=0.5)
    assert leave_with("--dry-run") == ExitCode.VERDICT_FAIL


def test_a_warn_leaves_with_0_and_with_3_where_it_is_a_gate(export):
    export(coverage=0.85)
    assert leave_with("--dry-run") == ExitCode.DONE
    assert leave_with("--dry-run", "--fail-on-warn") == ExitCode.VERDICT_WARN


def test_a_model_that_cannot_be_reached_leaves_with_4(export, capsys):
    export()
    assert leave_with("--limit", "1") == ExitCode.VOID
    shown = capsys.readouterr().out
    assert "overall VOID" in shown
    assert "1 failed (1 unreachable); 0 allowed" in shown
    assert "unreachable: the LLM API cannot be reached" in shown
    assert "95 % interval" not in shown


def test_a_missing_dataset_leaves_with_1(capsys):
    assert leave_with("--dry-run") == ExitCode.ERROR
    assert "error: there is no such dataset file" in capsys.readouterr().err


def test_samples_without_a_summary_are_counted_in_one_line(export, repository, capsys):
    for document in repository.documents[Collection.DIGESTS][:3]:
        document["summary_markdown"] = " "
    export()
    assert leave_with("--dry-run") == ExitCode.ERROR
    assert "the sample has no summary_markdown; 2 more of 150 samples" in capsys.readouterr().err


def test_samples_without_a_latency_are_counted_in_one_line(export, repository, capsys):
    for document in repository.documents[Collection.DIGESTS][:3]:
        del document["latency_seconds"]
    export()
    assert leave_with("--dry-run") == ExitCode.ERROR
    assert "stores no usable latency_seconds: None; 2 more of 150 samples" in capsys.readouterr().err


def test_faults_of_the_summaries_are_counted_and_change_no_verdict(export, repository, capsys, tmp_path):
    for document in repository.documents[Collection.DIGESTS][:6]:
        document["summary_markdown"] += "\n- Пострадали 977 человек."
    export()
    assert leave_with("--dry-run") == ExitCode.DONE
    assert "faults of 150 summaries: 6 invented number" in capsys.readouterr().out
    stored = (tmp_path / "benchmarks/results/channel_digest_ru/latest.json").resolve()
    assert json.loads(stored.read_bytes())["faults"]["invented number"]["summaries"] == 6
    lines = [json.loads(line) for line in (stored.with_suffix("") / "samples.jsonl").read_text().splitlines()]
    assert sum(line["faults"] == ["invented number"] for line in lines) == 6
    assert "| invented number | 6 | 150 | 4.0% |" in (stored.with_suffix("") / "report.md").read_text()


def test_a_score_that_is_no_number_never_leaves_the_database(export, tmp_path):
    with pytest.raises(ToolkitError, match="coverage nan is not a number"):
        export(coverage=float("nan"))
    assert leave_with("--dry-run") == ExitCode.ERROR
    assert not (tmp_path / "benchmarks/results").exists()


@pytest.mark.parametrize(
    "arguments", [["--scenario", "other"], [], ["--scenario", "channel_digest_ru", "--max-concurrency", "0"]]
)
def test_wrong_usage_leaves_with_64(arguments):
    assert exit_code_of(run_benchmark, arguments) == ExitCode.USAGE


def test_a_wrong_trace_id_leaves_with_64(export):
    export()
    assert leave_with("--dry-run", "--trace-id", "mine") == ExitCode.USAGE


def test_an_interruption_leaves_with_130(export, monkeypatch):
    export()

    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(benchmark, "run_benchmark", interrupted)
    assert leave_with("--dry-run") == ExitCode.INTERRUPTED


def test_two_equal_runs_cannot_be_told_apart(export, capsys):
    export()
    leave_with("--dry-run")
    capsys.readouterr()
    leave_with("--dry-run", "--baseline", "last")
    shown = capsys.readouterr().out
    assert shown.count("cannot tell") == 5
    assert "smallest detectable" in shown


def test_without_an_earlier_run_there_is_no_baseline(export, capsys):
    export()
    assert leave_with("--dry-run", "--baseline", "last") == 1
    assert "no baseline" in capsys.readouterr().err


def test_another_dataset_is_no_baseline(export, tmp_path, capsys):
    export()
    output = tmp_path / "base.json"
    leave_with("--dry-run", "--output", str(output))
    stored = json.loads(output.read_bytes())
    stored["metadata"]["dataset"]["content_sha256"] = "0" * 64
    output.write_text(json.dumps(stored))
    capsys.readouterr()
    leave_with("--dry-run", "--baseline", str(output))
    assert "no baseline: dataset differ" in capsys.readouterr().out
