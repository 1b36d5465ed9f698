"""`run_benchmark --judge llm` against a judge behind HTTP: what it finds, and what a bad judge costs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judge_server import ANSWER, HANG, Judge, Material, judgement, looks_at_the_text, serving

from day23.application.ports import Collection
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.run_benchmark import run_benchmark

SCRIPT = Path(__file__).parents[4] / "scripts/quality/benchmark/run_benchmark.py"
SAMPLES = 12
ARGUMENTS = ("--scenario", "channel_digest_ru", "--limit", str(SAMPLES), "--judge", "llm")
HTML = (200, "text/html", "<html>Welcome to nginx</html>")

pytestmark = pytest.mark.usefixtures("stack")

Outcome = tuple[ExitCode, dict[str, Any]]


@pytest.fixture
def numbered(repository: Any, export: Callable[..., None]) -> Callable[[], None]:
    """Exports digests that differ, for a judge that must tell pairs apart."""

    def exported() -> None:
        documents = repository.documents[Collection.DIGESTS]
        newest_first = sorted(documents, key=lambda document: document["created_at"], reverse=True)
        for number, document in enumerate(newest_first, start=1):
            document["summary_markdown"] += f"\n- Выпуск {number}."
        export()

    return exported


@pytest.fixture
def judged(numbered: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs the command against a judge; returns its exit code and the stored result."""

    def ran(judge: Judge, *arguments: str, model: str = "", **environment: str) -> Outcome:
        numbered()
        with serving(judge, model) as server:
            monkeypatch.setenv("LLM_URL", server.url)
            monkeypatch.setenv("JUDGE_MODEL", "strict-editor")
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            code = exit_code_of(run_benchmark, [*ARGUMENTS, *arguments])
        stored = tmp_path / "benchmarks/results/channel_digest_ru/latest.json"
        return code, json.loads(stored.read_bytes()) if stored.exists() else {}

    return ran


@pytest.fixture
def channels() -> tuple[str, ...]:
    return ("onaboka",)


def bundle(tmp_path: Path) -> Path:
    stored = (tmp_path / "benchmarks/results/channel_digest_ru/latest.json").resolve()
    return stored.with_suffix("")


def is_sample(material: Material, number: int) -> bool:
    """Tell whether a pair is the one whose digest the export marks with this number."""
    return any(f"Выпуск {number}." in material[place] for place in ("first", "second"))


def test_a_judge_that_looks_at_the_text_prefers_the_answers(judged: Any, tmp_path: Path, capsys: Any) -> None:
    code, result = judged(looks_at_the_text)
    found = result["judgement"]
    assert code == ExitCode.VOID
    assert result["overall"] == "undecided"
    assert (found["judged"], found["pairs"]) == (SAMPLES, SAMPLES)
    assert found["preferred"] == {"answer": SAMPLES, "recorded": 0, "equal": 0}
    assert (found["flip_rate"]["mean"], found["order_bias"]["mean"]) == (0, 0)
    assert found["scores"]["coverage"]["mean"] == 1.0
    assert found["recorded_scores"]["coverage"]["mean"] == 0.5
    assert found["terms"]["model"] == "strict-editor"
    assert not found["terms"]["is_tested_model"]
    shown = capsys.readouterr().out
    assert "share of the answer 100.0% [73.5% .. 100.0%]" in shown
    assert "order bias +0.000" in shown
    lines = [json.loads(line) for line in (bundle(tmp_path) / "samples.jsonl").read_text().splitlines()]
    assert {line["judged"]["preferred"] for line in lines} == {"answer"}
    assert "## LLM judge" in (bundle(tmp_path) / "report.md").read_text()
    assert "strict-editor" in (bundle(tmp_path) / "index.html").read_text()
    assert (bundle(tmp_path) / "judge.png").stat().st_size > 1000


def test_a_judge_that_takes_the_first_is_found_out(judged: Any, capsys: Any) -> None:
    _, result = judged(lambda _material, _seen: judgement("first"))
    found = result["judgement"]
    assert found["preference"] is None
    assert found["flip_rate"]["mean"] == 1.0
    assert found["order_bias"]["mean"] == 0.5
    assert found["order_bias"]["interval"]["low"] > 0.2
    assert "order bias +0.500" in capsys.readouterr().out


def test_answers_that_cannot_be_read_are_asked_for_again_and_counted(judged: Any) -> None:
    def stammers(material: Material, seen: int) -> Any:
        if seen == 1:
            return 503, "application/json", "{}"
        if seen == 2:
            return '{"first": NaN, "second": NaN, "better": "first"}'
        return looks_at_the_text(material)

    _, result = judged(stammers)
    found = result["judgement"]
    assert (found["judged"], found["failed_votes"]) == (SAMPLES, {})
    assert found["invalid_answers"] == 2 * SAMPLES


def test_pairs_that_cannot_be_judged_are_named_and_end_nothing(judged: Any, capsys: Any) -> None:
    faults: dict[int, Any] = {
        2: "Первый лучше.",
        4: HTML,
        6: (200, "application/json", '{"error": {"message": "CUDA out of memory"}}'),
        8: (200, "application/json", '{"choices": [{"message": {"content": " "}}]}'),
        10: (200, "application/json", HANG),
    }

    def stumbles(material: Material, _seen: int) -> Any:
        found = [reply for number, reply in faults.items() if is_sample(material, number)]
        return found[0] if found else looks_at_the_text(material)

    _, result = judged(stumbles, BENCHMARK_JUDGE_TIMEOUT_SECONDS="0.5")
    found = result["judgement"]
    kinds = ["empty", "error_body", "invalid_answer", "not_a_completion", "timeout"]
    assert found["judged"] == SAMPLES - 5
    assert found["failed_votes"] == dict.fromkeys(kinds, 6)
    assert sorted(found["unjudged"].values()) == [f"0 of 6 votes (6 {kind})" for kind in kinds]
    assert (found["invalid_answers"], found["remark"]) == (18, "")
    assert result["metadata"]["failed_count"] == 0
    assert f"not judged: {next(iter(found['unjudged']))}" in capsys.readouterr().out


