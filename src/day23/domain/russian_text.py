"""Russian Telegram text: sentences, words, stems, numbers, links, names."""

import re
import threading
import unicodedata
from collections.abc import Iterator

import Stemmer
from razdel import sentenize

from day23.domain.russian_stop_words import STOP_WORDS

_INVISIBLE_CHARACTERS = r"\u200b\u200e\u200f\u2060\ufeff\u00ad\u0300\u0301\ud800-\udfff"
_ODD_SPACES = r"\t\r\v\f\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = re.compile(f"[{_INVISIBLE_CHARACTERS}]")
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(f"[ {_ODD_SPACES}]+")
_UNCLEAN = re.compile(f"[{_INVISIBLE_CHARACTERS}{_ODD_SPACES}]")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_EMOJI = (
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u200d\ufe0e\ufe0f\u20e3]"
)
_ANY_EMOJI = re.compile(_EMOJI)
_EMOJI_RUN = re.compile(rf"(?:\s*{_EMOJI})+\s*")
_EMOJI_BREAK = re.compile(rf"(?:\s*{_EMOJI})+\s*(?=[A-ZА-ЯЁ«\"])")
_LIST_MARKER = re.compile(r"^\s*(?:[-–—*+>]\s+|[•·]\s*|\d{1,2}[.)]\s+|#{1,6}\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|~~|\|\||`+")
_LINK = re.compile(r"(?:[Hh][Tt][Tt][Pp][Ss]?://|www\.|\bt\.me/)[^\s<>«»\"|)\]]+")
_HASHTAG = re.compile(r"(?<!\w)#\w+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,2}:\d{2}(?!\d)"  # times of day
    r"|(?<![\w.,])\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?"  # grouped thousands
    r"|(?<![^\W_])\d+(?:[.,]\d+)*"
)
_thread = threading.local()


def clean(text: str) -> str:
    """Return composed text with plain spaces and `\\n` line ends, without invisible characters.

    Stress marks and lone surrogates, which no encoder takes, count as invisible.
    """
    if not _UNCLEAN.search(text) and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text
    composed = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", _LINE_ENDS.sub("\n", composed))


def sentences(text: str) -> tuple[str, ...]:
    """Split a post, or several, into sentences.

    A line ends a sentence; list markers and emoji go; an emoji before a capital letter parts
    sentences too. What holds no word beside links and hashtags is no sentence.

    Example:
        >>> sentences("Доллар упал 💸 Евро тоже.\\n— Подробности позже")
        ('Доллар упал', 'Евро тоже.', 'Подробности позже')
    """
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[str]:
    for line in clean(text).split("\n"):
        for part in _parts(_bare_line(line)):
            yield from (found.text.strip() for found in sentenize(part) if _has_word(found.text))


def _parts(line: str) -> list[str]:
    if not _ANY_EMOJI.search(line):
        return [line]
    return [_EMOJI_RUN.sub(" ", part) for part in _EMOJI_BREAK.split(line)]


def _bare_line(line: str) -> str:
    """Return the line without leading emoji and list markers, in any order, and without emphasis marks."""
    bare = _EMPHASIS.sub("", _KEYCAP.sub("", line))
    while (shorter := _LIST_MARKER.sub("", _leading_emoji_dropped(bare))) != bare:
        bare = shorter
    return bare


def _leading_emoji_dropped(line: str) -> str:
    leading = _EMOJI_RUN.match(line)
    return line[leading.end() :] if leading else line


def _has_word(text: str) -> bool:
    return _WORD.search(_HASHTAG.sub("", without_links(text))) is not None


def words(text: str) -> tuple[str, ...]:
    """Return the words in lower case, `ё` written `е`; links, numbers and punctuation left out.

    A regular expression, for `razdel.tokenize` is twenty times slower and its finer tokens
    (abbreviations, fractions) make no difference to stems.
    """
    return tuple(_WORD.findall(without_links(clean(text)).lower().replace("ё", "е")))


def opening_word(text: str) -> str:
    """Return the first word as `words` would; empty when there is none."""
    found = _WORD.search(text)
    return found.group().lower().replace("ё", "е") if found else ""


def stems(text: str) -> tuple[str, ...]:
    """Return the Snowball stem of each word, in order."""
    return tuple(_stemmer().stemWords(words(text)))


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry a topic: no function words, no single letters."""
    return tuple(_stemmer().stemWords([word for word in words(text) if _carries_topic(word)]))


def _carries_topic(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS


def _stemmer() -> Stemmer.Stemmer:
    """Return this thread's stemmer: one may not be shared between threads, and it caches words."""
    if not hasattr(_thread, "stemmer"):
        _thread.stemmer = Stemmer.Stemmer("russian", 50_000)
    stemmer: Stemmer.Stemmer = _thread.stemmer
    return stemmer


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers outside links, written alike: `1 250,5` becomes `1250.5`.

    Example:
        >>> numbers("В 15:00 продали 1 250 000 штук по 1,3 рубля")
        ('15:00', '1250000', '1.3')
    """
    found = _NUMBER.findall(without_links(_KEYCAP.sub("", clean(text))))
    return tuple(number.replace(" ", "").replace(",", ".") for number in found)


def links(text: str) -> tuple[str, ...]:
    """Return the web addresses, first seen first, each once, without closing punctuation."""
    if not _may_hold_links(text):
        return ()
    return tuple(dict.fromkeys(link.rstrip(".,;:!?…'*_") for link in _LINK.findall(clean(text))))


def without_links(text: str) -> str:
    """Return the text with its web addresses taken out."""
    return _LINK.sub(" ", text) if _may_hold_links(text) else text


def _may_hold_links(text: str) -> bool:
    """Rule most texts out cheaply: the full pattern is tried at every character."""
    return "/" in text or "www." in text


def without_hashtags(text: str) -> str:
    """Return the text with its hashtags taken out."""
    return _HASHTAG.sub(" ", text)


def names(text: str) -> tuple[str, ...]:
    """Return the stems of proper names and abbreviations, each once.

    A name is a capitalised word inside a sentence, or a word with two capitals in a row or Latin
    letters with a capital anywhere. The first Russian word of a sentence tells nothing.
    """
    found = (word for sentence in sentences(text) for word in _names_of_sentence(sentence))
    return tuple(dict.fromkeys(stems(" ".join(found))))


def _names_of_sentence(sentence: str) -> Iterator[str]:
    for position, word in enumerate(_WORD.findall(without_links(sentence))):
        if not word[0].isupper() or len(word) < 2:
            continue
        if position > 0 or word[1].isupper() or word.isascii():
            yield word


def cyrillic_share(text: str) -> float:
    """Return the share of Cyrillic letters among the letters outside links; 0 without letters."""
    letters = "".join(_WORD.findall(without_links(clean(text))))
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in letters)
    return cyrillic / len(letters) if letters else 0.0
