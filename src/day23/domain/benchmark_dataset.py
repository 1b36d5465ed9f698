"""BenchmarkDatasetDomain: what a digest and a review report must be, once.

The models below are the only definition of the documents in `butler.digests` and
`butler.review_reports`. Three uses: `violations` says what is wrong with a document and how to mend it,
`collection_rules` makes MongoDB's collection validator and the committed JSON Schema of them.
"""

import hashlib
from collections.abc import Mapping
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
from day23.domain.russian_localisation import (
    MINIMUM_SENTENCES,
    boilerplate_problem,
    foreign_share_problem,
    heading_problem,
    russian_sentences,
)
from day23.domain.violation import Violation, described
from day23.domain.window import Window

DIGESTS = "digests"
REVIEW_REPORTS = "review_reports"

LANGUAGE = "ru"
TIME_RANGE_HOURS = 24
MINIMUM_POSTS = 3
"""Posts that make a full digest (field table of the dataset); fewer need `metadata.note`."""

JUDGE_MODEL = "deterministic-ru-v1"

Provenance = Literal["telegram", "synthetic"]
Verdict = Literal["BELOW_EXPECTATIONS", "MEETS_EXPECTATIONS", "EXCEEDS_EXPECTATIONS"]


def _russian(text: str) -> str:
    _raise_first(foreign_share_problem(text))
    return text


def _localised(markdown: str) -> str:
    _raise_first(foreign_share_problem(markdown), heading_problem(markdown), boilerplate_problem(markdown))
    return markdown


def _raise_first(*problems: str | None) -> None:
    for problem in problems:
        if problem:
            raise ValueError(problem)


VISIBLE = "[^\\x00-\\x20\\x7f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]"
"""Something to see. Written out, for engines of regular expressions differ in what `\\S` means."""

Text = Annotated[str, Field(min_length=1, pattern=VISIBLE)]
RussianText = Annotated[Text, AfterValidator(_russian)]
RussianMarkdown = Annotated[Text, AfterValidator(_localised)]
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


class VotedJudgement(Judgement):
    """What a model said in several votes: the median of each score, and how the votes went.

    `invalid_answers` were asked for again; `failed_votes` stayed without a valid answer.
    """

    votes: Annotated[int, Field(ge=1)]
    invalid_answers: Annotated[int, Field(ge=0)]
    failed_votes: Annotated[int, Field(ge=0)]


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
    forwarded_from: str | None = None


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
    metadata: DigestMetadata
    summary_markdown: RussianMarkdown
    posts: Annotated[list[DigestPost], Field(min_length=1)]
    feature_flags: FeatureFlags
    latency_seconds: Latency
    quality: Quality

    @field_validator("summary_markdown")
    @classmethod
    def _enough_sentences(cls, markdown: str, info: ValidationInfo) -> str:
        found = russian_sentences(markdown)
        if found < MINIMUM_SENTENCES and not _reason(info):
            raise ValueError(
                f"has {found} of {MINIMUM_SENTENCES} Russian sentences and metadata.note does not say why"
            )
        return markdown

    @field_validator("posts")
    @classmethod
    def _enough_russian_posts(cls, posts: list[DigestPost], info: ValidationInfo) -> list[DigestPost]:
        _russian("\n".join(post.text for post in posts))
        if len(posts) < MINIMUM_POSTS and not _reason(info):
            raise ValueError(f"has {len(posts)} of {MINIMUM_POSTS} posts and metadata.note does not say why")
        return posts

    @field_validator("posts")
    @classmethod
    def _posted_on_its_day(cls, posts: list[DigestPost], info: ValidationInfo) -> list[DigestPost]:
        day = info.data.get("window")
        moments = [post.posted_at for post in posts if post.posted_at]
        strays = [moment for moment in moments if day and not day.start <= moment < day.end]
        if strays:
            raise ValueError(f"has a post of {strays[0]:%Y-%m-%d %H:%M}, outside the document's window")
        return posts


def _reason(info: ValidationInfo) -> str | None:
    metadata = info.data.get("metadata")
    return metadata.note if metadata else None


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
    model_judge: VotedJudgement | None = None


class Review(_Part):
    """A multi-pass review and what it comes to."""

    synthesis: RussianMarkdown
    passes: Annotated[list[ReviewPass], Field(min_length=1)]
    metadata: ReviewMetadata

    @field_validator("synthesis")
    @classmethod
    def _enough_sentences(cls, markdown: str) -> str:
        found = russian_sentences(markdown)
        if found < MINIMUM_SENTENCES:
            raise ValueError(f"has {found} of {MINIMUM_SENTENCES} Russian sentences")
        return markdown


class ReviewReport(_DatedDocument):
    """One document of `butler.review_reports`; `assignment_id` holds the channel."""

    report_id: Text
    assignment_id: ChannelHandle
    report: Review


MODELS: Mapping[str, type[Digest] | type[ReviewReport]] = {DIGESTS: Digest, REVIEW_REPORTS: ReviewReport}
"""The model of each collection's documents."""


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
        MODELS[collection].model_validate(dict(document), context={"window": window})
    except ValidationError as error:
        return tuple(described(problem) for problem in error.errors(include_url=False))
    return ()


def missing_fields(
    document: Mapping[str, Any], collection: str, window: Window | None = None
) -> tuple[str, ...]:
    """Return the violations of a document as text: field, rule, value and remedy."""
    return tuple(str(violation) for violation in violations(document, collection, window))