def test_a_judge_that_dies_is_given_up_and_the_verdict_stands(judged: Any, capsys: Any) -> None:
    asked = []

    def dies(material: Material, _seen: int) -> Any:
        asked.append(material)
        return looks_at_the_text(material) if len(asked) <= 13 else HTML

    code, result = judged(dies, "--max-concurrency", "1")
    assert code == ExitCode.VOID
    assert result["overall"] == "undecided"
    assert result["judgement"]["judged"] == 2
    assert len(result["judgement"]["unjudged"]) == 5
    assert "judging is incomplete: given up after 5 pairs in a row" in capsys.readouterr().out
    assert len(asked) == 1 + 2 * 6 + 5 * 6


@pytest.mark.parametrize(
    ("judge", "told"),
    [
        (lambda _material, _seen: HTML, "the answer is HTML, not a chat completion"),
        (lambda _material, _seen: (404, "text/plain", ""), "the LLM API answered 404"),
        (lambda _material, _seen: "## Главное за день", "gave no judgement in 3 answers"),
        (lambda _material, _seen: (200, "application/json", HANG), "no answer within 0.3 s"),
    ],
)
def test_a_judge_that_cannot_judge_is_refused_before_anything_is_measured(
    judged: Any, capsys: Any, judge: Judge, told: str
) -> None:
    code, result = judged(judge, BENCHMARK_JUDGE_TIMEOUT_SECONDS="0.3")
    assert (code, result) == (ExitCode.ERROR, {})
    error = capsys.readouterr().err
    assert told in error
    assert "JUDGE_MODEL" in error


def test_a_judge_whose_name_is_unknown_is_refused(judged: Any, capsys: Any) -> None:
    code, _ = judged(looks_at_the_text, model="another")
    assert code == ExitCode.ERROR
    assert "no such model" in capsys.readouterr().err


def test_a_judge_that_does_not_listen_is_refused(judged: Any, capsys: Any) -> None:
    code, _ = judged(looks_at_the_text, JUDGE_URL="http://127.0.0.1:1")
    assert code == ExitCode.ERROR
    assert "cannot be reached" in capsys.readouterr().err


def test_the_model_under_test_may_judge_itself_and_the_report_says_so(
    judged: Any, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setenv("LLM_MODEL", "strict-editor")
    _, result = judged(looks_at_the_text)
    assert result["judgement"]["terms"]["is_tested_model"]
    assert "the model under test itself" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--dry-run"], ["--judge-repeats", "2"]])
def test_what_no_judge_can_do_leaves_with_64(arguments: list[str]) -> None:
    assert exit_code_of(run_benchmark, [*ARGUMENTS, *arguments]) == ExitCode.USAGE


def test_a_void_run_is_not_judged(judged: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("judge_server.ANSWER", " ")
    code, result = judged(looks_at_the_text)
    assert (code, result["overall"]) == (ExitCode.VOID, "void")
    assert result["judgement"]["remark"] == "not asked, for the run is void"


def test_ctrl_c_while_judging_keeps_the_run_and_what_was_judged_and_resume_goes_on(
    numbered: Callable[[], None], tmp_path: Path
) -> None:
    numbered()
    asked: list[Material] = []

    def slows_down(material: Material, _seen: int) -> str:
        asked.append(material)
        if len(asked) > 13:
            time.sleep(5)
        return looks_at_the_text(material)

    with serving(slows_down) as server:
        environment = os.environ | {"LLM_URL": server.url, "JUDGE_MODEL": "strict-editor"}
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *ARGUMENTS, "--max-concurrency", "1", "--beside", server.url],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while len(asked) < 14 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, said
    result = json.loads((bundle(tmp_path) / "result.json").read_bytes())
    assert result["overall"] == "undecided"
    assert (result["judgement"]["judged"], result["judgement"]["remark"]) == (2, "interrupted")
    assert "judging is incomplete: interrupted" in shown

    first, answers = bundle(tmp_path), (bundle(tmp_path) / "samples.jsonl").read_text().count(ANSWER[:9])
    beside = (first / "beside.jsonl").read_bytes()
    with serving(looks_at_the_text) as server:
        environment = os.environ | {"LLM_URL": server.url, "JUDGE_MODEL": "strict-editor"}
        command = [sys.executable, str(SCRIPT), *ARGUMENTS, "--resume"]
        other = subprocess.run([*command, "--judge-repeats", "5"], env=environment, capture_output=True)
        resumed = subprocess.run(command, env=environment, capture_output=True, text=True)
        again = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert "had 3 votes in each order" in other.stderr.decode()
    assert (bundle(tmp_path), resumed.returncode) == (first, ExitCode.VOID), resumed.stderr
    found = json.loads((first / "result.json").read_bytes())
    judgement = found.pop("judgement")
    assert (judgement["judged"], judgement["remark"]) == (SAMPLES, "")
    assert judgement["preferred"] == {"answer": SAMPLES, "recorded": 0, "equal": 0}
    assert sum(server.asked.values()) == 3 + 6 * (SAMPLES - 2), "three tries, and what was missing"
    assert found["metadata"] == result["metadata"]
    assert (first / "beside.jsonl").read_bytes() == beside
    assert (first / "samples.jsonl").read_text().count(ANSWER[:9]) == answers > 0
    assert "no interrupted run to go on with" in again.stderr
