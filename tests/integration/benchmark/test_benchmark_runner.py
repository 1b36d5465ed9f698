"""The benchmark as people call it: a verified export, the real LLM API, verdicts and exit codes."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
RUN = "quality/benchmark/run_benchmark.py"
DIGESTS = "quality/analysis/export_digests.py"
REPORTS = "quality/analysis/export_review_reports.py"
VERDICTS = {"pass": 0, "warn": 0, "fail": 2, "undecided": 4}


@pytest.fixture
def exported(script):
    """Today's export of both collections, so that `latest.jsonl` leads to it."""
    for path in (DIGESTS, REPORTS):
        done = script(path)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("scenario", ["channel_digest_ru", "review_summary_ru"])
@pytest.mark.parametrize("mode", [["--dry-run"], []])
def test_both_scenarios_run_dry_and_live_on_the_seeded_dataset(script, exported, tmp_path, scenario, mode):
    output = tmp_path / "result.json"
    done = script(RUN, "--scenario", scenario, *mode, "--output", str(output))
    result = json.loads(output.read_bytes())
    assert done.returncode == VERDICTS[result["overall"]], done.stderr
    assert result["metadata"]["sample_count"] == len(result["samples"]) == 150
    assert result["metadata"]["failed_count"] == 0
    assert result["metadata"]["model_name"]
    assert all(sample["verdict"] for sample in result["samples"])
    assert {metric["name"] for metric in result["metrics"]} == {
        "coverage",
        "accuracy",
        "coherence",
        "informativeness",
        "latency_seconds",
    }
    assert f"overall {result['overall'].upper()}" in done.stdout
    schema = json.loads((REPOSITORY / "config/schemas/benchmark_result.schema.json").read_bytes())
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(result)


def test_a_live_run_measures_latency_and_time_to_first_token(script, exported):
    done = script(RUN, "--scenario", "channel_digest_ru", "--limit", "20", "--json")
    result = json.loads(done.stdout)
    assert 0 < result["ttft"]["p50"] <= result["latency"]["p50"] <= result["latency"]["p95"] < 10
    assert all(0 < sample["first_token_seconds"] < 10 for sample in result["samples"])
    stored = [sample["metrics"] for sample in result["samples"]]
    assert len({metric["value"] for metrics in stored for metric in metrics}) > 20


def test_a_deterministic_model_scores_live_what_is_stored(script, exported):
    values = []
    for mode in (["--dry-run"], []):
        done = script(RUN, "--scenario", "channel_digest_ru", *mode, "--json")
        metrics = {metric["name"]: metric["value"] for metric in json.loads(done.stdout)["metrics"]}
        del metrics["latency_seconds"]
        values.append(metrics)
    assert values[0] == pytest.approx(values[1], abs=1e-6)


def test_a_tampered_dataset_is_refused(script, exported, tmp_path):
    latest = tmp_path / "benchmarks" / "benchmark_digest_ru_v1" / "latest.jsonl"
    path = latest.resolve()
    path.write_text(path.read_text(encoding="utf-8").replace('"coverage":0', '"coverage":1', 1))
    done = script(RUN, "--scenario", "channel_digest_ru", "--dry-run")
    assert done.returncode == 1
    assert "the export is refused" in done.stderr


