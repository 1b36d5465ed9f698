"""Folders of exports: what is read, merged, counted and refused."""

import gzip
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.window import Window
from day23.infrastructure.telegram.desktop_export import DesktopExports
from samples import SAMPLES, WITHOUT_SAMPLES

WINDOW = Window(datetime(2024, 12, 1, tzinfo=UTC), datetime(2024, 12, 5, tzinfo=UTC))
MIDNIGHT = int(WINDOW.start.timestamp())
GOOD = b'{"name":"x","type":"public_channel","id":1,"messages":['


def message(number: int, second: int = 0, text: Any = "Новость дня", **more: Any) -> dict[str, Any]:
    unix = str(MIDNIGHT + second)
    return {"id": number, "type": "message", "date_unixtime": unix, "text": text} | more


def export(path: Path, *messages: Mapping[str, Any], **header: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"name": "Канал", "type": "public_channel", "id": 1} | header | {"messages": messages}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_every_message_is_counted_once(tmp_path: Path) -> None:
    export(
        tmp_path / "habr/result.json",
        message(1),
        message(2, text=""),
        message(3, second=-5),
        {"id": 4, "type": "service", "date_unixtime": str(MIDNIGHT), "action": "pin_message"},
        message(5, second=86_400 * 4),
        message(1),
    )
    found = DesktopExports(tmp_path).read("@Habr", WINDOW)
    counts = found.counts
    assert [post.post_id for post in found.posts] == [1]
    assert (counts.read, counts.used, counts.outside_window) == (6, 1, 2)
    assert (counts.without_text, counts.service, counts.duplicates) == (1, 1, 1)


def test_files_are_merged_by_id_and_the_latest_edit_wins(tmp_path: Path) -> None:
    newer = message(1, text="Исправлено", edited_unixtime=str(MIDNIGHT + 60))
    export(tmp_path / "habr/result_1.json", newer, message(2, second=10))
    export(tmp_path / "habr/result_2.json", message(1, text="Опечатка"), message(3, second=20))
    found = DesktopExports(tmp_path).read("habr", WINDOW)
    assert [post.text for post in found.posts] == ["Исправлено", "Новость дня", "Новость дня"]
    assert found.counts.duplicates == 1


def test_newest_post_is_over_all_channels(tmp_path: Path) -> None:
    export(tmp_path / "habr/result.json", message(1, second=5))
    export(tmp_path / "mash/result.json", message(1, second=99), message(2, second=200, text=""))
    assert DesktopExports(tmp_path).newest_post() == datetime(2024, 12, 1, 0, 1, 39, tzinfo=UTC)


def test_channels_map_names_folders(tmp_path: Path) -> None:
    export(tmp_path / "ChatExport_1/result.json", message(1))
    export(tmp_path / "mash/result.json", message(1))
    source = DesktopExports(tmp_path, {"@Habr": "ChatExport_1"})
    assert source.channels() == ("habr", "mash")
    assert source.read("habr", WINDOW).counts.used == 1


