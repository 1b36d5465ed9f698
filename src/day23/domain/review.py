"""The multi-pass review of a digest against its posts.

Six passes, each looks at the texts themselves under one question and quotes what it found; the synthesis
says what they come to and repeats no more than one finding.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from day23.domain.benchmark_dataset import Finding, ReviewPass
from day23.domain.digest_prompt import REVIEW_HEADING
from day23.domain.lexrank import SAME_CONTENT, similarity
from day23.domain.review_subject import ReviewSubject
from day23.domain.russian_localisation import (
    MINIMUM_RUSSIAN_SHARE,
    boilerplate_problem,
    heading_problem,
)
from day23.domain.russian_stop_words import BACK_REFERENCES
from day23.domain.russian_text import content_stems, cyrillic_share, links, names, numbers, sentences, words
from day23.domain.telegram_noise import without_noise

MOST_WORDS = 60
"""A longer sentence cannot be read at a glance in a list."""

MOST_QUOTES = 5
"""Findings per pass; the pass's summary has the full number."""

LABELS: Mapping[str, str] = {
    "coverage": "Полнота",
    "accuracy": "Достоверность",
    "coherence": "Связность",
    "informativeness": "Информативность",
    "localisation": "Язык",
    "facts": "Факты",
}
"""The Russian name of each pass, in their order."""

_QUOTE_CHARACTERS = 160
_CLOSING_MARKS = (".", "!", "?", "…", "»", ")", ">", ":")


def review(posts: Sequence[str], summary_markdown: str) -> tuple[ReviewPass, ...]:
    """Review a digest.

    Args:
        posts: The day's posts, in order of time.
        summary_markdown: The digest.

    Returns:
        One pass per name in `LABELS`, in Russian; the same for the same texts.
    """
    subject = ReviewSubject(without_noise(posts), summary_markdown)
    return tuple(look(subject) for look in _PASSES)


def synthesis(passes: Iterable[ReviewPass]) -> str:
    """Return what the passes come to as Russian Markdown.

    The results of coverage and facts, how many findings each pass has, and the first finding: whoever
    wants all of them reads the passes.
    """
    found = {review_pass.pass_name: review_pass for review_pass in passes}
    results = [_result(found[name].summary) for name in ("coverage", "facts") if name in found]
    lines = [*results, *_remarks(tuple(found.values()))]
    return f"{REVIEW_HEADING}\n\n" + "\n".join(f"- {line}" for line in lines)


def _result(summary: str) -> str:
    return next(iter(sentences(summary)))


def _remarks(passes: Sequence[ReviewPass]) -> Iterator[str]:
    clean = [LABELS[each.pass_name].lower() for each in passes if not each.findings]
    marked = [each for each in passes if each.findings]
    if marked:
        names_of_marked = ", ".join(LABELS[each.pass_name].lower() for each in marked)
        first = marked[0].findings[0]
        yield f"Есть замечания: {names_of_marked}. {first.title}: {first.description}"
    if clean:
        yield f"Замечаний нет: {', '.join(clean)}."


def _coverage(subject: ReviewSubject) -> ReviewPass:
    total, missing = len(subject.told_posts), subject.left_out
    return _pass(
        "coverage",
        f"сообщений за день {total}, отражено в дайджесте {total - len(missing)}, пропущено {len(missing)}",
        recommendations=[f"Добавить в дайджест: {_quoted(_lead(post))}" for post in missing[:1]],
        findings=_findings("Пропущено сообщение", (_quoted(_lead(post)) for post in missing)),
    )


def _accuracy(subject: ReviewSubject) -> ReviewPass:
    unsupported = subject.unsupported
    invented = list(_not_in(subject.summary, "\n".join(subject.posts)))
    return _pass(
        "accuracy",
        f"утверждений в дайджесте {len(subject.statements)}, без опоры в сообщениях {len(unsupported)}, "
        f"чисел и ссылок, которых в сообщениях нет, {len(invented)}",
        recommendations=["Убрать или подтвердить то, чего нет в сообщениях."]
        if unsupported or invented
        else [],
        findings=_findings("Нет опоры в сообщениях", map(_quoted, unsupported))
        + _findings("Нет в сообщениях", invented),
    )


