"""What a benchmark run leaves behind, and that every changed byte of it is found."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from day23.application.export_dataset import ExportDatasetUseCase, ExportRequest
from day23.application.export_store import ExportTarget
from day23.application.null_telemetry import NullTelemetry
from day23.application.seed_summary import SeedSummary
from day23.application.verify_dataset import DatasetAudit, VerifySummary
from day23.domain.exit_codes import ExitCode
from day23.presentation.cli.command import exit_code_of
from day23.presentation.cli.run_benchmark import run_benchmark
from day23.presentation.cli.verify_evidence import verify_evidence
from day23.wiring.evidence import save_evidence, seal_evidence

WRITTEN = {
    "manifest.json",
    "result.json",
    "samples.jsonl",
    "report.md",
    "index.html",
    "latency.png",
    "quality.png",
}


@pytest.fixture
def run_again(repository, export_files, progress, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAY23_STACK_ROOT", str(tmp_path / "stack"))
    monkeypatch.setenv("BENCHMARK_DATASET_DIR", str(tmp_path / "benchmarks"))
    target = ExportTarget.dated(tmp_path / "benchmarks", "2025-11-16")
    ExportDatasetUseCase(repository, export_files, NullTelemetry(), progress).execute(ExportRequest(target))
    results = tmp_path / "benchmarks" / "results"

    def ran(*flags):
        before = set(results.glob("*/*"))
        assert exit_code_of(run_benchmark, ["--scenario", "channel_digest_ru", "--dry-run", *flags]) in (0, 4)
        (folder,) = [path for path in results.glob("*/*") if path.is_dir() and path not in before]
        return folder

    return ran


@pytest.fixture
def bundle(run_again):
    return run_again()


def seed_summary(folder, **changes):
    start = datetime(2025, 10, 17, tzinfo=UTC)
    known = {
        "window_start": start,
        "window_end": start + timedelta(days=30),
        "channels": (),
        "rejected": (),
        "skipped_files": (),
        "notes": (),
        "snapshot": folder / "channel_counts.json",
        "duration_seconds": 1.0,
        "trace_id": "a" * 32,
    }
    return SeedSummary.model_validate(known | changes)


def verify(folder):
    return exit_code_of(verify_evidence, [str(folder)])


def test_a_run_leaves_record_samples_page_and_pictures(bundle):
    assert {path.name for path in bundle.iterdir()} == WRITTEN
    lines = [json.loads(line) for line in (bundle / "samples.jsonl").read_bytes().splitlines()]
    assert len(lines) == 60
    page = (bundle / "index.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert (bundle / "latency.png").read_bytes().startswith(b"\x89PNG")
    assert "| coverage | mean |" in (bundle / "report.md").read_text(encoding="utf-8")


def test_one_changed_byte_of_any_file_is_found(bundle, capsys):
    assert verify(bundle) == ExitCode.DONE
    for path in sorted(bundle.iterdir()):
        sound = path.read_bytes()
        for place in (0, len(sound) // 2, len(sound) - 1):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
            assert verify(bundle) == ExitCode.ERROR, (path.name, place)
        path.write_bytes(sound)
    assert verify(bundle) == ExitCode.DONE


def test_a_missing_and_an_additional_file_are_found(bundle, capsys):
    (bundle / "report.md").rename(bundle / "other.md")
    assert verify(bundle) == ExitCode.ERROR
    told = capsys.readouterr().err
    assert "report.md is missing" in told
    assert "other.md is not listed" in told


def test_the_export_it_rests_on_is_checked_where_it_is_here(bundle, tmp_path, capsys):
    manifest = tmp_path / "benchmarks" / "exports" / "2025-11-16" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    assert verify(bundle) == ExitCode.ERROR
    assert "the export's manifest.json was changed since" in capsys.readouterr().err
    shutil.rmtree(manifest.parent)
    assert verify(bundle) == ExitCode.DONE
    assert "not here, so not checked: export" in capsys.readouterr().out


def test_a_folder_without_a_manifest_is_no_evidence(tmp_path, capsys):
    assert verify(tmp_path) == ExitCode.ERROR
    assert "no evidence" in capsys.readouterr().err


@pytest.mark.parametrize(("written", "forged"), [(b'"tool": "day23"', b'"tool": "day24"'), (b"  ", b" \t")])
def test_a_manifest_that_still_reads_but_was_changed_is_found(bundle, capsys, written, forged):
    manifest = bundle / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(written, forged, 1))
    assert verify(bundle) == ExitCode.ERROR
    assert "the manifest was changed" in capsys.readouterr().err


def test_the_chain_is_followed_to_the_exported_records(bundle, tmp_path, capsys):
    records = tmp_path / "benchmarks" / "exports" / "2025-11-16" / "digests.jsonl"
    sound = records.read_bytes()
    records.write_bytes(sound.replace(b"0.9", b"0.8", 1))
    assert verify(bundle) == ExitCode.ERROR
    assert "digests.jsonl: SHA-256 is" in capsys.readouterr().err
    records.write_bytes(sound)
    assert verify(bundle) == ExitCode.DONE


def test_what_seeding_left_is_part_of_the_bundle_and_outlives_the_next_seed(run_again, tmp_path):
    record = tmp_path / "benchmarks" / "snapshots" / "2025-11-16" / "seed.json"
    record.parent.mkdir(parents=True)
    seeded = seed_summary(tmp_path, content_sha256_xor="ab").model_dump_json()
    record.write_text(seeded, encoding="utf-8")
    folder = run_again()
    record.write_text("{}", encoding="utf-8")
    assert verify(folder) == ExitCode.DONE
    assert (folder / "seed.json").read_text(encoding="utf-8") == seeded
    (folder / "seed.json").write_text(seeded.replace('"ab"', '"ac"'), encoding="utf-8")
    assert verify(folder) == ExitCode.ERROR


@pytest.mark.parametrize(("verified", "code"), [("ab", ExitCode.DONE), ("ac", ExitCode.ERROR)])
def test_what_was_verified_must_be_what_seeding_left(tmp_path, capsys, verified, code):
    start = datetime(2025, 10, 17, tzinfo=UTC)
    audit = DatasetAudit(
        generated_at=start,
        days_window=30,
        window_start=start,
        window_end=start + timedelta(days=30),
        minimum_required=30,
        reads_agree=True,
        passed=True,
        documents=300,
        content_sha256_xor=verified,
        channels=(),
    )
    save_evidence(tmp_path, "seed", seed_summary(tmp_path, documents=300, content_sha256_xor="ab"))
    save_evidence(tmp_path, "verify", VerifySummary(audit=audit, report=tmp_path, trace_id="a" * 32))
    seal_evidence(tmp_path)
    assert verify(tmp_path) == code
    assert ("changed between seeding and verification" in capsys.readouterr().err) is bool(code)


def test_the_result_names_its_seed(run_again):
    result = json.loads((run_again("--seed", "7") / "result.json").read_bytes())
    assert (result["metadata"]["seed"], result["metadata"]["load"]) == (7, None)