def test_an_endpoint_that_is_no_model_makes_the_run_void(seeded, exported, tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        port = server.stdout.readline().split("port ")[1].split()[0]
        environment = seeded.environment(tmp_path / "benchmarks") | {"LLM_URL": f"http://127.0.0.1:{port}"}
        done = subprocess.run(
            [sys.executable, str(REPOSITORY / "scripts" / RUN), "--scenario", "channel_digest_ru", "--json"],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        server.kill()
        server.wait(10)
    assert done.returncode == 4
    result = json.loads(done.stdout)
    assert result["overall"] == "void"
    assert sum(result["metadata"]["errors"].values()) == result["metadata"]["failed_count"] > 3


def test_the_embedded_model_cannot_judge_and_says_so_before_the_run(script, exported, tmp_path):
    done = script(RUN, "--scenario", "channel_digest_ru", "--judge", "llm")
    assert done.returncode == 1
    assert "\nerror: the judge extractive-lexrank-ru-v1 at http://127.0.0.1:" in done.stderr
    assert "gave no judgement in 3 answers" in done.stderr
    assert not (tmp_path / "benchmarks" / "results").exists()


@pytest.mark.parametrize(
    "flags",
    [
        ["--max-concurrency", "1"],
        ["--max-concurrency", "2", "--workers", "2"],
        ["--max-concurrency", "1", "--beside", "the same server"],
    ],
)
def test_ctrl_c_leaves_with_130_and_the_run_can_be_gone_on_with(script, seeded, exported, tmp_path, flags):
    flags = [seeded.llm_url if flag == "the same server" else flag for flag in flags]
    command = [sys.executable, str(REPOSITORY / "scripts" / RUN), "--scenario", "channel_digest_ru"]
    process = subprocess.Popen(
        [*command, *flags],
        cwd=REPOSITORY,
        env=seeded.environment(tmp_path / "benchmarks"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    journal = tmp_path / "benchmarks/results/channel_digest_ru/live.partial.jsonl"
    # its key, then one pair of answers at least: of two servers' the first alone is asked for again
    while (not journal.exists() or journal.read_bytes().count(b"\n") < 4) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert not list((tmp_path / "benchmarks").glob("results/**/*.json"))
    assert re.search(r"partial: [1-9]\d* answers are kept in .*; go on with --resume", told)
    done = script(RUN, "--scenario", "channel_digest_ru", *flags, "--resume", "--json")
    result = json.loads(done.stdout)
    assert result["metadata"]["asked_count"] == len(result["samples"]) == 150
    assert 0 < result["metadata"]["resumed"] < 150
    if "--beside" in flags:
        assert result["beside"]["metrics"]["latency_seconds"]["pairs"] == 150


def test_a_playbook_compares_two_servers(seeded, exported, tmp_path):
    variables = {
        "stack_root": str(seeded.root),
        "stack_dataset_dir": str(tmp_path / "benchmarks"),
        "stack_evidence_dir": str(tmp_path / "evidence"),
        "benchmark_scenarios": ["channel_digest_ru"],
        "benchmark_mode": "live",
        "benchmark_limit": 12,
        "benchmark_llm_url": seeded.llm_url,
        "benchmark_beside": seeded.llm_url,
    }
    playbook = [Path(sys.executable).parent / "ansible-playbook", "playbooks/benchmark.yml"]
    done = subprocess.run(
        [*playbook, "-e", json.dumps(variables)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((tmp_path / "evidence/benchmark.channel_digest_ru.live.json").read_bytes())
    assert result["beside"]["url"] == seeded.llm_url
    assert {found["pairs"] for found in result["beside"]["metrics"].values()} == {12}


def test_two_workers_measure_what_one_does(script, exported):
    found = []
    for flags in ([], ["--workers", "2"]):
        done = script(RUN, "--scenario", "channel_digest_ru", "--json", *flags)
        found.append(json.loads(done.stdout))
    one, two = found
    assert (one["metadata"]["workers"], two["metadata"]["workers"]["count"]) == (None, 2)
    for alone, shared in zip(one["metrics"][:4], two["metrics"][:4], strict=True):
        assert shared == alone
    assert [sample["sample_id"] for sample in two["samples"]] == [
        sample["sample_id"] for sample in one["samples"]
    ]
    assert two["metadata"]["calibration"]["maximum_rate"] > 50


def test_an_open_loop_keeps_its_rate_and_compares_with_the_run_before(script, exported):
    command = (
        RUN,
        "--scenario",
        "channel_digest_ru",
        "--limit",
        "20",
        "--rate",
        "20",
        "--arrival",
        "poisson",
    )
    script(*command)
    done = script(*command, "--baseline", "last")
    assert "open loop, 20/s poisson" in done.stdout
    assert "client: overhead" in done.stdout
    # On a busy machine the clock may be missed, which makes the run void, as it should.
    assert "latency_seconds cannot tell" in done.stdout or "one of the runs is void" in done.stdout


def test_the_run_leaves_its_verdict_as_metrics_and_log_lines(script, seeded, exported):
    trace = "d" * 32
    script(RUN, "--scenario", "review_summary_ru", "--dry-run", "--trace-id", trace)
    metrics = (seeded.root / "run" / "metrics" / "benchmark.prom").read_text()
    labels = 'dataset="benchmark_review_ru_v1",scenario="review_summary_ru"'
    for name in ("benchmark_run_outcome", "benchmark_run_duration_seconds_count"):
        assert f"{name}{{{labels}}}" in metrics
    assert 'benchmark_metric_value{dataset="benchmark_review_ru_v1",metric="latency_seconds"' in metrics
    log = (seeded.root / "logs" / "benchmark.app.jsonl").read_text(encoding="utf-8").splitlines()
    mine = [json.loads(line) for line in log if trace in line]
    assert "benchmark finished" in {line["event"] for line in mine}
