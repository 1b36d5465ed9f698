"""What one exported line says: a dataset document flattened into a benchmark sample."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

Record = dict[str, Any]
"""One line of `digests.jsonl` or `review_reports.jsonl`."""

UNUSED_FIELDS = ("window", "posts.post_id", "posts.posted_at")
"""What no record needs; leaving it out of the answer makes decoding a digest a third cheaper."""

_LANGUAGE = "ru"
_MEASURED_FIELDS = ("ground_truth", "latency_seconds")
_MEASURED_JUDGEMENT = ("scores", "verdict", "notes")


def digest_record(document: Mapping[str, Any]) -> Record:
    """Return the exported form of a `butler.digests` document.

    `latency_seconds` is left out when it is unknown; everything else is always there.
    """
    metadata = _mapping(document, "metadata")
    posts = _list(document, "posts")
    record = _head(document, "digest_id", channel_field="channel") | {
        "source_text": _source(_posts_text, posts) or _first(document, "posts_text", "raw_posts"),
        "summary_markdown": _first(document, "summary_markdown", "summary", "digest"),
        "metadata": {
            "posts_count": len(posts),
            "time_range_hours": _first(metadata, "time_range_hours") or document.get("time_range_hours"),
            "llm_model": metadata.get("llm_model"),
            "feature_flags": document.get("feature_flags") or metadata.get("feature_flags") or {},
        },
        "provenance": document.get("provenance"),
        "ground_truth": _ground_truth(_first(document, "quality", "ground_truth")),
    }
    latency = document.get("latency_seconds", _mapping(document, "metrics").get("latency_seconds"))
    return record if latency is None else record | {"latency_seconds": latency}


def review_record(document: Mapping[str, Any]) -> Record:
    """Return the exported form of a `butler.review_reports` document.

    `latency_seconds` is always there and null when unknown.
    """
    report = _mapping(document, "report")
    metadata = _mapping(report, "metadata")
    passes = _list(report, "passes")
    judged = metadata if "llm_judge" in metadata else document.get("ground_truth")
    return _head(document, "report_id", channel_field="assignment_id") | {
        "source_text": _source(_passes_text, passes),
        "summary_markdown": report.get("synthesis") or _first(document, "summary_markdown", "summary"),
        "metadata": {
            "student_id": document.get("student_id"),
            "assignment_id": document.get("assignment_id"),
            "passes_count": len(passes),
            "llm_model": metadata.get("llm_model"),
            "feature_flags": metadata.get("feature_flags") or {},
        },
        "provenance": document.get("provenance"),
        "ground_truth": _ground_truth(judged),
        "latency_seconds": metadata.get("latency_seconds"),
    }


def without_measurements(record: Record) -> Record:
    """Return the record without what differs between machines: latency and the judge's scores.

    The content hash of an export is computed over these, so that exports of the same content made on
    two engines, or before and after a crash, can be compared.
    """
    head, measured = split_measured(record)
    return head | stable_part(measured)


def split_measured(record: Record) -> tuple[Record, Record]:
    """Return the fields that never hold a measurement, and the others (`ground_truth`, latency).

    The second group stands last in a line, so that a record is encoded once for both hashes.
    """
    head = record.copy()
    return head, {key: head.pop(key) for key in _MEASURED_FIELDS if key in head}


def stable_part(measured: Record) -> Record:
    """Return what is left of the second group of `split_measured` without its measurements."""
    if "ground_truth" not in measured:
        return {}
    truth = measured["ground_truth"]
    judgement = truth.get("llm_judge") if isinstance(truth, dict) else None
    if not isinstance(judgement, dict) or not judgement:
        return {"ground_truth": truth}
    kept = {key: value for key, value in judgement.items() if key not in _MEASURED_JUDGEMENT}
    return {"ground_truth": {"llm_judge": kept}}


def measurements(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield the path and value of every measured number of the record."""
    yield "latency_seconds", record.get("latency_seconds")
    scores = _mapping(_mapping(_mapping(record, "ground_truth"), "llm_judge"), "scores")
    for name, value in scores.items():
        yield f"ground_truth.llm_judge.scores.{name}", value


def _head(document: Mapping[str, Any], id_field: str, channel_field: str) -> Record:
    created_at = document.get("created_at")
    return {
        "sample_id": str(document.get(id_field) or document.get("_id")),
        "channel": document.get(channel_field),
        "language": document.get("language") or _LANGUAGE,
        "timestamp": created_at.isoformat() if isinstance(created_at, datetime) else created_at,
    }


def _source(build: Callable[[Sequence[Mapping[str, Any]]], str], parts: list[Any]) -> str | None:
    """Return the joined text; None, which no schema accepts, where a part has not the expected shape."""
    try:
        return build(parts)
    except (AttributeError, KeyError, TypeError):
        return None


def _posts_text(posts: Sequence[Mapping[str, Any]]) -> str:
    """Title, summary and text of each post, by line; what the text begins with is not repeated."""
    lines: list[str] = []
    for post in posts:
        text = post.get("text") or ""
        title, summary = post.get("title"), post.get("summary")
        if title and not text.startswith(title):
            lines.append(title)
        if summary and not text.startswith(summary):
            lines.append(summary)
        lines.append(text)
    return "\n".join(lines)


def _passes_text(passes: Sequence[Mapping[str, Any]]) -> str:
    """What each pass says, one block per pass."""
    return "\n\n".join("\n".join(_pass_lines(review_pass)) for review_pass in passes)


def _pass_lines(review_pass: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{review_pass['pass_name']}] {review_pass['summary']}"
    yield from (f"Recommendation: {text}" for text in review_pass.get("recommendations") or ())
    for finding in review_pass.get("findings") or ():
        yield f"Finding: {finding['title']} {finding['description']}"


def _ground_truth(judged: object) -> Record:
    judgement = judged.get("llm_judge") if isinstance(judged, dict) else None
    if isinstance(judgement, dict):
        judgement = dict(judgement)
    return {"llm_judge": judgement} if judgement else {}


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    return value if isinstance(value, list) else []


def _first(document: Mapping[str, Any], *keys: str) -> Any:
    for key in keys:
        if value := document.get(key):
            return value
    return None
