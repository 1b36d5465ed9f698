"""Build the two documents of a channel's day."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from day23.domain.benchmark_dataset import (
    JUDGE_MODEL,
    LANGUAGE,
    REVIEW_REPORTS,
    TIME_RANGE_HOURS,
    digest_id,
    document_id,
    report_id,
)
from day23.domain.channel import canonical, handle
from day23.domain.export_record import digest_record, review_record
from day23.domain.judgement import judge
from day23.domain.post import Post
from day23.domain.review import review, synthesis
from day23.domain.russian_localisation import MINIMUM_SENTENCES, russian_sentences
from day23.domain.seed_plan import DayPlan

REVIEW_FLAGS = {"structured_review": True}

Document = dict[str, Any]


def digest_document(
    plan: DayPlan, summary_markdown: str, llm_model: str, latency_seconds: float, flags: Mapping[str, bool]
) -> Document:
    """Return the document of `butler.digests` for a day, judged against its own posts.

    Args:
        plan: The day's posts and where they come from.
        summary_markdown: The digest the model wrote.
        llm_model: Who wrote it.
        latency_seconds: How long that took.
        flags: Feature flags in force.
    """
    start = datetime.combine(plan.day, time(), UTC)
    note = "; ".join(filter(None, (plan.note, _few_sentences(summary_markdown))))
    metadata = {
        "feature_flags": dict(flags),
        "llm_model": llm_model,
        "time_range_hours": TIME_RANGE_HOURS,
        **({"note": note} if note else {}),
    }
    document: Document = {
        "_id": plan.digest_key,
        "digest_id": digest_id(plan.channel, plan.day),
        "channel": handle(plan.channel),
        "language": LANGUAGE,
        "summary_markdown": summary_markdown,
        "posts": [_post(number, post) for number, post in enumerate(plan.posts, start=1)],
        "feature_flags": dict(flags),
        "latency_seconds": latency_seconds,
        "created_at": plan.created_at,
        "window": {"start": start, "end": start + timedelta(days=1)},
        "provenance": plan.provenance,
        "metadata": metadata,
    }
    source_text = str(digest_record(document)["source_text"])
    return document | {"quality": {"llm_judge": judge(source_text, summary_markdown)}}


def report_document(digest: Mapping[str, Any]) -> Document:
    """Return the document of `butler.review_reports` for a stored digest.

    Its `latency_seconds` is not known in here: `with_review_latency` sets it.
    """
    day = digest["created_at"].astimezone(UTC).date()
    channel = canonical(digest["channel"])
    passes = review([post["text"] for post in digest["posts"]], digest["summary_markdown"])
    report: Document = {
        "synthesis": synthesis(passes),
        "passes": [review_pass.model_dump() for review_pass in passes],
        "metadata": {"llm_model": JUDGE_MODEL, "feature_flags": dict(REVIEW_FLAGS)},
    }
    document: Document = {
        "_id": document_id(REVIEW_REPORTS, channel, day),
        "report_id": report_id(channel, day),
        "assignment_id": digest["channel"],
        "language": LANGUAGE,
        "created_at": digest["created_at"],
        "window": digest["window"],
        "provenance": digest["provenance"],
        "report": report,
    }
    source_text = str(review_record(document)["source_text"])
    report["metadata"]["llm_judge"] = judge(source_text, report["synthesis"])
    return document


def with_review_latency(document: Document, seconds: float) -> Document:
    """Return the review report with the time its making took."""
    report = document["report"]
    metadata = report["metadata"] | {"latency_seconds": seconds}
    return document | {"report": report | {"metadata": metadata}}


def with_model_judgement(document: Document, judgement: Document | None) -> Document:
    """Return the review report with a model's judgement beside the deterministic one."""
    if judgement is None:
        return document
    report = document["report"]
    metadata = report["metadata"] | {"model_judge": judgement}
    return document | {"report": report | {"metadata": metadata}}


def _few_sentences(summary_markdown: str) -> str | None:
    found = russian_sentences(summary_markdown)
    if found >= MINIMUM_SENTENCES:
        return None
    return f"the posts of this day gave {found} of {MINIMUM_SENTENCES} Russian sentences"


def _post(number: int, post: Post) -> Document:
    origin = {"forwarded_from": post.forwarded_from} if post.forwarded_from else {}
    return {
        "title": f"Пост {number}",
        "summary": post.text,
        "text": post.text,
        "post_id": post.post_id,
        "posted_at": post.posted_at,
        **origin,
    }
