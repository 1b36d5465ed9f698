"""The exporters as people and gates call them, against a real mongod with 150 documents per collection."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from pymongo import MongoClient

from day23.application.null_telemetry import NullTelemetry
from day23.application.verify_exports import VerifyExportersUseCase
from day23.domain.errors import ToolkitError
from day23.wiring.exports import export_files

REPOSITORY = Path(__file__).resolve().parents[3]
DIGESTS = "quality/analysis/export_digests.py"
REPORTS = "quality/analysis/export_review_reports.py"


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def verify():
    return VerifyExportersUseCase(export_files(), NullTelemetry())


@pytest.mark.parametrize(("path", "days"), [(DIGESTS, "20251017"), (REPORTS, "20251017")])
def test_the_bare_gate_gives_the_whole_recorded_window(script, tmp_path, path, days):
    output = tmp_path / "out.jsonl"
    done = script(path, "--output", str(output))
    assert done.returncode == 0, done.stderr
    records = lines_of(output)
    assert len(records) == 150
    assert set(Counter(record["channel"] for record in records).values()) == {30}
    assert any(days in record["sample_id"] for record in records)
    assert "Exported 150" in done.stdout
    assert verify().file(output).documents == 150


def test_two_consecutive_runs_are_the_same_bytes_with_their_manifests(script, tmp_path):
    outputs = []
    for run in ("first", "second"):
        for path, name in ((DIGESTS, "digests.jsonl"), (REPORTS, "review_reports.jsonl")):
            assert script(path, "--output", str(tmp_path / run / name)).returncode == 0
        outputs.append(
            {path.name: path.read_bytes() for path in (tmp_path / run).iterdir() if path.suffix != ".lock"}
        )
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 6


def test_the_commands_of_the_plan_make_one_dated_export(script, tmp_path):
    folder = tmp_path / "benchmarks" / "exports" / "2025-11-15"
    for path, name in ((DIGESTS, "digests.jsonl"), (REPORTS, "review_reports.jsonl")):
        done = script(path, "--hours", "720", "--limit", "1000", "--output", str(folder / name))
        assert done.returncode == 0, done.stderr
    manifest = verify().folder(folder)
    assert [(entry.name, entry.documents) for entry in manifest.files] == [
        ("digests.jsonl", 150),
        ("review_reports.jsonl", 150),
    ]
    for entry in manifest.files:
        assert hashlib.sha256((folder / entry.name).read_bytes()).hexdigest() == entry.sha256
    validation = json.loads((folder / "schema_validation.json").read_bytes())
    assert [(file["records"], file["failed"]) for file in validation["files"]] == [(150, 0), (150, 0)]


def test_one_tampered_byte_is_found(script, tmp_path):
    output = tmp_path / "digests.jsonl"
    assert script(DIGESTS, "--output", str(output)).returncode == 0
    content = bytearray(output.read_bytes())
    content[len(content) // 2] ^= 1
    output.write_bytes(content)
    with pytest.raises(ToolkitError, match="the export is refused"):
        verify().file(output)


def test_filters_narrow_the_export(script, tmp_path):
    output = tmp_path / "some.jsonl"
    done = script(
        DIGESTS,
        "--channel",
        "@ctorecords",
        "--hours",
        "168",
        "--limit",
        "3",
        "--output",
        str(output),
        "--json",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"][0]["documents"] == 3
    assert [record["sample_id"] for record in lines_of(output)] == [
        "@ctorecords-20251115-1",
        "@ctorecords-20251114-1",
        "@ctorecords-20251113-1",
    ]


def test_nothing_found_leaves_with_1_and_says_what_there_is(script, tmp_path):
    done = script(DIGESTS, "--channel", "habr", "--output", str(tmp_path / "none.jsonl"))
    assert done.returncode == 1
    assert "No digests found for the specified filters" in done.stderr
    assert "stored: 150 digests; recorded window: 2025-10-17 .. 2025-11-15" in done.stderr
    assert not (tmp_path / "none.jsonl").exists()


def test_a_broken_document_stops_the_export_and_is_named(script, seeded, tmp_path):
    with MongoClient(seeded.mongodb_url) as client:
        digests = client[seeded.database].digests
        found = digests.find_one({"digest_id": "@onaboka-20251101-1"})
        broken = {"$set": {"latency_seconds": float("nan")}}
        digests.update_one({"_id": found["_id"]}, broken, bypass_document_validation=True)
        try:
            done = script(DIGESTS, "--output", str(tmp_path / "out.jsonl"))
        finally:
            digests.replace_one({"_id": found["_id"]}, found)
    assert done.returncode == 1
    assert "@onaboka-20251101-1" in done.stderr
    assert "latency_seconds nan" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--limit", "-1"], 64), (["--hours", "0"], 64), (["--channel", "не канал"], 1)]
)
def test_wrong_arguments_are_told_without_a_traceback(script, arguments, code):
    done = script(DIGESTS, *arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_leaves_with_1(script, tmp_path, monkeypatch):
    monkeypatch.setenv("MONGO_TIMEOUT_MS", "500")
    url = "mongodb://user:topsecret@127.0.0.1:1/butler"
    done = script(DIGESTS, "--mongo", url, "--output", str(tmp_path / "out.jsonl"))
    assert done.returncode == 1
    assert "MongoDB does not answer" in done.stderr
    assert "topsecret" not in done.stderr + done.stdout


def test_an_export_killed_while_it_runs_leaves_nothing_torn(seeded, script, tmp_path):
    output = tmp_path / "killed.jsonl"
    command = [sys.executable, str(REPOSITORY / "scripts" / DIGESTS), "--output", str(output)]
    for delay in (0.3, 0.5, 0.6, 0.7, 0.8, 1.0):
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=seeded.environment(tmp_path), stdout=subprocess.DEVNULL
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        if output.exists():
            assert len(lines_of(output)) == 150
    assert script(DIGESTS, "--output", str(output)).returncode == 0
    assert verify().file(output).documents == 150
    assert not list(tmp_path.glob(".*.tmp"))


def test_two_exports_at_once_have_one_winner(seeded, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from day23.infrastructure.locks import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1]), 'export'):\n    print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / "benchmarks" / ".export.lock"
    holder = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        loser = subprocess.run(
            [sys.executable, str(REPOSITORY / "scripts" / DIGESTS)],
            cwd=REPOSITORY,
            env=seeded.environment(tmp_path / "benchmarks"),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    finally:
        holder.kill()
        holder.wait(10)
    assert loser.returncode == 75
    assert f"pid {holder.pid}" in loser.stderr


def test_the_run_leaves_metrics_and_log_lines(script, seeded, tmp_path):
    trace = "c" * 32
    done = script(DIGESTS, "--output", str(tmp_path / "out.jsonl"), "--trace-id", trace)
    assert done.returncode == 0, done.stderr
    metrics = (seeded.root / "run" / "metrics" / "export.prom").read_text()
    assert 'benchmark_export_duration_seconds_count{exporter="digests"}' in metrics
    lines = lines_of(seeded.root / "logs" / "export.app.jsonl")
    mine = [line for line in lines if line["trace_id"] == trace]
    assert {line["service"] for line in mine} == {"export"}
    assert "collection exported" in {line["event"] for line in mine}


def test_the_environment_is_not_needed_when_the_address_is_given(seeded, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "MONGODB_URL"}
    done = subprocess.run(
        [
            sys.executable,
            str(REPOSITORY / "scripts" / DIGESTS),
            "--mongodb-url",
            seeded.mongodb_url,
            "--database",
            seeded.database,
            "--output",
            str(tmp_path / "out.jsonl"),
            "--stack-root",
            str(tmp_path / "stack"),
        ],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert Path(tmp_path / "out.jsonl.manifest.json").is_file()