BAD_FILES = {
    "empty": (b"", "is empty", "byte 0"),
    "utf-16": ('{"type":1}'.encode("utf-16"), "is UTF-16", "byte 0"),
    "cp1251": (GOOD + '{"id":1,"text":"Привет"}]}'.encode("cp1251"), "not UTF-8", "byte 72"),
    "truncated": (GOOD + b'{"id":1,"type":"mes', "is cut off", "byte 74"),
    "not json": (b"<html>oops</html>", "is not JSON", "byte 0"),
    "10 MB of one line": (b"x" * 10_000_000, "is not JSON", "byte 0"),
    "10 MB string": (b'"' + b"x" * 10_000_000 + b'"', "type is absent", "key 'type'"),
    "a list": (b"[]", "not a channel export", "key 'type'"),
    "a person": (GOOD.replace(b"public_channel", b"personal_chat") + b"]}", "personal_chat", "key 'type'"),
    "no messages": (GOOD + b"]}", "has no messages", "key 'messages'"),
    "no list": (b'{"type":"public_channel","id":1}', "has no messages", "key 'messages'"),
    "bad message": (
        GOOD + b'{"id":1,"type":"message"}]}',
        "has neither date_unixtime nor date",
        "messages[0]",
    ),
    "trailing garbage": (
        GOOD + b'{"id":1,"type":"service","date_unixtime":"1"}]} xx',
        "is not JSON",
        "byte 103",
    ),
    "huge text": (
        GOOD + b'{"id":1,"type":"message","date_unixtime":"1","text":"' + b"x" * 10_000_000 + b'"}]}',
        "a text of 10000000 characters",
        "messages[0]",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    content, what, where = BAD_FILES[name]
    path = export(tmp_path / "habr/result.json")
    path.write_bytes(content)
    with pytest.raises(ToolkitError) as refused:
        DesktopExports(tmp_path).read("habr", WINDOW)
    assert what in refused.value.what
    assert refused.value.where == f"{path}, {where}"
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("name", BAD_FILES)
def test_good_files_are_used_without_the_bad_ones(name: str, tmp_path: Path) -> None:
    export(tmp_path / "habr/result_1.json").write_bytes(BAD_FILES[name][0])
    export(tmp_path / "habr/result_2.json", message(1))
    found = DesktopExports(tmp_path, skip_bad=True).read("habr", WINDOW)
    assert found.counts.used == 1
    left_out = [Path(skipped.path).name for skipped in found.skipped_files]
    assert left_out == ["result_1.json"] * (name not in ("bad message", "huge text"))


def test_a_bad_message_is_rejected_alone_and_the_account_adds_up(tmp_path: Path) -> None:
    bad = {"id": "x", "type": "message", "date_unixtime": "1", "text": "Без номера"}
    path = export(tmp_path / "habr/result.json", message(1), bad, message(2), message(2))
    found = DesktopExports(tmp_path, skip_bad=True).read("habr", WINDOW)
    counts = found.counts
    assert (counts.read, counts.used, counts.rejected, counts.duplicates) == (4, 2, 1, 1)
    (rejected,) = found.rejections()
    assert rejected.place == f"{path}, messages[1]"
    assert "has id that is a string" in rejected.reason


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    path = export(tmp_path / "habr/result_1.json", *(message(number) for number in range(2000)))
    path.write_bytes(path.read_bytes()[:-10])
    export(tmp_path / "habr/result_2.json", message(9000))
    found = DesktopExports(tmp_path, skip_bad=True).read("habr", WINDOW)
    assert (found.counts.read, [post.post_id for post in found.posts]) == (1, [9000])


def account(path: Path, *chats: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"about": "", "chats": {"about": "", "list": chats[:-1]}, "left_chats": {"list": chats[-1:]}}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def chat(number: int, name: str | None, *messages: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "public_channel", "id": number} | more | {"messages": messages}


@pytest.mark.parametrize("folder", ["", "account"])
def test_a_whole_account_gives_its_channels_and_no_private_chat(folder: str, tmp_path: Path) -> None:
    account(
        tmp_path / folder / "result.json",
        chat(7, "Мама", message(1, text="Секрет"), type="personal_chat"),
        chat(11, "Habr", message(1, text="Первая"), message(2, text="Вторая")),
        chat(12, None, message(1, text="Без имени")),
        chat(13, "Канал с пробелами", message(5, text="Из покинутых")),
    )
    source = DesktopExports(tmp_path, {"mash": f"{folder or '.'}#13"})
    assert source.channels() == ("channel_12", "habr", "mash")
    texts = {name: [post.text for post in source.read(name, WINDOW).posts] for name in source.channels()}
    assert texts == {"habr": ["Первая", "Вторая"], "channel_12": ["Без имени"], "mash": ["Из покинутых"]}
    (skipped,) = source.read("habr", WINDOW).skipped_files
    assert "1 chats of the account are no channels" in skipped.reason


def test_packed_files_are_read_like_plain_ones(tmp_path: Path) -> None:
    plain = export(tmp_path / "plain/result.json", message(1), message(2, second=5))
    packed = tmp_path / "source" / "habr"
    packed.mkdir(parents=True)
    with gzip.open(packed / "result.json.gz", "wb") as stream:
        stream.write(plain.read_bytes())
    export(tmp_path / "more/result.json", message(2, second=5), message(3, second=9))
    with zipfile.ZipFile(packed / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "more/result.json", "ChatExport/result.json")
        archive.writestr("ChatExport/photos/readme.txt", "no export")
    found = DesktopExports(tmp_path / "source").read("habr", WINDOW)
    assert [post.post_id for post in found.posts] == [1, 2, 3]
    assert found.counts.duplicates == 1


@pytest.mark.parametrize(("name", "content"), [("result.json.gz", b"no gzip"), ("a.zip", b"PK no zip")])
def test_a_damaged_archive_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "habr").mkdir()
    (tmp_path / "habr" / name).write_bytes(content)
    with pytest.raises(ToolkitError, match=f"{name} cannot be unpacked"):
        DesktopExports(tmp_path).read("habr", WINDOW)


def test_a_compression_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "habr").mkdir()
    with gzip.open(tmp_path / "habr/result.json.gz", "wb") as stream:
        stream.write(GOOD + b'{"id":1,"type":"message","date_unixtime":"1","text":"')
        for _ in range(40):
            stream.write(b"x" * 2**20)
    with pytest.raises(ToolkitError, match="a string of more than 16 MiB"):
        DesktopExports(tmp_path).read("habr", WINDOW)


