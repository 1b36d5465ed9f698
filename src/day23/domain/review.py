"""The multi-pass review of a digest against its posts.

Four passes, one per axis of quality, each looks at the texts themselves and quotes what it found. A
sentence of the digest belongs to the post that holds most of its stems.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from day23.domain.benchmark_dataset import Finding, ReviewPass
from day23.domain.digest_prompt import REVIEW_HEADING
from day23.domain.lexrank import SAME_CONTENT, similarity
from day23.domain.russian_stop_words import BACK_REFERENCES
from day23.domain.russian_text import content_stems, links, names, numbers, sentences, words
from day23.domain.telegram_noise import without_headings, without_noise

SUPPORTED_FROM = 0.6
"""Share of a sentence's stems that one post must hold to be its source; the rest may be rewording."""

MOST_WORDS = 60
"""A longer sentence cannot be read at a glance in a list."""

MOST_QUOTES = 5
"""Findings per pass; the pass's summary has the full number."""

_QUOTE_CHARACTERS = 160
_CLOSING_MARKS = (".", "!", "?", "…", "»", ")", ">", ":")


def review(posts: Sequence[str], summary_markdown: str) -> tuple[ReviewPass, ...]:
    """Review a digest.

    Args:
        posts: The day's posts, in order of time.
        summary_markdown: The digest.

    Returns:
        The passes coverage, accuracy, coherence and informativeness, in Russian; the same for the same texts.
    """
    subject = _Subject(without_noise(posts), summary_markdown)
    return tuple(look(subject) for look in _PASSES)


def synthesis(passes: Iterable[ReviewPass]) -> str:
    """Return what the passes come to as Russian Markdown: each one's result and its first finding."""
    return f"{REVIEW_HEADING}\n\n" + "\n".join(f"- {_in_short(review_pass)}" for review_pass in passes)


def _in_short(review_pass: ReviewPass) -> str:
    first = [f"{finding.title}: {finding.description}" for finding in review_pass.findings[:1]]
    return " ".join([review_pass.summary, *first])


@dataclass(frozen=True)
class _Subject:
    """The texts under review and what every pass needs to know about them."""

    posts: tuple[str, ...]
    summary: str

    @cached_property
    def told_posts(self) -> list[str]:
        """Posts that say something."""
        return [post for post in self.posts if content_stems(post)]

    @cached_property
    def statements(self) -> list[str]:
        """Sentences of the digest without headings."""
        return [sentence for sentence in sentences(without_headings(self.summary)) if content_stems(sentence)]

    @cached_property
    def sources(self) -> list[int | None]:
        """For each statement the position of its post among `told_posts`; None when no post supports it."""
        stems_of_posts = [frozenset(content_stems(post)) for post in self.told_posts]
        return [_source(content_stems(statement), stems_of_posts) for statement in self.statements]

    @cached_property
    def left_out(self) -> list[str]:
        """Posts that neither gave a statement nor repeat a post that did."""
        reflected = {source for source in self.sources if source is not None}
        likeness = similarity([content_stems(post) for post in self.told_posts])
        return [
            post
            for position, post in enumerate(self.told_posts)
            if position not in reflected
            and all(likeness[position, other] < SAME_CONTENT for other in reflected)
        ]


def _source(stems: Sequence[str], stems_of_posts: Sequence[frozenset[str]]) -> int | None:
    held = [sum(stem in post for stem in stems) / len(stems) for post in stems_of_posts]
    best = max(range(len(held)), key=held.__getitem__, default=None)
    return best if best is not None and held[best] >= SUPPORTED_FROM else None


def _coverage(subject: _Subject) -> ReviewPass:
    total, missing = len(subject.told_posts), subject.left_out
    return _pass(
        "coverage",
        summary=f"Сообщений за день: {total}, отражено в дайджесте: {total - len(missing)}, "
        f"пропущено: {len(missing)}.",
        recommendations=[f"Добавить в дайджест: {_quoted(_lead(post))}" for post in missing[:1]],
        findings=_findings("Пропущено сообщение", (_quoted(_lead(post)) for post in missing)),
    )


