"""Seeding and verifying on a real MongoDB with the embedded LLM API."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from day23.domain.benchmark_dataset import document_id
from day23.domain.exit_codes import ExitCode
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.locks import exclusive_lock
from preview_server import PreviewServer, posted_at, served
from samples import SAMPLES, WITHOUT_SAMPLES

REPOSITORY = Path(__file__).resolve().parents[3]
CHANNELS = SAMPLES / "telegram"
ODD_CHANNELS = SAMPLES / "telegram_format"
LAST = datetime(2024, 12, 4, 18, tzinfo=UTC)
DAYS = 6
SCRIPTS = REPOSITORY / "scripts/quality/analysis"

Script = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two channels of three posts a day, with one day missing in the second."""
    folder = tmp_path / "source"
    for channel, skipped in (("habr", None), ("mash", 2)):
        messages = [
            _message(back * 10 + nth, LAST - timedelta(days=back, hours=nth))
            for back in reversed(range(DAYS))
            for nth in range(3)
            if back != skipped
        ]
        (folder / channel).mkdir(parents=True)
        content = {"name": channel, "type": "public_channel", "id": 1, "messages": messages}
        (folder / channel / "result.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def _message(number: int, moment: datetime) -> dict[str, Any]:
    text = f"Новость {number}. Центробанк поднял ставку до {number} процентов. Курс доллара вырос на рубль."
    return {"id": number, "type": "message", "date_unixtime": str(int(moment.timestamp())), "text": text}


@pytest.fixture
def environment(tmp_path: Path, database: Any, llm_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{REPOSITORY}",
        "MONGODB_URL": database.url,
        "DB_NAME": database.name,
        "LLM_URL": llm_url,
        "DAY23_STACK_ROOT": str(tmp_path / "stack"),
        "BENCHMARK_DATASET_DIR": str(tmp_path / "data"),
    }


@pytest.fixture
def script(environment: dict[str, str]) -> Script:
    def call(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(SCRIPTS / f"{name}.py"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return call


def _flags(source: Path) -> list[str]:
    return ["--source", str(source), "--until", "auto", "--days", str(DAYS), "--minimum", str(DAYS)]


def _content(database: Any) -> dict[str, Any]:
    """Every document by id, without what is measured."""
    found = {}
    for document in database.collection("digests").find():
        found[document["_id"]] = document | {"latency_seconds": None}
    for document in database.collection("review_reports").find():
        document["report"]["metadata"]["latency_seconds"] = None
        found[document["_id"]] = document
    return found


def test_real_days_are_seeded_and_the_gap_is_synthetic(source: Path, script: Script, database: Any) -> None:
    ended = script("seed_benchmark_data", *_flags(source), "--json")
    assert ended.returncode == ExitCode.DONE, ended.stderr
    summary = json.loads(ended.stdout)
    stored = {channel["channel"]: channel["stored"] for channel in summary["channels"]}
    assert (stored["@habr"]["telegram"], stored["@habr"]["synthetic"]) == (DAYS, 0)
    assert (stored["@mash"]["telegram"], stored["@mash"]["synthetic"]) == (DAYS - 1, 1)
    digests = list(database.collection("digests").find())
    assert len({digest["summary_markdown"] for digest in digests}) == 2 * DAYS - (DAYS - 1)
    assert all(digest["latency_seconds"] > 0 for digest in digests)


def test_running_again_changes_nothing(source: Path, script: Script, database: Any) -> None:
    assert script("seed_benchmark_data", *_flags(source)).returncode == ExitCode.DONE
    before = list(database.collection("digests").find()), list(database.collection("review_reports").find())
    ended = script("seed_benchmark_data", *_flags(source), "--json")
    assert all(channel["digests"]["stored"] == 0 for channel in json.loads(ended.stdout)["channels"])
    after = list(database.collection("digests").find()), list(database.collection("review_reports").find())
    assert before == after


@pytest.mark.parametrize("stored_first", [1, 8])
def test_killed_anywhere_the_next_run_finishes(
    stored_first: int, source: Path, script: Script, environment: dict[str, str], database: Any
) -> None:
    program = [sys.executable, str(SCRIPTS / "seed_benchmark_data.py"), *_flags(source)]
    running = subprocess.Popen(
        program, env={**environment, "BENCHMARK_MAX_CONCURRENCY": "1"}, stderr=subprocess.DEVNULL
    )
    while running.poll() is None and database.collection("digests").count_documents({}) < stored_first:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    interrupted = _content(database)
    assert script("seed_benchmark_data", *_flags(source)).returncode == ExitCode.DONE
    finished = _content(database)
    assert len(finished) == 4 * DAYS
    assert interrupted.items() <= finished.items()
    database.client.drop_database(database.name)
    assert script("seed_benchmark_data", *_flags(source)).returncode == ExitCode.DONE
    assert _content(database) == finished


def test_a_deleted_digest_fails_verification_by_channel_and_day(
    source: Path, script: Script, database: Any, tmp_path: Path
) -> None:
    script("seed_benchmark_data", *_flags(source))
    minimum = ["--minimum", str(DAYS)]
    assert script("verify_benchmark_counts", *minimum).returncode == ExitCode.DONE
    lost = (LAST - timedelta(days=1)).date()
    database.collection("digests").delete_one({"_id": document_id("digests", "mash", lost)})
    report = tmp_path / "deep" / "er" / "audit.json"
    ended = script("verify_benchmark_counts", *minimum, "--output", str(report))
    assert ended.returncode == ExitCode.ERROR
    assert f"@mash: {DAYS - 1} of {DAYS} days have digests, none on {lost}" in ended.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["passed"] is False


def test_the_snapshot_has_counts_audit_and_sheet(source: Path, script: Script, tmp_path: Path) -> None:
    script("seed_benchmark_data", *_flags(source))
    (folder,) = (tmp_path / "data" / "snapshots").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "channel_counts.json",
        "dataset_audit.json",
        "rejects.jsonl",
        "ru_spotcheck.html",
        "ru_spotcheck.md",
        "seed.json",
    ]
    seeded, audited = (
        json.loads((folder / name).read_bytes()) for name in ("seed.json", "dataset_audit.json")
    )
    assert seeded["documents"] == audited["documents"] > 0
    assert seeded["content_sha256_xor"] == audited["content_sha256_xor"]
    assert seeded["synthetic_seed"] == "{channel}|{day}"
    ended = script("sample_ru_entries", "--channel", "habr", "--count", "2")
    assert ended.stdout.count("── @habr-2024") == 2


def test_a_second_seed_leaves_and_names_the_first(source: Path, script: Script, tmp_path: Path) -> None:
    lock = StackPaths(tmp_path / "stack").run / "seed.lock"
    with exclusive_lock(lock, "seed the dataset"):
        ended = script("seed_benchmark_data", *_flags(source))
    assert ended.returncode == ExitCode.LOCKED
    assert f"pid {os.getpid()}" in ended.stderr


def test_a_bad_file_stops_the_seed_before_anything_is_stored(
    source: Path, script: Script, database: Any
) -> None:
    (source / "mash" / "result.json").write_bytes(b'{"type":"public_channel","messages":[')
    ended = script("seed_benchmark_data", *_flags(source))
    assert ended.returncode == ExitCode.ERROR
    assert "mash/result.json, byte 37" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert database.collection("digests").count_documents({}) == 0


def test_without_mongodb_the_message_says_where(
    source: Path, script: Script, environment: dict[str, str]
) -> None:
    environment["MONGO_TIMEOUT_MS"] = "300"
    url = "mongodb://user:hunter2@127.0.0.1:9/butler"
    ended = script("seed_benchmark_data", *_flags(source), "--mongodb-url", url)
    assert ended.returncode == ExitCode.ERROR
    assert "MongoDB does not answer (127.0.0.1:9" in ended.stderr
    assert "hunter2" not in ended.stderr + ended.stdout


def test_public_previews_are_seeded_like_exports(
    script: Script, environment: dict[str, str], database: Any, tmp_path: Path
) -> None:
    with served(PreviewServer(messages=80)) as server:
        environment |= {"TELEGRAM_PREVIEW_URL": server.url, "TELEGRAM_PREVIEW_SECONDS": "0"}
        environment["DAY23_CACHE_DIR"] = str(tmp_path / "cache")
        flags = ["--source", "web", "--channels", "@Habr", "--until", "auto", "--days", "3", "--json"]
        ended = script("seed_benchmark_data", *flags)
        assert ended.returncode == ExitCode.DONE, ended.stderr
        (channel,) = json.loads(ended.stdout)["channels"]
        assert (channel["stored"]["telegram"], channel["stored"]["synthetic"]) == (3, 0)
        expected = {number for number in server.numbers() if posted_at(number) >= posted_at(48)}
        assert len(expected) >= channel["posts"]["used"] > 20
        stored = database.collection("digests").find({})
        assert {post["post_id"] for digest in stored for post in digest["posts"]} <= expected
        hidden = script("seed_benchmark_data", *flags, "--channels", "hidden_channel")
        assert "@hidden_channel shows no public preview" in hidden.stderr


@pytest.mark.slow
@pytest.mark.skipif(not CHANNELS.is_dir(), reason=WITHOUT_SAMPLES)
def test_real_channels_are_seeded_verified_and_exported_as_the_raw_files_count(
    script: Script, database: Any, tmp_path: Path
) -> None:
    ended = script("seed_benchmark_data", "--source", str(CHANNELS), "--until", "auto", "--json")
    assert ended.returncode == ExitCode.DONE, ended.stderr
    summary = json.loads(ended.stdout)
    start, end = (
        datetime.fromisoformat(summary[name]).timestamp() for name in ("window_start", "window_end")
    )
    exported = _verified_and_exported(script, tmp_path)
    for channel in summary["channels"]:
        per_day = _raw_posts_per_day(channel["channel"].removeprefix("@"), start, end)
        assert channel["posts"]["used"] == sum(per_day.values())
        stored = database.collection("digests").find({"channel": channel["channel"]})
        assert {digest["created_at"].date().isoformat(): len(digest["posts"]) for digest in stored} == per_day
        assert exported[channel["channel"]] == per_day
    assert len(exported) == 5


def _verified_and_exported(script: Script, tmp_path: Path, minimum: int = 30) -> dict[str, Counter[str]]:
    """Verify, export both collections, verify the export; return the posts by channel and day."""
    verified = script("verify_benchmark_counts", "--minimum", str(minimum))
    assert verified.returncode == ExitCode.DONE, verified.stderr
    for name in ("digests", "review_reports"):
        done = script(f"export_{name}", "--output", str(tmp_path / "out" / f"{name}.jsonl"))
        assert done.returncode == ExitCode.DONE, done.stderr
        accepted = script("verify_exports", str(tmp_path / "out" / f"{name}.jsonl"))
        assert accepted.returncode == ExitCode.DONE, accepted.stderr
    posts: dict[str, Counter[str]] = {}
    for line in (tmp_path / "out" / "digests.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        day = posts.setdefault(record["channel"], Counter())
        day[record["timestamp"][:10]] += record["metadata"]["posts_count"]
    return posts


def _raw_posts_per_day(channel: str, start: float, end: float) -> Counter[str]:
    raw = json.loads((CHANNELS / channel / "result.json").read_text(encoding="utf-8"))
    per_day: Counter[str] = Counter()
    for message in raw["messages"]:
        moment = int(message["date_unixtime"])
        if start <= moment < end and json.dumps(message["text"]).strip('[]" '):
            per_day[datetime.fromtimestamp(moment, UTC).date().isoformat()] += 1
    return per_day


@pytest.mark.slow
@pytest.mark.skipif(not ODD_CHANNELS.is_dir(), reason=WITHOUT_SAMPLES)
@pytest.mark.parametrize(("channel", "is_russian"), [("pachum_daily", True), ("salaf_ar_en", False)])
def test_exports_of_odd_shapes_are_counted_and_foreign_ones_refused(
    channel: str, is_russian: bool, script: Script, database: Any, tmp_path: Path
) -> None:
    flags = ["--source", str(ODD_CHANNELS), "--until", "auto", "--channels", channel, "--json"]
    ended = script("seed_benchmark_data", *flags)
    (counted,) = json.loads(ended.stdout)["channels"]
    told = _raw_messages_with_text(channel)
    posts = counted["posts"]
    assert posts["used"] + posts["outside_window"] == len(told)
    assert posts["read"] == sum(value for name, value in posts.items() if name != "read")
    real = database.collection("digests").find({"channel": f"@{channel}", "provenance": "telegram"})
    stored = {post["post_id"] for digest in real for post in digest["posts"]}
    if is_russian:
        assert ended.returncode == ExitCode.DONE, ended.stderr
        assert len(stored) == posts["used"]
        assert stored <= told
        assert sum(_verified_and_exported(script, tmp_path)[f"@{channel}"].values()) >= posts["used"]
    else:
        assert ended.returncode == ExitCode.ERROR
        assert "not Russian" in ended.stderr
        assert counted["digests"]["rejected"] > 0


def _raw_messages_with_text(channel: str) -> set[int]:
    files = sorted((ODD_CHANNELS / channel).glob("result*.json"))
    latest = {
        message["id"]: message
        for file in files
        for message in json.loads(file.read_text(encoding="utf-8"))["messages"]
        if message["type"] == "message"
    }
    return {
        number
        for number, message in latest.items()
        if "".join(entity["text"] for entity in message["text_entities"]).strip() or "poll" in message
    }
