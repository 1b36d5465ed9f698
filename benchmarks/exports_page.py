"""The committed result of the exporters as tables."""

from typing import Any

_COLUMNS = (
    "exporter",
    "median s (range)",
    "docs/s",
    "docs/s per core",
    "MB/s per core",
    "RSS MB, largest process",
    "time against json_util",
    "time against mongoexport",
)


def page(result: dict[str, Any]) -> str:
    """Return the result as Markdown."""
    lines = [
        _surroundings(result),
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in result["exporters"]),
        "",
        "Same bytes: " + "; ".join(" = ".join(names) for names in result["same_bytes"].values()) + ".",
        "",
        _seeding(result["seeding"]),
    ]
    return "\n".join(lines)


def _surroundings(result: dict[str, Any]) -> str:
    loads = result["load_averages"]
    return (
        f"{result['documents']} digests of {result['bytes_per_document']} bytes (BSON), "
        f"{result['rounds']} rounds; {result['machine']}; Python {result['python']}; "
        f"load average {min(loads)} to {max(loads)} from round to round. "
        "Time is that of the whole process, from start to exit; ratios have 95 % intervals."
    )


def _row(row: dict[str, Any]) -> str:
    low, high = row["range"]
    cells = [
        row["name"],
        f"{row['seconds']} ({low}–{high})",
        row["documents_per_second"],
        row["documents_per_core_second"],
        row["megabytes_per_core_second"],
        row["rss_megabytes"],
        _ratio(row.get("time against find() + json_util")),
        _ratio(row.get("time against mongoexport")),
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _seeding(seeding: dict[str, Any]) -> str:
    return (
        f"Insertion of {seeding['documents']} digests: seeding {seeding['documents_per_second']} docs/s "
        f"(existing ids skipped, journalled by a majority, index kept), a plain `insert_many` loop "
        f"{seeding['plain_documents_per_second']} docs/s; time "
        f"{_ratio(seeding['time against insert_many'])} of the plain loop's."
    )


def _ratio(ratio: list[float | None] | None) -> str:
    if ratio is None:
        return "–"
    mean, low, high = ratio
    return f"{mean:.2f}" if low is None or high is None else f"{mean:.2f} [{low:.2f}, {high:.2f}]"