def _accuracy(subject: _Subject) -> ReviewPass:
    unsupported = [
        statement
        for statement, source in zip(subject.statements, subject.sources, strict=True)
        if source is None
    ]
    invented = list(_not_in(subject.summary, "\n".join(subject.posts)))
    return _pass(
        "accuracy",
        summary=f"Утверждений в дайджесте: {len(subject.statements)}, без опоры в сообщениях: "
        f"{len(unsupported)}, чисел и ссылок, которых в сообщениях нет: {len(invented)}.",
        recommendations=["Убрать или подтвердить то, чего нет в сообщениях."]
        if unsupported or invented
        else [],
        findings=_findings("Нет опоры в сообщениях", map(_quoted, unsupported))
        + _findings("Нет в сообщениях", invented),
    )


def _coherence(subject: _Subject) -> ReviewPass:
    repeated = list(_repetitions(subject.statements))
    hanging = [statement for statement in subject.statements if _leans_back(statement)]
    rough = [statement for statement in subject.statements if _is_rough(statement)]
    return _pass(
        "coherence",
        summary=f"Повторов в дайджесте: {len(repeated)}, предложений, непонятных без соседних: "
        f"{len(hanging)}, оборванных или слишком длинных: {len(rough)}.",
        recommendations=["Переписать отмеченные предложения."] if repeated or hanging or rough else [],
        findings=_findings("Повтор", map(_quoted, repeated))
        + _findings("Непонятно без соседнего предложения", map(_quoted, hanging))
        + _findings("Оборвано или слишком длинно", map(_quoted, rough)),
    )


def _informativeness(subject: _Subject) -> ReviewPass:
    source = "\n".join(subject.told_posts)
    facts = [*dict.fromkeys(numbers(source)), *names(source)]
    kept = {*numbers(subject.summary), *names(subject.summary)}
    dropped = [sentence for sentence in _sentences_of(subject.left_out) if numbers(sentence)]
    return _pass(
        "informativeness",
        summary=f"Чисел и имён в сообщениях: {len(facts)}, сохранено в дайджесте: "
        f"{sum(fact in kept for fact in facts)}, опущено предложений с числами: {len(dropped)}.",
        recommendations=["Сохранить числа из отмеченных предложений."] if dropped else [],
        findings=_findings("Опущены числа", map(_quoted, dropped)),
    )


_PASSES: tuple[Callable[[_Subject], ReviewPass], ...] = (_coverage, _accuracy, _coherence, _informativeness)


def _pass(name: str, summary: str, recommendations: list[str], findings: list[Finding]) -> ReviewPass:
    return ReviewPass(pass_name=name, summary=summary, recommendations=recommendations, findings=findings)


def _findings(title: str, descriptions: Iterable[str]) -> list[Finding]:
    return [Finding(title=title, description=text) for text in list(descriptions)[:MOST_QUOTES]]


def _not_in(summary: str, source: str) -> Iterator[str]:
    known = {*numbers(source), *links(source)}
    yield from (f"число {number}" for number in dict.fromkeys(numbers(summary)) if number not in known)
    yield from (f"ссылка {link}" for link in links(summary) if link not in known)


def _repetitions(statements: Sequence[str]) -> Iterator[str]:
    likeness = similarity([content_stems(statement) for statement in statements])
    for position, statement in enumerate(statements):
        if any(likeness[position, earlier] >= SAME_CONTENT for earlier in range(position)):
            yield statement


def _leans_back(statement: str) -> bool:
    opening = words(statement)[:1]
    return bool(opening) and opening[0] in BACK_REFERENCES


def _is_rough(statement: str) -> bool:
    return len(words(statement)) > MOST_WORDS or not statement.rstrip().endswith(_CLOSING_MARKS)


def _sentences_of(posts: Iterable[str]) -> Iterator[str]:
    for post in posts:
        yield from sentences(post)


def _lead(post: str) -> str:
    return next(iter(sentences(post)), post)


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return f"«{plain}»" if len(plain) <= _QUOTE_CHARACTERS else f"«{plain[:_QUOTE_CHARACTERS].rstrip()}…»"
