import gzip
import json

import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.exports.compressed_jsonl import compress_file


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in" / "digests.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps({"n": n, "text": str(n * 7919) * 20}) + "\n" for n in range(400)))
    return path


def test_the_same_lines_give_the_same_bytes_anywhere(source, tmp_path):
    first = compress_file(source, tmp_path / "a", 500_000)
    second = compress_file(source, tmp_path / "b", 500_000)
    assert [one.sha256 for one in first] == [one.sha256 for one in second]
    assert gzip.decompress(first[0].path.read_bytes()) == source.read_bytes()


def test_parts_keep_the_limit_and_together_are_the_source(source, tmp_path):
    written = compress_file(source, tmp_path / "out", 2_000)
    assert len(written) > 1
    assert all(one.path.stat().st_size <= 2_000 for one in written)
    assert b"".join(gzip.decompress(one.path.read_bytes()) for one in written) == source.read_bytes()


def test_an_earlier_split_does_not_stay_beside_the_new_one(source, tmp_path):
    compress_file(source, tmp_path / "out", 2_000)
    written = compress_file(source, tmp_path / "out", 500_000)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [written[0].path.name]


@pytest.mark.parametrize("content", ["{", "[1]\n", '{"a": 1}\n{'])
def test_what_is_no_jsonl_is_named_and_nothing_is_written(tmp_path, content):
    path = tmp_path / "broken.jsonl"
    path.write_text(content)
    with pytest.raises(ToolkitError, match=r"broken\.jsonl:\d"):
        compress_file(path, tmp_path / "out", 1_000)
    assert not (tmp_path / "out").exists()


def test_a_line_longer_than_the_limit_is_told(source, tmp_path):
    with pytest.raises(ToolkitError, match="one line alone needs"):
        compress_file(source, tmp_path / "out", 20)
