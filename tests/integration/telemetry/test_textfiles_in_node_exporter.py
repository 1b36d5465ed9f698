"""A real node exporter serves what short-lived programs measured, with the catalogue's types and help."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from role_artifacts import program_of

from day23.domain.metric import MetricType
from day23.domain.observability_policy import POLICY
from day23.infrastructure.metrics.textfile import TextfileMetrics

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[3]

CHANNELS = ("onaboka", "ctorecords")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def scrape(tmp_path: Path) -> Iterator[str]:
    """The address of a node exporter that serves `tmp_path` and nothing else."""
    found = program_of("node_exporter")
    address = f"127.0.0.1:{free_port()}"
    options = ["--collector.disable-defaults", "--collector.textfile", f"--web.listen-address={address}"]
    program = [str(found.binaries["node_exporter"]), *options, f"--collector.textfile.directory={tmp_path}"]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://{address}/metrics"
    finally:
        server.kill()
        server.wait()


def scraped(url: str) -> str:
    deadline = time.monotonic() + 10
    while True:
        try:
            with urlopen(url, timeout=2) as answer:  # noqa: S310  (our own server)
                return answer.read().decode()
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_counters_gauges_and_histograms_of_two_programs_are_served(tmp_path: Path, scrape: str) -> None:
    seed = TextfileMetrics(POLICY, tmp_path / "seed.prom")
    for channel in CHANNELS:
        seed.measure("benchmark_digest_records_total", 30, channel=channel)
    seed.measure("structured_logs_total", 4, service="seed", level="info")
    seed.flush()
    export = TextfileMetrics(POLICY, tmp_path / "export.prom")
    export.measure("benchmark_export_duration_seconds", 0.7, exporter="digests")
    export.measure("structured_logs_total", 2, service="export", level="info")
    export.flush()

    families = {family.name: family for family in text_string_to_metric_families(scraped(scrape))}
    assert families["node_textfile_scrape_error"].samples[0].value == 0
    records = families["benchmark_digest_records"]
    assert {sample.labels["channel"]: sample.value for sample in records.samples} == dict.fromkeys(
        CHANNELS, 30
    )
    assert records.type == MetricType.COUNTER
    assert records.documentation == POLICY.metric("benchmark_digest_records_total").help
    assert families["benchmark_export_duration_seconds"].type == MetricType.HISTOGRAM
    lines = {sample.labels["service"]: sample.value for sample in families["structured_logs"].samples}
    assert lines == {"seed": 4, "export": 2}


def test_a_broken_file_of_another_program_does_not_hide_ours(tmp_path: Path, scrape: str) -> None:
    (tmp_path / "other.prom").write_text("this is { no metric")
    seed = TextfileMetrics(POLICY, tmp_path / "seed.prom")
    seed.measure("benchmark_digest_records_total", 30, channel="onaboka")
    seed.flush()
    page = scraped(scrape)
    assert "node_textfile_scrape_error 1" in page
    assert 'benchmark_digest_records_total{channel="onaboka"} 30' in page
