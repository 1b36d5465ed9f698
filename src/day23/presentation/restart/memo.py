"""The restart memo: its figures are rewritten between markers, the words around them are people's."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from day23.domain.errors import ToolkitError
from day23.domain.restart.judgement import RestartReport
from day23.domain.restart.timeline import ServiceTimes

MEMO = "docs/specs/epic_23/shared_infra_restart.md"
BEGIN, END = "<!-- figures of {} -->", "<!-- end of figures of {} -->"

_HEADER = (
    "| figure | n | median | worst |",
    "|---|---|---|---|",
)
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("resumed", "all ready after s", "everything ready, seconds after the stop"),
    ("resumed", "longest hole s", "longest hole in the samples, s"),
    ("resumed", "hole bound s", "its bound, s"),
    ("resumed", "first sample after ready s", "first sample after ready, s"),
    ("kept", "samples lost", "samples lost of those taken before the stop"),
    ("logs", "file missing", "canary lines missing, through file and collector"),
    ("logs", "file doubled", "canary lines doubled, through file and collector"),
    ("logs", "push missing", "canary lines missing, straight to Loki"),
    ("logs", "push doubled", "canary lines doubled, straight to Loki"),
    ("data_services", "writes lost", "acknowledged writes lost"),
    ("data_services", "writes doubled", "acknowledged writes doubled"),
    ("alert_state_kept", "silences lost", "silences lost"),
)
_SUMS: tuple[tuple[str, str, str], ...] = (
    ("logs", "file lines", "canary lines through file and collector"),
    ("logs", "push lines", "canary lines straight to Loki"),
    ("data_services", "acknowledged writes", "acknowledged writes"),
    ("kept", "samples up to the stop", "samples taken before the stop"),
)


_SERVICE = "service"
_SERVICE_HEADER = (
    "| service | verdict | back s | first sample s | hole s | missing | doubled | writes, samples lost |",
    "|---|---|---|---|---|---|---|---|",
)
_SERVICE_FIGURES = (
    ("resumed", "first sample after ready s"),
    ("resumed", "longest hole s"),
    ("logs", "file missing"),
    ("logs", "file doubled"),
    ("data_services", "writes lost"),
    ("kept", "samples lost"),
)


def comparison(reports: Sequence[RestartReport]) -> list[str]:
    """Return medians and worst cases of repeated validations as a table."""
    verdicts = ", ".join(f"{n} {verdict}" for verdict, n in Counter(one.verdict for one in reports).items())
    rows = [_row(name, label, _numbers(reports, check, name)) for check, name, label in _COLUMNS]
    waits = [report.timeline.ended - (report.timeline.ready or report.timeline.stopped) for report in reports]
    sums = [f"{label} {sum(_numbers(reports, check, name)):,.0f}" for check, name, label in _SUMS]
    return [
        f"`{reports[0].disruption}`, {len(reports)} run{'s' * (len(reports) > 1)}: {verdicts}.",
        "",
        *_HEADER,
        *rows,
        _row("wait s", "wait after ready until the verdict, s", waits),
        "",
        f"All runs together: {'; '.join(sums)}.",
    ]


def rewritten(text: str, reports: Sequence[RestartReport]) -> str:
    """Return the memo's text with the figures of these validations.

    Raises:
        ToolkitError: The memo has no place for this disruption.
    """
    subject = reports[0].disruption.split(":")[0]
    begin, end = BEGIN.format(subject), END.format(subject)
    head, found, rest = text.partition(begin)
    former, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ToolkitError(
            f"the memo has no place for {subject}",
            where=MEMO,
            next_step=f"put the lines {begin} and {end} where its figures belong",
        )
    told = _by_service(former, reports) if subject == _SERVICE else comparison(reports)
    return f"{head}{begin}\n\n" + "\n".join(told) + f"\n\n{end}{tail}"


def _by_service(former: str, reports: Sequence[RestartReport]) -> list[str]:
    """Return the table of single services: rows of other services stay."""
    known = (line for line in former.splitlines() if line.startswith("| `"))
    rows = {line.split("`")[1]: line for line in known}
    rows |= {_name(report): _service_row(report) for report in reports}
    return [*_SERVICE_HEADER, *(rows[name] for name in sorted(rows))]


def _service_row(report: RestartReport) -> str:
    times = report.timeline.services.get(_name(report), ServiceTimes())
    back = "–" if times.back_after is None else _told("back s", times.back_after)
    found = [report.figure(check, name) for check, name in _SERVICE_FIGURES]
    *seen, writes, samples = [
        "–" if each is None else _told(name, float(each))
        for each, (_, name) in zip(found, _SERVICE_FIGURES, strict=True)
    ]
    cells = [f"`{_name(report)}`", str(report.verdict), back, *seen, f"{writes}, {samples}"]
    return f"| {' | '.join(cells)} |"


def _name(report: RestartReport) -> str:
    return report.disruption.partition(":")[2]


def _row(name: str, label: str, numbers: Sequence[float]) -> str:
    if not numbers:
        return f"| {label} | 0 | – | – |"
    return f"| {label} | {len(numbers)} | {_told(name, median(numbers))} | {_told(name, max(numbers))} |"


def _numbers(reports: Sequence[RestartReport], check: str, name: str) -> list[float]:
    found = [report.figure(check, name) for report in reports]
    return [float(value) for value in found if isinstance(value, int | float)]


def _told(name: str, number: float) -> str:
    """Return a count as it is, and seconds to a tenth: the poller looks ten times a second."""
    return f"{number:,.1f}" if name.endswith(" s") else f"{number:,.0f}"
