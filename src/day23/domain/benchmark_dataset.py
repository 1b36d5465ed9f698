"""BenchmarkDatasetDomain: what a digest and a review report must be, once.

The models below are the only definition of the documents in `butler.digests` and
`butler.review_reports`: the seed builds documents with them, verify and export check documents with them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StrictBool,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from day23.domain.channel import canonical, handle
from day23.domain.russian_text import cyrillic_share
from day23.domain.window import Window

DIGESTS = "digests"
REVIEW_REPORTS = "review_reports"

LANGUAGE = "ru"
TIME_RANGE_HOURS = 24
MINIMUM_POSTS = 3
"""Posts that make a full digest (field table of the dataset); fewer need `metadata.note`."""

MINIMUM_RUSSIAN_SHARE = 0.5
"""A text is Russian when most of its letters are; brand and product names may be Latin."""

JUDGE_MODEL = "deterministic-ru-v1"

Provenance = Literal["telegram", "synthetic"]
Verdict = Literal["BELOW_EXPECTATIONS", "MEETS_EXPECTATIONS", "EXCEEDS_EXPECTATIONS"]


def _russian(text: str) -> str:
    share = cyrillic_share(text)
    if share < MINIMUM_RUSSIAN_SHARE:
        raise ValueError(f"is not Russian: {share:.0%} of its letters are Cyrillic, at least half must be")
    return text


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
RussianText = Annotated[Text, AfterValidator(_russian)]
ChannelHandle = Annotated[str, Field(pattern=r"^@[a-z0-9_]{2,64}$")]
DocumentId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
Latency = Annotated[FiniteFloat, Field(gt=0)]
FeatureFlags = Annotated[dict[str, StrictBool], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class Scores(_Part):
    """Quality on four axes, each from 0 to 1."""

    coverage: Share
    accuracy: Share
    coherence: Share
    informativeness: Share


class Judgement(_Part):
    """Scores with who gave them and by which rules; stored as `llm_judge`."""

    judge_model: Text
    prompt_version: Text
    scores: Scores
    verdict: Verdict


class Quality(_Part):
    """What is known about a digest's quality."""

    llm_judge: Judgement


class Day(_Part):
    """The UTC day of a document, half open."""

    start: AwareDatetime
    end: AwareDatetime


class DigestPost(_Part):
    """A post inside a digest; `summary` equals `text`, as the exporters expect it."""

    title: str
    summary: str
    text: Text
    post_id: int | None = None
    posted_at: AwareDatetime | None = None


class DigestMetadata(_Part):
    """How a digest was made."""

    feature_flags: FeatureFlags
    llm_model: Text
    time_range_hours: Annotated[int, Field(gt=0)]
    note: Text | None = None


class _DatedDocument(_Part):
    """What digests and review reports share: identity, day, provenance."""

    id: DocumentId = Field(alias="_id")
    language: Literal["ru"]
    provenance: Provenance
    window: Day
    created_at: AwareDatetime

    @field_validator("created_at")
    @classmethod
    def _inside_its_day(cls, moment: datetime, info: ValidationInfo) -> datetime:
        day = info.data.get("window")
        if day and not day.start <= moment < day.end:
            raise ValueError(f"lies outside the document's window {day.start:%Y-%m-%d}")
        seeded = (info.context or {}).get("window")
        if seeded and not seeded.contains(moment):
            raise ValueError(
                f"lies outside the seeded window {seeded.start:%Y-%m-%d} .. {seeded.end:%Y-%m-%d}"
            )
        return moment


class Digest(_DatedDocument):
    """One document of `butler.digests`."""

    digest_id: Text
    channel: ChannelHandle
    summary_markdown: RussianText
    metadata: DigestMetadata
    posts: Annotated[list[DigestPost], Field(min_length=1)]
    feature_flags: FeatureFlags
    latency_seconds: Latency
    quality: Quality

    @field_validator("posts")
    @classmethod
    def _enough_russian_posts(cls, posts: list[DigestPost], info: ValidationInfo) -> list[DigestPost]:
        _russian("\n".join(post.text for post in posts))
        metadata = info.data.get("metadata")
        if len(posts) < MINIMUM_POSTS and not (metadata and metadata.note):
            raise ValueError(f"has {len(posts)} of {MINIMUM_POSTS} posts and metadata.note does not say why")
        return posts


class Finding(_Part):
    """Something a review pass noticed; may quote posts in any language."""

    title: Text
    description: Text


class ReviewPass(_Part):
    """One look at a digest under one question."""

    pass_name: Text
    summary: RussianText
    recommendations: list[Text]
    findings: list[Finding]


class ReviewMetadata(_Part):
    """How a review was made."""

    llm_model: Text
    feature_flags: FeatureFlags
    latency_seconds: Latency
    llm_judge: Judgement


class Review(_Part):
    """A multi-pass review and what it comes to."""

    synthesis: RussianText
    passes: Annotated[list[ReviewPass], Field(min_length=1)]
    metadata: ReviewMetadata


class ReviewReport(_DatedDocument):
    """One document of `butler.review_reports`; `assignment_id` holds the channel."""

    report_id: Text
    assignment_id: ChannelHandle
    report: Review


_MODELS: Mapping[str, type[Digest] | type[ReviewReport]] = {DIGESTS: Digest, REVIEW_REPORTS: ReviewReport}


@dataclass(frozen=True, slots=True)
class Violation:
    """A field of a document that breaks a rule."""

    field: str
    rule: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule} (got {self.value})"


def document_id(collection: str, channel: str, day: date) -> str:
    """Return the `_id` of the document of a channel and day: SHA-256 of its natural key, hexadecimal.

    Example:
        >>> document_id("digests", "@habr", date(2024, 12, 4))[:8]
        'fc99b47e'
    """
    return hashlib.sha256(f"{collection}|{canonical(channel)}|{day:%Y-%m-%d}".encode()).hexdigest()


def digest_id(channel: str, day: date) -> str:
    """Return the name people use for the digest of a channel and day."""
    return f"{handle(channel)}-{day:%Y%m%d}-1"


def report_id(channel: str, day: date) -> str:
    """Return the name people use for the review report of a channel and day."""
    return f"{handle(channel)}-report-{day:%Y%m%d}-1"


def violations(
    document: Mapping[str, Any], collection: str, window: Window | None = None
) -> tuple[Violation, ...]:
    """Check a document against its model.

    Args:
        document: As read from MongoDB, with tz-aware dates.
        collection: `digests` or `review_reports`.
        window: The seeded window that `created_at` must lie in; None leaves that out.

    Returns:
        One violation per broken rule, in the order of the fields; empty when the document is sound.
    """
    try:
        _MODELS[collection].model_validate(dict(document), context={"window": window})
    except ValidationError as error:
        return tuple(_violation(problem) for problem in error.errors(include_url=False))
    return ()


def missing_fields(
    document: Mapping[str, Any], collection: str, window: Window | None = None
) -> tuple[str, ...]:
    """Return the violations of a document as text: field, rule and value."""
    return tuple(str(violation) for violation in violations(document, collection, window))


def _violation(problem: Any) -> Violation:
    field = ".".join(str(part) for part in problem["loc"])
    value = "nothing" if problem["type"] == "missing" else f"{problem['input']!r:.80}"
    return Violation(field, problem["msg"].removeprefix("Value error, "), value)