def _coherence(subject: ReviewSubject) -> ReviewPass:
    repeated = list(_repetitions(subject.statements))
    hanging = [statement for statement in subject.statements if _leans_back(statement)]
    rough = [statement for statement in subject.statements if _is_rough(statement)]
    return _pass(
        "coherence",
        f"повторов в дайджесте {len(repeated)}, предложений, непонятных без соседних, {len(hanging)}, "
        f"оборванных или слишком длинных {len(rough)}",
        recommendations=["Переписать отмеченные предложения."] if repeated or hanging or rough else [],
        findings=_findings("Повтор", map(_quoted, repeated))
        + _findings("Непонятно без соседнего предложения", map(_quoted, hanging))
        + _findings("Оборвано или слишком длинно", map(_quoted, rough)),
    )


def _informativeness(subject: ReviewSubject) -> ReviewPass:
    source = frozenset(content_stems("\n".join(subject.told_posts)))
    empty = [statement for statement in subject.statements if _says_little(statement, source)]
    return _pass(
        "informativeness",
        f"слов в сообщениях {_length(subject.told_posts)}, в дайджесте {_length(subject.statements)}, "
        f"общих фраз {len(empty)}",
        recommendations=["Заменить общие фразы новостями дня."] if empty else [],
        findings=_findings("Общая фраза", map(_quoted, empty)),
    )


def _localisation(subject: ReviewSubject) -> ReviewPass:
    foreign = [one for one in subject.statements if cyrillic_share(one) < MINIMUM_RUSSIAN_SHARE]
    heading = ["дайджест не начинается с русского заголовка"] if heading_problem(subject.summary) else []
    remains = ["в дайджесте остались слова шаблона"] if boilerplate_problem(subject.summary) else []
    return _pass(
        "localisation",
        f"предложений на русском {len(subject.statements) - len(foreign)} из {len(subject.statements)}, "
        f"доля кириллицы {cyrillic_share(subject.summary):.0%}",
        recommendations=["Перевести отмеченное на русский."] if foreign or heading or remains else [],
        findings=_findings("Не по-русски", map(_quoted, foreign))
        + _findings("Оформление", [*heading, *remains]),
    )


def _facts(subject: ReviewSubject) -> ReviewPass:
    source = "\n".join(subject.told_posts)
    stated = [*dict.fromkeys(numbers(source)), *names(source)]
    kept = {*numbers(subject.summary), *names(subject.summary)}
    told = sum(fact in kept for fact in stated)
    dropped = [sentence for sentence in _sentences_of(subject.left_out) if numbers(sentence)]
    return _pass(
        "facts",
        f"чисел и имён в сообщениях {len(stated)}, сохранено в дайджесте {told}, "
        f"опущено предложений с числами {len(dropped)}",
        recommendations=["Сохранить числа из отмеченных предложений."] if dropped else [],
        findings=_findings("Опущены числа", map(_quoted, dropped)),
    )


_PASSES: tuple[Callable[[ReviewSubject], ReviewPass], ...] = (
    _coverage,
    _accuracy,
    _coherence,
    _informativeness,
    _localisation,
    _facts,
)


def _pass(name: str, result: str, recommendations: list[str], findings: list[Finding]) -> ReviewPass:
    remarks = "Есть замечания." if findings else "Замечаний нет."
    summary = f"{LABELS[name]}: {result}. {remarks}"
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


def _says_little(statement: str, source: frozenset[str]) -> bool:
    """Tell a sentence without a number, a name or a word of the posts."""
    return not numbers(statement) and not names(statement) and source.isdisjoint(content_stems(statement))


def _length(texts: Iterable[str]) -> int:
    return sum(len(words(text)) for text in texts)


def _sentences_of(posts: Iterable[str]) -> Iterator[str]:
    for post in posts:
        yield from sentences(post)


def _lead(post: str) -> str:
    return next(iter(sentences(post)), post)


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return f"«{plain}»" if len(plain) <= _QUOTE_CHARACTERS else f"«{plain[:_QUOTE_CHARACTERS].rstrip()}…»"