def test_times_without_a_zone_are_read_in_the_one_that_is_given_and_told(tmp_path: Path) -> None:
    old = {"id": 1, "type": "message", "date": "2024-12-02T01:30:00", "text": "Старый экспорт"}
    export(tmp_path / "habr/result.json", old, message(2, second=7 * 3600))
    found = DesktopExports(tmp_path, zone=ZoneInfo("Europe/Moscow")).read("habr", WINDOW)
    assert [post.posted_at.hour for post in found.posts] == [7, 22]
    (note,) = found.notes
    assert note.startswith("1 messages of @habr state no time zone")
    assert note.endswith("taken as Europe/Moscow")


def test_a_channel_keeps_its_posts_when_it_is_renamed(tmp_path: Path) -> None:
    export(tmp_path / "habr/result_1.json", message(1), name="Старое имя")
    export(tmp_path / "habr/result_2.json", message(2), name="Новое имя")
    found = DesktopExports(tmp_path).read("habr", WINDOW)
    assert found.counts.used == 2
    assert found.notes == ("@habr was renamed: Старое имя → Новое имя",)


@given(
    versions=st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9)), max_size=40), files=st.integers(1, 4)
)
def test_in_any_split_the_newest_edit_of_each_message_wins(
    versions: list[tuple[int, int]], files: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("source")
    messages = [
        message(number, text=f"{number} в редакции {edit}", edited_unixtime=str(MIDNIGHT + edit))
        for number, edit in versions
    ]
    for position in range(files):
        export(folder / f"habr/result_{position}.json", message(99, text=""), *messages[position::files])
    found = DesktopExports(folder).read("habr", WINDOW)
    newest = {number: max(edit for other, edit in versions if other == number) for number, _ in versions}
    assert [post.text for post in found.posts] == [f"{n} в редакции {newest[n]}" for n in sorted(newest)]
    counts = found.counts
    assert counts.read == len(versions) + files == counts.used + counts.duplicates + counts.without_text


def test_files_of_two_channels_in_one_folder_are_refused(tmp_path: Path) -> None:
    export(tmp_path / "habr/result_1.json", message(1))
    export(tmp_path / "habr/result_2.json", message(1), id=2)
    export(tmp_path / "habr/result_3.json", message(9))
    with pytest.raises(ToolkitError, match="is of channel 2"):
        DesktopExports(tmp_path).read("habr", WINDOW)
    found = DesktopExports(tmp_path, skip_bad=True).read("habr", WINDOW)
    assert [post.post_id for post in found.posts] == [1, 9]


@pytest.mark.parametrize("made", [(), ("habr",)])
def test_a_source_without_exports_is_refused(tmp_path: Path, made: tuple[str, ...]) -> None:
    for name in made:
        (tmp_path / name).mkdir()
    with pytest.raises(ToolkitError, match="holds no"):
        DesktopExports(tmp_path)


def test_a_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="does not exist"):
        DesktopExports(tmp_path / "nowhere")


