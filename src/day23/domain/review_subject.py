"""The texts under review, and what every pass needs to know about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from day23.domain.lexrank import SAME_CONTENT, similarity
from day23.domain.russian_text import content_stems, sentences
from day23.domain.telegram_noise import without_headings

SUPPORTED_FROM = 0.6
"""Share of a sentence's stems that one post must hold to be its source; the rest may be rewording."""


@dataclass(frozen=True)
class ReviewSubject:
    """A digest beside its posts. A sentence of the digest belongs to the post that holds most of its stems.

    Attributes:
        posts: In order of time, without advertising and footers.
        summary: The digest, Markdown.
    """

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
    def unsupported(self) -> list[str]:
        """Statements that no post supports."""
        pairs = zip(self.statements, self.sources, strict=True)
        return [statement for statement, source in pairs if source is None]

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
