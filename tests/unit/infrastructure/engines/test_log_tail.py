"""The last lines of what a service wrote."""

import os
from pathlib import Path

from day23.infrastructure.engines.log_tail import last_lines


def test_the_stream_written_last_comes_last(tmp_path: Path) -> None:
    out, err = tmp_path / "a.stdout.jsonl", tmp_path / "a.stderr.jsonl"
    out.write_text("out 1\nout 2\n")
    err.write_text("err 1\n")
    os.utime(out, (200, 200))
    os.utime(err, (100, 100))

    assert last_lines([out, err], 10) == ["err 1", "out 1", "out 2"]
    assert last_lines([out, err], 2) == ["out 1", "out 2"]
    assert last_lines([out, err], 0) == []


def test_a_rotated_file_is_read_when_the_new_one_is_short(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.1").write_text("1\n2\n3\n")
    (tmp_path / "a.jsonl").write_text("4\n")

    assert last_lines([tmp_path / "a.jsonl"], 3) == ["2", "3", "4"]


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        stream.truncate(10**12)  # sparse
        stream.seek(0, os.SEEK_END)
        stream.write(b"\nlast\n")

    assert last_lines([path], 1) == ["last"]


def test_nothing_written_is_no_error(tmp_path: Path) -> None:
    assert last_lines([tmp_path / "missing.jsonl"], 5) == []