def test_a_channel_without_a_folder_is_refused_and_the_others_named(tmp_path: Path) -> None:
    export(tmp_path / "habr/result.json", message(1))
    with pytest.raises(ToolkitError, match=r"no export of @mash .*found: habr"):
        DesktopExports(tmp_path).read("mash", WINDOW)


@given(content=st.binary(max_size=200), prefix=st.sampled_from([b"", GOOD, b"{", b"\xef\xbb\xbf{}"]))
def test_any_bytes_are_read_or_refused(
    content: bytes, prefix: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("source")
    export(folder / "habr/result.json").write_bytes(prefix + content)
    with pytest.raises(ToolkitError):
        DesktopExports(folder).read("habr", WINDOW)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=WITHOUT_SAMPLES)
@pytest.mark.parametrize(
    ("channel", "read", "without_text", "service"),
    [("pachum_daily", 21, 16, 0), ("salaf_ar_en", 213, 51, 5)],
)
def test_genuine_exports_of_odd_shapes(channel: str, read: int, without_text: int, service: int) -> None:
    counts = DesktopExports(SAMPLES / "telegram_format").read(channel, WINDOW).counts
    assert (counts.read, counts.without_text, counts.service) == (read, without_text, service)


def test_a_broken_account_is_counted_and_the_rest_read(tmp_path: Path) -> None:
    export(tmp_path / "habr/result.json", message(1))
    account = tmp_path / "account/result.json"
    account.parent.mkdir()
    account.write_text('{"chats": {"list": [{"name": "mash", "type": "public_channel", "id": 2, "mess')
    with pytest.raises(ToolkitError, match=r"account/result\.json"):
        DesktopExports(tmp_path)
    source = DesktopExports(tmp_path, skip_bad=True)
    assert source.channels() == ("habr",)
    (skipped,) = source.read("habr", WINDOW).skipped_files
    assert skipped.path.endswith("account/result.json")
    assert "cut off" in skipped.reason


@pytest.mark.timeout(60)
@pytest.mark.parametrize("inside", ["Я" * 1_000, 'Я\\"' * 1_000])
def test_a_message_of_17_megabytes_does_not_keep_the_parser_busy(tmp_path, inside):
    """A parser that starts a string again with every chunk of it needs half a minute here."""
    folder = tmp_path / "onaboka"
    folder.mkdir()
    head = '{"name": "К", "type": "public_channel", "id": 1, "messages": [{"id": 1, "type": "message", '
    text = inside * (17_000_000 // len(inside.encode()))
    (folder / "result.json").write_text(f'{head}"text": "{text}", "date_unixtime": "1763200800"}}]}}')
    exports = DesktopExports(tmp_path, {}, skip_bad=True)
    counts = exports.read("onaboka", WINDOW).counts
    assert counts.used == 0
    assert counts.rejected == counts.read


def test_a_fault_deep_inside_a_long_string_is_found_to_the_byte(tmp_path):
    folder = tmp_path / "onaboka"
    folder.mkdir()
    before = b'{"name": "K", "type": "public_channel", "id": 1, "messages": [{"text": "' + b"x" * 9_000_000
    (folder / "result.json").write_bytes(before + b'\x01", "id": 1}]}')
    with pytest.raises(ToolkitError) as caught:
        DesktopExports(tmp_path, {}).read("onaboka", WINDOW)
    assert f"byte {len(before)}" in caught.value.where
