"""Each exit code of the benchmark, one by one, from the script itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Collection
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.locks import exclusive_lock

SCRIPT = Path(__file__).resolve().parents[4] / "scripts" / "quality" / "benchmark" / "run_benchmark.py"
WITHIN_SECONDS = 120


@pytest.fixture
def channels():
    """Enough samples for an interval of the 95th percentile, which takes 72."""
    return ("onaboka", "ctorecords", "alexgladkovblog", "xor_journal", "tired_glebmikheev")


@pytest.fixture
def export(repository, export_files, progress, tmp_path):
    def exported(coverage=0.9):
        for document in repository.documents[Collection.DIGESTS]:
            document["quality"]["llm_judge"]["scores"]["coverage"] = coverage
        use_case = ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress)
        use_case.execute(ExportRequest(ExportTarget.dated(tmp_path / "benchmarks", "2025-11-16")))

    return exported


@pytest.fixture
def start(tmp_path):
    def started(*flags, scenario="channel_digest_ru", url="http://127.0.0.1:9"):
        environment = {
            **os.environ,
            "DAY23_STACK_ROOT": str(tmp_path / "stack"),
            "BENCHMARK_DATASET_DIR": str(tmp_path / "benchmarks"),
            "LLM_URL": url,
        }
        return subprocess.Popen(
            [sys.executable, str(SCRIPT), "--scenario", scenario, *flags],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return started


@pytest.fixture
def slow_model() -> Iterator[tuple[str, Event]]:
    """A model that takes a question and never answers; the event tells that it was asked."""
    asked, over = Event(), Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def do_POST(self):
            asked.set()
            over.wait(WITHIN_SECONDS)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        over.set()
        server.shutdown()


def ended(process):
    _, told = process.communicate(timeout=WITHIN_SECONDS)
    assert "Traceback" not in told
    return process.returncode, told


@pytest.mark.parametrize(
    ("coverage", "flags", "code"),
    [
        (0.9, [], 0),
        (0.5, [], 2),
        (0.82, ["--fail-on-warn"], 3),
        (0.9, ["--limit", "40"], 4),
    ],
    ids=["pass", "fail", "warn that fails", "undecided"],
)
def test_the_verdict_is_the_exit_code(export, start, coverage, flags, code):
    export(coverage)
    assert ended(start("--dry-run", *flags))[0] == code


def test_a_void_run_leaves_with_4(export, start):
    export()
    assert ended(start("--warm-up", "0", "--limit", "6"))[0] == 4


def test_a_dataset_that_is_not_there_is_an_error(start):
    code, told = ended(start("--dry-run"))
    assert (code, "no such dataset file" in told) == (1, True)


@pytest.mark.parametrize(
    "flags", [["--rate", "0"], ["--workers", "0"], ["--workers", "3", "--max-concurrency", "2"]]
)
def test_a_wrong_word_is_a_usage_error(export, start, flags):
    export()
    assert ended(start(*flags))[0] == 64


def test_a_scenario_that_is_not_there_is_a_usage_error(start):
    assert ended(start("--dry-run", scenario="nothing"))[0] == 64


def test_a_second_live_run_of_the_stack_is_locked_out(export, start, tmp_path):
    export()
    with exclusive_lock(StackPaths(tmp_path / "stack").run / "benchmark.lock", "measuring the LLM API"):
        code, told = ended(start())
        assert (code, "measuring the LLM API" in told) == (75, True)


@pytest.mark.parametrize("flags", [[], ["--workers", "2"]])
def test_ctrl_c_leaves_with_130(export, start, slow_model, flags):
    export()
    url, asked = slow_model
    process = start("--warm-up", "0", *flags, url=url)
    assert asked.wait(WITHIN_SECONDS)
    process.send_signal(signal.SIGINT)
    code, told = ended(process)
    assert (code, "go on with --resume" in told) == (130, True)
