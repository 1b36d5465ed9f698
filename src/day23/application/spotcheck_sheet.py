"""The reviewers' sheet of the Russian spot check: what the program ticks and what reviewers wrote."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from day23.application.ports import Collection, Document
from day23.domain.benchmark_dataset import missing_fields, violations
from day23.domain.channel import handle
from day23.domain.russian_localisation import MINIMUM_RUSSIAN_SHARE
from day23.domain.russian_text import cyrillic_share

COLUMNS = (
    "Channel",
    "Sample IDs",
    "Summary RU?",
    "Raw Posts RU?",
    "Metadata Present?",
    "Reviewer",
    "Status",
)
SIGN_OFFS = ("Engineer Reviewer", "Analyst Reviewer")
OPEN = "☐"

_METADATA_FIELDS = ("metadata", "feature_flags", "latency_seconds", "created_at", "quality", "provenance")
_ROW = re.compile(r"^\| (@[a-z0-9_]+) \|(.*)\|$")
_SIGNED = re.compile(r"^- (Engineer Reviewer|Analyst Reviewer): (.+)$")
_NOTE = re.compile(r"^- Note on (\S+): (.+)$")


@dataclass(frozen=True, slots=True)
class ChannelSample:
    """The digests drawn from one channel, oldest first."""

    channel: str
    digests: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One drawn digest with its broken rules and the reviewers' note."""

    digest: Document
    problems: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SheetSample:
    """One channel's entries."""

    channel: str
    entries: tuple[SheetEntry, ...]


@dataclass(frozen=True, slots=True)
class SpotcheckSheet:
    """The sheet as a table, signatures and samples.

    Attributes:
        rows: Channel and the cells of the other columns.
        sign_offs: Role and name, or `OPEN`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    sign_offs: tuple[tuple[str, str], ...]
    samples: tuple[SheetSample, ...]


PageWriter = Callable[[SpotcheckSheet], str]
"""Renders the sheet as HTML."""


def fill_sheet(samples: Sequence[ChannelSample], earlier: str) -> SpotcheckSheet:
    """Return the sheet with everything that reviewers wrote on an earlier one.

    Rows of other channels, the Reviewer and Status cells, notes and signatures of `earlier` are kept,
    unless the drawn samples of a row changed: then its sign-off is open again.
    """
    known = _rows(earlier)
    rows = known | {handle(sample.channel): _row(sample, known) for sample in samples}
    signed = _written(_SIGNED, earlier)
    notes = _written(_NOTE, earlier)
    return SpotcheckSheet(
        COLUMNS,
        tuple((channel, tuple(cells)) for channel, cells in sorted(rows.items())),
        tuple((role, signed.get(role, OPEN)) for role in SIGN_OFFS),
        tuple(SheetSample(handle(one.channel), tuple(_entries(one, notes))) for one in samples),
    )


def sheet_markdown(sheet: SpotcheckSheet) -> str:
    """Return the sheet as Markdown: the table, the signatures, then each digest above its posts."""
    lines = [
        "# Russian localisation spot check",
        "",
        _line(sheet.columns),
        _line(["---"] * len(sheet.columns)),
        *(_line([channel, *cells]) for channel, cells in sheet.rows),
        "",
        *(f"- {role}: {name}" for role, name in sheet.sign_offs),
        *(line for sample in sheet.samples for entry in sample.entries for line in _entry_lines(entry)),
    ]
    return "\n".join(lines) + "\n"


def _entries(sample: ChannelSample, notes: Mapping[str, str]) -> Iterator[SheetEntry]:
    for digest in sample.digests:
        problems = missing_fields(digest, Collection.DIGESTS)
        yield SheetEntry(digest, problems, notes.get(digest["digest_id"], OPEN))


def _entry_lines(entry: SheetEntry) -> Iterator[str]:
    """Yield a digest's section; texts are quoted, so that none of their lines is read as a sign-off."""
    digest = entry.digest
    yield from ("", f"## {digest['digest_id']}", "", f"- Note on {digest['digest_id']}: {entry.note}")
    yield from (f"- Broken: {problem}" for problem in entry.problems)
    yield from ("", *_quoted(str(digest["summary_markdown"])))
    for post in digest["posts"]:
        yield from ("", f"**{post['title']}**", "", *_quoted(str(post["text"])))


def _quoted(text: str) -> Iterator[str]:
    yield from (f"> {line}".rstrip() for line in text.splitlines())


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _written(pattern: re.Pattern[str], sheet: str) -> dict[str, str]:
    return {found[1]: found[2] for found in map(pattern.match, sheet.splitlines()) if found}


def _rows(sheet: str) -> dict[str, list[str]]:
    found = (match for match in map(_ROW.match, sheet.splitlines()) if match)
    rows = {match[1]: [cell.strip() for cell in match[2].split("|")] for match in found}
    return {channel: cells for channel, cells in rows.items() if len(cells) == len(COLUMNS) - 1}


def _row(sample: ChannelSample, earlier: Mapping[str, list[str]]) -> list[str]:
    ids = ", ".join(digest["digest_id"] for digest in sample.digests)
    checks = [
        _ticks(_is_russian(digest["summary_markdown"]) for digest in sample.digests),
        _ticks(_is_russian("\n".join(post["text"] for post in digest["posts"])) for digest in sample.digests),
        _ticks(_has_metadata(digest) for digest in sample.digests),
    ]
    known = earlier.get(handle(sample.channel), [])
    sign_off = known[-2:] if known and known[0] == ids else [OPEN, OPEN]
    return [ids, *checks, *sign_off]


def _ticks(outcomes: Iterable[bool]) -> str:
    found = list(outcomes)
    return f"{'✅' if all(found) else '❌'} {sum(found)}/{len(found)}"


def _is_russian(text: str) -> bool:
    return cyrillic_share(text) >= MINIMUM_RUSSIAN_SHARE


def _has_metadata(digest: Document) -> bool:
    broken = {violation.field.split(".")[0] for violation in violations(digest, Collection.DIGESTS)}
    return broken.isdisjoint(_METADATA_FIELDS)
